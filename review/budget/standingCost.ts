import { labels } from "secure-environment/core";
import { type Cluster } from "../cluster/cluster";
import { environmentQuotas, quotaUses } from "../cluster/quotas";
import { type Progress } from "../console";
import { type Target } from "../environment/target";
import { type CostPerDay, costPerDay } from "./cost";

/**
 * What an environment that stands costs, by one list of its quota; `undefined` without prices, and where the
 * quota is not seen, which is said.
 */
export async function standingCost(
  cluster: Cluster,
  { settings: { prices }, labelledProject, stack }: Target,
  progress: Progress,
): Promise<CostPerDay | undefined> {
  if (prices === undefined) {
    return undefined;
  }
  const selector = `${labels.project}=${labelledProject},${labels.stack}=${stack}`;
  // Whatever comes of this look, the environment is up.
  const quotas = await environmentQuotas(cluster, selector).catch(() => undefined);
  if (quotas === undefined || quotas.length === 0) {
    progress.say("warning: The environment's quota is not seen, so what it costs is not known.");
    return undefined;
  }
  // The status of a quota that was just made may not have come yet.
  const uses = quotas.map(({ spec, status }) => quotaUses(spec?.hard, status?.used));
  return costPerDay(uses, prices);
}
