import { type Cluster } from "./cluster";

/** Pods of a control plane that the cluster runs itself, as kubeadm labels them. */
const controlPlane =
  "/api/v1/namespaces/kube-system/pods?labelSelector=" +
  encodeURIComponent("component in (etcd,kube-apiserver)");

const mebibyte = 2 ** 20;
const gibibyte = 2 ** 30;

/** What etcd takes unless it is told otherwise. */
const defaultQuota = 2 * gibibyte;

/** What an API server waits between two compactions unless it is told otherwise, in seconds. */
const defaultInterval = 300;

/**
 * What one project writes into etcd each second by changing what it may have, as fast as its share of
 * the API server lets it: 16 MiB with objects of 1 MB on two cores, rounded up.
 */
const writtenEachSecond = 20 * mebibyte;

interface ControlPlanePod {
  readonly metadata: { readonly labels: { readonly component: string } };
  readonly spec: { readonly containers: readonly { readonly command?: readonly string[] }[] };
}

/**
 * Says when environments can fill etcd before the API server takes out what was overwritten: what was
 * written since the compaction before the last one is kept. A control plane that runs elsewhere does
 * not show how it is set up, and neither do pods that the user of the run may not read.
 * See https://etcd.io/docs/v3.6/op-guide/maintenance/
 */
export async function storageWarnings(cluster: Cluster): Promise<string[]> {
  const list = await cluster.find<{ items: readonly ControlPlanePod[] }>(controlPlane);
  const pods = list?.items ?? [];
  const quotas = settingsOf(pods, "etcd", "quota-backend-bytes").map(quotaOf);
  const intervals = settingsOf(pods, "kube-apiserver", "etcd-compaction-interval").map(secondsOf);
  if (quotas.length === 0 || intervals.length === 0) {
    return [];
  }
  const quota = Math.min(...quotas);
  const kept = 2 * Math.min(...intervals);
  return kept * writtenEachSecond <= quota
    ? []
    : [
        `etcd takes ${quota / gibibyte}Gi (--quota-backend-bytes), and the API server keeps what was overwritten ` +
          `${kept === Infinity ? "for ever" : `for up to ${kept} seconds`} (--etcd-compaction-interval): a loop of changes in an environment writes up ` +
          `to ${writtenEachSecond / mebibyte}Mi a second, and once etcd is full nobody in the cluster can write. ` +
          "Have etcd take 8Gi, and the API server compact every minute.",
      ];
}

/** What each pod of a component says of a flag; `undefined` where it leaves it out. */
function settingsOf(
  pods: readonly ControlPlanePod[],
  component: string,
  flag: string,
): (string | undefined)[] {
  const start = `--${flag}=`;
  return pods
    .filter(({ metadata }) => metadata.labels.component === component)
    .map(({ spec }) =>
      spec.containers
        .flatMap(({ command = [] }) => command)
        .find((argument) => argument.startsWith(start))
        ?.slice(start.length),
    );
}

/** 0 stands for the default, and a negative one for none. */
function quotaOf(text: string | undefined): number {
  const bytes = Number(text ?? 0);
  return bytes === 0 ? defaultQuota : bytes < 0 ? Infinity : bytes;
}

const secondsOfUnit: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1, ms: 0.001 };

/** Go writes durations such as `5m0s`; 0 stands for no compaction at all. */
function secondsOf(text: string | undefined): number {
  if (text === undefined) {
    return defaultInterval;
  }
  const parts = [...text.matchAll(/([\d.]+)(h|ms|m|s)/g)];
  const seconds = parts.reduce(
    (sum, [, amount, unit = ""]) => sum + Number(amount) * (secondsOfUnit[unit] ?? 0),
    0,
  );
  return seconds === 0 ? Infinity : seconds;
}
