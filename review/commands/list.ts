import { instantOf } from "secure-environment/core";
import { type CostPerDay, costPerDay, describeCost } from "../budget/cost";
import { type Cluster, connectTo } from "../cluster/cluster";
import { printable, type Progress } from "../console";
import { requireCluster } from "../environment/standing";
import { configuredProject } from "../environment/target";
import { environmentQuotas } from "../cluster/quotas";
import { environmentRows, type EnvironmentRow } from "../listing/environmentRows";
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
  /** What all that are listed cost together; only where the settings have prices. */
  readonly costPerDay?: CostPerDay;
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
  const unseen = seen.quotas === undefined ? (["quotas"] as const) : [];
  return { server, unseen, ...withCosts(environments, settings) };
}

/** What is not seen has no cost that could be told, and neither have all together. */
function withCosts(
  environments: readonly EnvironmentRow[],
  { prices }: ReviewSettings,
): Pick<ListResult, "environments" | "costPerDay"> {
  const quotas = environments.flatMap(({ quota }) => (quota === undefined ? [] : [quota]));
  if (prices === undefined || quotas.length === 0) {
    return { environments };
  }
  const priced = environments.map((row) =>
    row.quota === undefined ? row : { ...row, costPerDay: costPerDay([row.quota], prices) },
  );
  return { environments: priced, costPerDay: costPerDay(quotas, prices) };
}

async function seenIn(cluster: Cluster) {
  const [namespaces, quotas] = await Promise.all([
    environmentNamespaces(cluster),
    environmentQuotas(cluster, ofEnvironments.labelSelector),
  ]);
  return { namespaces, quotas };
}

function describe(
  { environments, costPerDay: cost }: ListResult,
  now: string,
  { all }: ListOptions,
): string {
  if (environments.length === 0) {
    const more = all ? "" : " `--all` lists those of other projects.";
    return `There is no environment. \`review up\` makes one.${more}`;
  }
  const { isTTY, columns } = process.stdout;
  const paper = isTTY
    ? { width: columns, hasColours: process.env.NO_COLOR === undefined }
    : { hasColours: false };
  const faults = environments.flatMap(({ fault }) => fault ?? []);
  const below = [
    ...(cost === undefined ? [] : ["", `All together: ${describeCost(cost)}.`]),
    ...(faults.length > 0 ? ["", ...faults.map(printable)] : []),
  ];
  return [tableOf(environments, now, paper), ...below].join("\n");
}
