import { instantOf, labels, objectNames } from "secure-environment/core";
import { type KubernetesApi } from "secure-environment-kubernetes";
import { type FoundNamespace } from "secure-environment-cluster/namespaceVerdict";
import { type Cluster, connectTo, telling } from "../cluster/cluster";
import { printable, Progress } from "../console";
import { requireCluster } from "../environment/standing";
import { configuredProject } from "../environment/target";
import { exitCodes, ReviewError } from "../exitCodes";
import { listAll } from "../cluster/lists";
import { environmentRows, type EnvironmentRow, type FoundQuota } from "../listing/environmentRows";
import { listStacks } from "../listing/listedStacks";
import { tableOf } from "../listing/table";
import { readSettings } from "../settings/reviewSettings";

/** What is listed, and how. */
export interface ListOptions {
  /** The folder of the settings. */
  readonly settings: string;
  /** Whether environments of all projects are listed. */
  readonly all?: boolean;
  readonly json?: boolean;
}

/** The list, for programs that read it. */
interface ListResult {
  /** The address of the cluster. */
  readonly server: string;
  /** What these credentials may not list, so that nothing is known of it. */
  readonly unseen: readonly "quotas"[];
  readonly environments: readonly EnvironmentRow[];
}

/**
 * Lists environments: the namespaces of the cluster and the stacks of the backend, joined by the names
 * in their labels. It only reads: one list of namespaces, one of quotas, one of stacks.
 *
 * @throws ReviewError when namespaces or stacks cannot be listed.
 */
export async function list(options: ListOptions): Promise<void> {
  const settings = readSettings(options.settings);
  const cluster = connectTo(settings);
  const progress = new Progress(process.stderr);
  progress.step(`Listing the environments in the cluster ${cluster.server} and their stacks`);
  try {
    await requireCluster(cluster, { settings });
    const now = instantOf(new Date());
    const [seen, stacks] = await Promise.all([
      seenIn(cluster),
      listStacks(options.all ? undefined : settings.project),
    ]);
    progress.end();
    const environments = environmentRows(
      { ...seen, stacks, now },
      {
        organization: settings.organization,
        pulumiProject: settings.project,
        labelledProject: configuredProject(settings) ?? settings.project,
        all: options.all === true,
      },
    );
    const unseen = seen.quotas === undefined ? (["quotas"] as const) : [];
    const result: ListResult = { server: cluster.server, unseen, environments };
    tell(result, now, options);
  } finally {
    progress.end();
  }
}

async function seenIn(cluster: Cluster) {
  const api = await telling("The cluster", () => cluster.api());
  const ofEnvironments = { labelSelector: `${labels.kind} in (review,permanent)` };
  const [namespaces, quotas] = await Promise.all([
    listed<FoundNamespace>(api, "namespaces", ofEnvironments),
    listed<FoundQuota>(api, "resourcequotas", {
      ...ofEnvironments,
      fieldSelector: `metadata.name=${objectNames.quota}`,
    }),
  ]);
  if (namespaces === undefined) {
    const message =
      "These credentials may not list namespaces, so nothing can be listed. " +
      "Use those of the project's pipeline, of the platform's verifier, or of an administrator.";
    throw new ReviewError(message, exitCodes.credentials);
  }
  return { namespaces, quotas };
}

function listed<Item>(
  api: KubernetesApi,
  resource: string,
  query: Readonly<Record<string, string>>,
): Promise<readonly Item[] | undefined> {
  return telling(`The list of ${resource}`, () => listAll<Item>(api, `/api/v1/${resource}`, query));
}

function tell(result: ListResult, now: string, { json, all }: ListOptions): void {
  if (result.unseen.length > 0) {
    console.error(
      "warning: These credentials may not list quotas of the whole cluster, so what is used is not shown. " +
        "The project's pipeline and administrators see it.",
    );
  }
  if (json) {
    console.log(JSON.stringify(result));
    return;
  }
  const { environments } = result;
  if (environments.length === 0) {
    const more = all ? "" : " `--all` lists those of other projects.";
    console.log(`There is no environment. \`review up\` makes one.${more}`);
    return;
  }
  const { isTTY, columns } = process.stdout;
  const paper = isTTY
    ? { width: columns, hasColours: process.env.NO_COLOR === undefined }
    : { hasColours: false };
  console.log(tableOf(environments, now, paper));
  const faults = environments.flatMap(({ fault }) => fault ?? []);
  if (faults.length > 0) {
    console.log(["", ...faults.map(printable)].join("\n"));
  }
}
