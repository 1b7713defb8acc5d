import { objectNames } from "secure-environment/core";
import { type KubernetesApi } from "secure-environment-kubernetes";
import { asDeployer } from "../access/asDeployer";
import { send } from "../access/requests";
import { type Cluster, connectTo } from "../cluster/cluster";
import { type Progress } from "../console";
import { standingNamespaces } from "../environment/standing";
import { type Target } from "../environment/target";
import { exitCodes, ReviewError } from "../exitCodes";
import { type FoundQuota } from "../cluster/quotas";
import { wakeUp } from "./environmentSleep";
import { countedWorkloads } from "./look";
import { type WorkloadOutcome } from "./outcomes";

/** What an environment that is up said of its sleep. */
interface WokenOnceUp {
  /** Each workload that was woken, as `Kind/name`. */
  readonly woken: readonly string[];
  readonly warnings: readonly string[];
}

/** Where workloads may sleep. */
interface PossibleSleep {
  readonly cluster: Cluster;
  readonly namespaces: readonly string[];
}

/**
 * Looks where workloads may sleep in an environment that stands, while it is brought up to date. What fails is
 * told by whoever waits for it.
 */
export function lookForSleep(target: Target): Promise<PossibleSleep> {
  const look = sleepIn(target);
  look.catch(() => undefined);
  return look;
}

async function sleepIn(target: Target): Promise<PossibleSleep> {
  const cluster = connectTo(target.settings);
  const namespaces: string[] = [];
  for (const name of await namesOfStaying(cluster, target)) {
    namespaces.push(...((await mayHaveWorkloads(cluster, name)) ? [name] : []));
  }
  return { cluster, namespaces };
}

/**
 * Wakes what sleeps in an environment that was brought up. That is up whatever comes of this, so what goes
 * wrong is a warning.
 *
 * @throws ReviewError with 8 after a signal.
 */
export async function wakeOnceUp(
  look: Promise<PossibleSleep>,
  progress: Progress,
): Promise<WokenOnceUp> {
  try {
    const { cluster, namespaces } = await look;
    const tell = (what: string) => progress.detail(`Waking ${what}`);
    const outcomes: WorkloadOutcome[] = [];
    for (const namespace of namespaces) {
      const wake = (api: KubernetesApi) => wakeUp(api, namespace, tell);
      outcomes.push(...(await asDeployer(cluster, namespace, wake)));
    }
    return toldOf(outcomes);
  } catch (error) {
    if (error instanceof ReviewError && error.exitCode !== exitCodes.cancelled) {
      const warning = `Whether workloads of the environment sleep is not known, and none was woken: ${error.message} \`review wake\` wakes them.`;
      return { woken: [], warnings: [warning] };
    }
    throw error;
  }
}

async function namesOfStaying(cluster: Cluster, target: Target): Promise<string[]> {
  const namespaces = await standingNamespaces(cluster, target);
  return namespaces.flatMap(({ metadata }) =>
    metadata?.name === undefined || metadata.deletionTimestamp !== undefined ? [] : [metadata.name],
  );
}

/** One request tells of an environment into which nothing was deployed; only others need a token. */
async function mayHaveWorkloads(cluster: Cluster, namespace: string): Promise<boolean> {
  const path = `/api/v1/namespaces/${namespace}/resourcequotas/${objectNames.quota}`;
  const { status, body } = await send<FoundQuota>(cluster, "GET", path);
  const used = status === 200 ? (body.status?.used ?? {}) : {};
  return countedWorkloads.some((key) => used[key] !== "0");
}

function toldOf(outcomes: readonly WorkloadOutcome[]): WokenOnceUp {
  return {
    woken: outcomes.flatMap(({ kind, name, outcome }) =>
      outcome === "woken" ? [`${kind}/${name}`] : [],
    ),
    warnings: outcomes.flatMap(({ kind, name, outcome, reason }) =>
      outcome === "failed" ? [`${kind} ${name} could not be woken: ${reason}.`] : [],
    ),
  };
}
