import { existsSync } from "node:fs";
import { delimiter } from "node:path";
import type { KubernetesObjectApi } from "@kubernetes/client-node";
import { type ClusterChoice, clusterProblems } from "secure-environment/cluster";
import { kubeConfigOf } from "secure-environment-cluster/access";
import { firstLine } from "secure-environment-cluster/requests";
import { type Checkpoint, type ObjectState, providerSettings } from "./checkpoint";
import { exitCodes, ReviewError } from "./exitCodes";

type Labels = Readonly<Record<string, string>>;

/** Reads objects of the cluster that a stack works on. */
export interface Cluster {
  /** Its address. */
  readonly server: string;
  /** The labels of an object; `undefined` when there is no such object. */
  labelsOf(object: ObjectState): Promise<Labels | undefined>;
}

/**
 * Connects to the cluster that the stack's own provider uses.
 *
 * @param decrypted reads the stack with its secrets in plain, for a kubeconfig that is kept there.
 * @throws ReviewError when nobody chose the cluster: the current context of `~/.kube/config` is
 * nobody's choice.
 */
export async function clusterOf(
  checkpoint: Checkpoint,
  decrypted: () => Checkpoint,
): Promise<Cluster> {
  const { context, cluster, kubeconfig } = providerSettings(checkpoint);
  if (kubeconfig === undefined) {
    refuseWithoutChoice();
  }
  return connect({
    context: textOf(context),
    cluster: textOf(cluster),
    kubeconfig:
      kubeconfig === undefined ? undefined : textOf(providerSettings(decrypted()).kubeconfig),
    kubeconfigVariable: process.env.KUBECONFIG,
  });
}

/** A provider's settings may be structured, or secret. */
function textOf(setting: unknown): string | undefined {
  return typeof setting === "string" ? setting : JSON.stringify(setting);
}

async function connect(choice: ClusterChoice): Promise<Cluster> {
  try {
    // It takes half a second to load, and only a recovery needs it.
    const { KubernetesObjectApi } = await import("@kubernetes/client-node");
    const config = await kubeConfigOf(choice);
    const objects = KubernetesObjectApi.makeApiClient(config);
    const server = config.getCurrentCluster()?.server ?? "unknown";
    return { server, labelsOf: (object) => labelsOf(objects, object) };
  } catch (error) {
    const message = `The kubeconfig cannot be used: ${firstLine(error)}`;
    throw new ReviewError(message, exitCodes.usage);
  }
}

function refuseWithoutChoice(): void {
  const kubeconfigVariable = process.env.KUBECONFIG;
  if (!kubeconfigVariable) {
    throw new ReviewError(
      "The cluster was not chosen, and the current context of ~/.kube/config is never used. " +
        "Set the environment variable KUBECONFIG.",
      exitCodes.usage,
    );
  }
  const kubeconfigExists = kubeconfigVariable.split(delimiter).some((path) => existsSync(path));
  const [problem] = clusterProblems({ kubeconfigVariable, kubeconfigExists });
  if (problem !== undefined) {
    const message = `The kubeconfig cannot be used: KUBECONFIG ${problem.fault}. ${problem.remedy}`;
    throw new ReviewError(message, exitCodes.usage);
  }
}

async function labelsOf(
  objects: KubernetesObjectApi,
  { apiVersion, kind, metadata }: ObjectState,
): Promise<Labels | undefined> {
  const header = { name: metadata?.name ?? "", namespace: metadata?.namespace };
  try {
    const found = await objects.read({ apiVersion, kind, metadata: header });
    return found.metadata?.labels ?? {};
  } catch (error) {
    if ((error as { code?: unknown }).code === 404) {
      return undefined;
    }
    throw unreadable(`${kind} ${header.name}`, error);
  }
}

function unreadable(object: string, error: unknown): ReviewError {
  return new ReviewError(`${object} could not be read: ${firstLine(error)}`, exitCodes.failed);
}
