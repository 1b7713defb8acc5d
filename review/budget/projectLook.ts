import { annotations, type Amounts, isInstant, labels } from "secure-environment/core";
import { type FoundNamespace } from "secure-environment-cluster/namespaceVerdict";
import { type Cluster } from "../cluster/cluster";
import { environmentQuotas, type FoundQuota } from "../cluster/quotas";
import { fullStackName, type Target } from "../environment/target";
import { exitCodes, ReviewError } from "../exitCodes";
import { isForRehearsals } from "../listing/rehearsals";
import { guardOf } from "../reap/reapable";
import { type ReviewSettings } from "../settings/reviewSettings";
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
  const environments = namespaces
    .filter((one) => !isForRehearsals(one))
    .map((one) => budgetedEnvironment(one, settings, hard.get(one.metadata?.name)))
    .filter((one) => !settings.permanent.includes(fullStackName({ settings, stack: one.stack })));
  const isOwn = (one: BudgetedEnvironment) => one.stack === stack && !one.isBeingDeleted;
  return {
    own: environments.find(isOwn)?.quota,
    others: environments.filter((one) => !isOwn(one)),
  };
}

function budgetedEnvironment(
  namespace: FoundNamespace,
  settings: ReviewSettings,
  quota: Amounts = {},
): BudgetedEnvironment {
  const { metadata = {} } = namespace;
  const { name = "", labels: named = {}, annotations: said = {} } = metadata;
  const expiresAt = said[annotations.expiresAt];
  const stack = named[labels.stack] ?? "";
  const listed = { fullName: fullStackName({ settings, stack }), name: stack, isBusy: false };
  return {
    namespace: name,
    stack,
    branch: said[annotations.branch],
    createdAt: metadata.creationTimestamp,
    expiresAt: expiresAt !== undefined && isInstant(expiresAt) ? expiresAt : undefined,
    isBeingDeleted: metadata.deletionTimestamp !== undefined,
    isKept: guardOf(namespace, listed, settings) !== undefined,
    quota,
  };
}
