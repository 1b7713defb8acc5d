import { disruptionBudgets, noDisruption } from "../../../core/rules";
import { type AdmissionPolicy } from "../validatingAdmissionPolicy";
import { literal } from "../cel";
import { changesAny } from "../changes";
import { notSentByAdministrator } from "../senders";
import { type PlatformSettings } from "../../platformSettings";

const { apiGroup, resource } = disruptionBudgets;

/** The same as `allowsDisruption` says. */
const allowsDisruption =
  "has(object.spec.maxUnavailable) && !has(object.spec.minAvailable) && " +
  `!string(object.spec.maxUnavailable).matches(${literal(noDisruption)})`;

/** Nodes are shared: a budget that lets no pod go keeps a node from being drained. */
export function disruptionBudgetsAllowDisruptions(settings: PlatformSettings): AdmissionPolicy {
  return {
    name: "disruption-budgets-allow-disruptions",
    isForEnvironments: true,
    rules: [{ apiGroups: [apiGroup], resources: [resource], operations: ["CREATE", "UPDATE"] }],
    matchConditions: [notSentByAdministrator(settings), changesAny("spec")],
    validations: [
      {
        expression: allowsDisruption,
        message:
          "PodDisruptionBudgets of an environment say maxUnavailable, at least 1 or 1%, and no minAvailable, which blocks the drain of a node as soon as there are no more pods than it asks for.",
      },
    ],
  };
}
