import { instantOf, objectNames } from "secure-environment/core";
import { type Cluster, connectTo, telling } from "../cluster/cluster";
import { printable, type Progress } from "../console";
import { requireCluster } from "../environment/standing";
import { configuredProject } from "../environment/target";
import { listAll } from "../cluster/lists";
import { environmentRows, type EnvironmentRow, type FoundQuota } from "../listing/environmentRows";
import { environmentNamespaces, ofEnvironments } from "../listing/namespaceLook";
import { listStacks } from "../listing/listedStacks";
import { tableOf } from "../listing/table";
import { readSettings, type ReviewSettings } from "../settings/reviewSettings";
import { useBackendOf } from "../settings/stateBackend";
import { shown } from "./reported";

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
  useBackendOf(settings);
  const cluster = connectTo(settings);
  const now = instantOf(new Date());
  await shown(
    options,
    (progress) => listed(settings, cluster, now, options, progress),
    (result) => describe(result, now, options),
  );
}

async function listed(
  settings: ReviewSettings,
  cluster: Cluster,
  now: string,
  { all = false }: ListOptions,
  progress: Progress,
): Promise<ListResult> {
  const { server } = cluster;
  progress.step(`Listing the environments in the cluster ${server} and their stacks`);
  await requireCluster(cluster, { settings });
  const [seen, stacks] = await Promise.all([
    seenIn(cluster),
    listStacks(all ? undefined : settings.project),
  ]);
  const environments = environmentRows(
    { ...seen, stacks, now },
    {
      organization: settings.organization,
      pulumiProject: settings.project,
      labelledProject: configuredProject(settings) ?? settings.project,
      all,
    },
  );
  if (seen.quotas === undefined) {
    progress.say(
      "warning: These credentials may not list quotas of the whole cluster, so what is used is not shown. " +
        "The project's pipeline and administrators see it.",
    );
  }
  return { server, unseen: seen.quotas === undefined ? ["quotas"] : [], environments };
}

async function seenIn(cluster: Cluster) {
  const [namespaces, quotas] = await Promise.all([
    environmentNamespaces(cluster),
    telling("The list of resourcequotas", async () =>
      listAll<FoundQuota>(await cluster.api(), "/api/v1/resourcequotas", {
        ...ofEnvironments,
        fieldSelector: `metadata.name=${objectNames.quota}`,
      }),
    ),
  ]);
  return { namespaces, quotas };
}

function describe({ environments }: ListResult, now: string, { all }: ListOptions): string {
  if (environments.length === 0) {
    const more = all ? "" : " `--all` lists those of other projects.";
    return `There is no environment. \`review up\` makes one.${more}`;
  }
  const { isTTY, columns } = process.stdout;
  const paper = isTTY
    ? { width: columns, hasColours: process.env.NO_COLOR === undefined }
    : { hasColours: false };
  const faults = environments.flatMap(({ fault }) => fault ?? []);
  const below = faults.length > 0 ? ["", ...faults.map(printable)] : [];
  return [tableOf(environments, now, paper), ...below].join("\n");
}
