import { annotations, type Amounts, isInstant, labels } from "secure-environment/core";
import { type FoundNamespace } from "secure-environment-cluster/namespaceVerdict";
import { type Cluster } from "../cluster/cluster";
import { environmentQuotas, type FoundQuota } from "../cluster/quotas";
import { type Target } from "../environment/target";
import { exitCodes, ReviewError } from "../exitCodes";
import { isForRehearsals } from "../listing/rehearsals";
import { type BudgetedEnvironment } from "./verdict";

/** The review environments of a project, as one of them sees them. */
export interface ProjectLook {
  /** What its own quota promises: nothing where it has none yet; `undefined` where it does not stand. */
  readonly own?: Amounts;
  readonly others: readonly BudgetedEnvironment[];
}

/**
 * Looks at all review environments of the project: one list of namespaces, and one of quotas where amounts
 * are asked for.
 *
 * @throws ReviewError with 3 when these credentials may not list them: what is not seen may be too much.
 */
export async function lookAtProject(
  cluster: Cluster,
  target: Target,
  hasAmounts: boolean,
): Promise<ProjectLook> {
  const ofProject = { [labels.kind]: "review", [labels.project]: target.labelledProject };
  const selector = Object.entries(ofProject).map(([key, value]) => `${key}=${value}`);
  const [namespaces, quotas] = await Promise.all([
    cluster.namespacesWith(ofProject),
    hasAmounts ? environmentQuotas(cluster, selector.join(",")) : [],
  ]);
  if (quotas === undefined) {
    const message =
      "These credentials may not list quotas of the whole cluster, so whether the budget has room is not known. " +
      "Nothing was done. Use those of the project's pipeline, or of an administrator.";
    throw new ReviewError(message, exitCodes.credentials);
  }
  return projectLookIn(namespaces, quotas, target);
}

/** A namespace of this environment that is being deleted is another one: what it has is not free yet. */
export function projectLookIn(
  namespaces: readonly FoundNamespace[],
  quotas: readonly FoundQuota[],
  { settings, stack }: Pick<Target, "settings" | "stack">,
): ProjectLook {
  const hard = new Map(quotas.map(({ metadata, spec }) => [metadata?.namespace, spec?.hard]));
  const permanent = new Set(settings.permanent);
  const fullName = (one: BudgetedEnvironment) =>
    [settings.organization, settings.project, one.stack].join("/");
  const environments = namespaces
    .filter((one) => !isForRehearsals(one))
    .map((one) => budgetedEnvironment(one, hard.get(one.metadata?.name)))
    .filter((one) => !permanent.has(fullName(one)));
  const isOwn = (one: BudgetedEnvironment) => one.stack === stack && !one.isBeingDeleted;
  return {
    own: environments.find(isOwn)?.quota,
    others: environments.filter((one) => !isOwn(one)),
  };
}

function budgetedEnvironment(
  { metadata = {} }: FoundNamespace,
  quota: Amounts = {},
): BudgetedEnvironment {
  const { name = "", labels: named = {}, annotations: said = {} } = metadata;
  const expiresAt = said[annotations.expiresAt];
  return {
    namespace: name,
    stack: named[labels.stack] ?? "",
    branch: said[annotations.branch],
    createdAt: metadata.creationTimestamp,
    expiresAt: expiresAt !== undefined && isInstant(expiresAt) ? expiresAt : undefined,
    isBeingDeleted: metadata.deletionTimestamp !== undefined,
    quota,
  };
}
