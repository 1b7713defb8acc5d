import { type Amounts } from "../../../core/amounts";
import { kindQuota, sizeQuota } from "../../../core/sizes";
import { zeroQuotaSpecs } from "../../../environment/capacity/resourceQuota";
import { objectNames } from "../../../core/objectNames";
import { type AdmissionPolicy, type Validation } from "../validatingAdmissionPolicy";
import { isWritten, literal, whenWritten } from "../cel";
import { sentByPipeline } from "../senders";
import { type PlatformSettings } from "../../platformSettings";

/** The only quota that a pipeline may remove: it goes with the argument `priorityClass`. */
const removableQuota = "required-priority";

/** The quotas that every environment has beside its main one, by their names. */
const zeroQuotas = Object.fromEntries(
  zeroQuotaSpecs({}).map(({ objectName, spec }) => [objectName, spec]),
);
const zeroQuotaNames = [...Object.keys(zeroQuotas), removableQuota];

/**
 * An environment has its quota as long as it is there, without a scope, with every key and none
 * above the ceilings. Every other quota that a pipeline writes allows no pod.
 */
export function pipelinesKeepQuotas(settings: PlatformSettings): AdmissionPolicy {
  return {
    name: "pipelines-keep-quotas",
    rules: [{ apiGroups: [""], resources: ["resourcequotas"], operations: ["*"] }],
    matchConditions: [sentByPipeline(settings)],
    variables: [
      isWritten,
      {
        name: "isMain",
        expression: `variables.isWritten && object.metadata.name == ${literal(objectNames.quota)}`,
      },
      {
        name: "hard",
        expression: "variables.isWritten ? object.spec.?hard.orValue({}) : {}",
      },
      { name: "ceilings", expression: literal(ceilingsOf(settings)) },
    ],
    validations: [
      deletionValidation,
      nameValidation,
      scopeValidation,
      completenessValidation(settings),
      ceilingValidation,
      zeroValidation,
    ],
  };
}

/** Kinds that not every environment has are bounded in those that count them. */
function ceilingsOf({ deployerKinds, ceilings }: PlatformSettings): Amounts {
  return { ...kindQuota(deployerKinds, "large"), ...ceilings };
}

const deletionValidation: Validation = {
  expression: `variables.isWritten || oldObject.metadata.name == ${literal(removableQuota)}`,
  message: "The quota of an environment stays as long as its namespace.",
};

const nameValidation: Validation = {
  expression: whenWritten(
    `object.metadata.name in ${literal([objectNames.quota, ...zeroQuotaNames])}`,
  ),
  message: `Quotas of an environment have these names: ${[objectNames.quota, ...zeroQuotaNames].join(", ")}.`,
};

const scopeValidation: Validation = {
  expression:
    "!variables.isMain || (object.spec.?scopes.orValue([]).size() == 0 && !has(object.spec.scopeSelector))",
  message: `The quota ${objectNames.quota} has no scope: with one it would leave every other pod unbounded.`,
};

function completenessValidation({ ceilings }: PlatformSettings): Validation {
  const keys = [...new Set([...Object.keys(sizeQuota()), ...Object.keys(ceilings)])];
  return {
    expression: `!variables.isMain || ${literal(keys)}.all(key, key in variables.hard)`,
    message: `The quota ${objectNames.quota} bounds each of ${keys.join(", ")}.`,
  };
}

const ceilingValidation: Validation = {
  expression:
    "!variables.isMain || variables.hard.all(key, !(key in variables.ceilings) || quantity(variables.hard[key]).compareTo(quantity(variables.ceilings[key])) <= 0)",
  message: "The quota is above the ceiling for one environment.",
  messageExpression:
    '"The quota is above the ceiling for one environment: " + variables.hard.map(key, key).filter(key, key in variables.ceilings && quantity(variables.hard[key]).compareTo(quantity(variables.ceilings[key])) > 0).map(key, key + " is " + variables.hard[key] + ", at most " + variables.ceilings[key]).join("; ") + "."',
};

const zeroValidation: Validation = {
  expression: whenWritten(
    `variables.isMain || (object.metadata.name in ${literal(zeroQuotas)} ` +
      `? dyn(object.spec) == ${literal(zeroQuotas)}[object.metadata.name] : variables.hard == {"pods": "0"})`,
  ),
  message: `Quotas beside ${objectNames.quota} allow no pod, and are as the component SecureEnvironment makes them.`,
};
