import { existsSync } from "node:fs";
import { delimiter } from "node:path";
import type { KubeConfig, KubernetesObject, KubernetesObjectApi } from "@kubernetes/client-node";
import { type ClusterChoice, clusterProblems } from "secure-environment/core";
import { firstLine, kubeConfigOf } from "secure-environment-kubernetes";
import { type Checkpoint, type ObjectState, providerSettings } from "./checkpoint";
import { exitCodes, ReviewError } from "./exitCodes";
import { type ObjectEnd } from "./heldObjects";

type Labels = Readonly<Record<string, string>>;

/** Reads objects of the cluster that a stack works on. */
export interface Cluster {
  /** Its address. */
  readonly server: string;
  /** The labels of an object; `undefined` when there is no such object. */
  labelsOf(object: ObjectState): Promise<Labels | undefined>;
  /** What an object says of its own end; `undefined` when there is no such object. */
  endOf(object: ObjectState): Promise<ObjectEnd | undefined>;
}

/** How long the API server may take for an answer, in milliseconds. */
const patience = 10_000;

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
    limitWaiting(config);
    const objects = KubernetesObjectApi.makeApiClient(config);
    const server = config.getCurrentCluster()?.server ?? "unknown";
    return {
      server,
      labelsOf: async (object) => labelsOf(await found(objects, object)),
      endOf: async (object) => endOf(await found(objects, object)),
    };
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

/** The client has no setting for it, so it is told when each request gets its credentials. */
function limitWaiting(config: KubeConfig): void {
  const authenticate = config.applySecurityAuthentication.bind(config);
  config.applySecurityAuthentication = async (request) => {
    await authenticate(request);
    request.setSignal(AbortSignal.timeout(patience));
  };
}

async function found(
  objects: KubernetesObjectApi,
  { apiVersion, kind, metadata }: ObjectState,
): Promise<KubernetesObject | undefined> {
  const header = { name: metadata?.name ?? "", namespace: metadata?.namespace };
  try {
    return await objects.read({ apiVersion, kind, metadata: header });
  } catch (error) {
    if ((error as { code?: unknown }).code === 404) {
      return undefined;
    }
    throw unreadable(`${kind} ${header.name}`, error);
  }
}

function labelsOf(object: KubernetesObject | undefined): Labels | undefined {
  return object && (object.metadata?.labels ?? {});
}

/** The client makes dates of what the API server says in text. */
function endOf(object: KubernetesObject | undefined): ObjectEnd | undefined {
  return object && (JSON.parse(JSON.stringify(object)) as ObjectEnd);
}

function unreadable(object: string, error: unknown): ReviewError {
  return new ReviewError(`${object} could not be read: ${reasonOf(error)}`, exitCodes.failed);
}

function reasonOf(error: unknown): string {
  const { code, name } = error as { readonly code?: unknown; readonly name?: unknown };
  if (code === 403) {
    return "these credentials may not read it";
  }
  return name === "AbortError" ? `no answer within ${patience / 1000} s` : firstLine(error);
}
