import { computeResources } from "../../../core/amounts";
import { objectNames } from "../../../core/objectNames";
import { type AdmissionPolicy, type Validation } from "../validatingAdmissionPolicy";
import { isWritten, literal, whenWritten } from "../cel";
import { sentByPipeline } from "../senders";
import { type PlatformSettings } from "../../platformSettings";

/**
 * An environment has its limit range as long as it is there, with whatever the quota needs to
 * count every pod: defaults and minimums of containers, and maximums of pods below the ceilings.
 */
export function pipelinesKeepLimitRanges(settings: PlatformSettings): AdmissionPolicy {
  return {
    name: "pipelines-keep-limit-ranges",
    rules: [{ apiGroups: [""], resources: ["limitranges"], operations: ["*"] }],
    matchConditions: [sentByPipeline(settings)],
    variables: [
      isWritten,
      {
        name: "limits",
        expression: "variables.isWritten ? object.spec.?limits.orValue([]) : []",
      },
    ],
    validations: [
      {
        expression: "variables.isWritten",
        message: "The limit range of an environment stays as long as its namespace.",
      },
      {
        expression: whenWritten(`object.metadata.name == ${literal(objectNames.limits)}`),
        message: `The limit range of an environment is named ${objectNames.limits}.`,
      },
      ...containerValidations,
      ...maximumValidations(settings),
    ],
  };
}

const isAboveZero = `${literal(computeResources)}.all(key, quantity(limit.?min[?key].orValue("0")).isGreaterThan(quantity("0")))`;

const containerValidations: readonly Validation[] = [
  {
    expression: whenWritten(existsOfType("Container", bounds("default", "defaultRequest"))),
    message: `The limit range gives containers a default and a defaultRequest of each of ${computeResources.join(", ")}: what asks for nothing is not counted.`,
  },
  {
    expression: whenWritten(
      existsOfType("Container", isAboveZero),
      existsOfType("Pod", isAboveZero),
    ),
    message: `The limit range gives containers and pods a min above zero of each of ${computeResources.join(", ")}: a limit of zero is none.`,
  },
];

function maximumValidations({ ceilings }: PlatformSettings): Validation[] {
  const compute = Object.fromEntries(
    computeResources.map((resource) => [resource, ceilings[`limits.${resource}`]]),
  );
  const storage = { storage: ceilings["requests.storage"] };
  return [
    {
      expression: whenWritten(
        existsOfType("Container", isBelow(compute)),
        existsOfType("Pod", isBelow(compute)),
      ),
      message: `The limit range gives containers and pods a max of each of ${computeResources.join(", ")}, below the ceilings for one environment.`,
    },
    {
      expression: whenWritten(existsOfType("PersistentVolumeClaim", isBelow(storage))),
      message:
        "The limit range gives volume claims a max of storage, below the ceiling for one environment.",
    },
  ];
}

function existsOfType(type: string, condition: string): string {
  return `variables.limits.exists(limit, limit.type == ${literal(type)} && ${condition})`;
}

function bounds(...fields: readonly string[]): string {
  return `${literal(fields)}.all(field, field in limit && ${literal(computeResources)}.all(key, key in limit[field]))`;
}

function isBelow(maximums: Readonly<Record<string, string | undefined>>): string {
  return `${literal(Object.keys(maximums))}.all(key, limit.?max[?key].hasValue() && quantity(limit.max[key]).compareTo(quantity(${literal(maximums)}[key])) <= 0)`;
}
