import { type types } from "@pulumi/kubernetes";
import { amountProblems, type Amounts, excessProblems, type NamedAmount } from "../../core/amounts";
import { isLabelKey } from "../../core/metadata";
import { problem, problemIf, type Problem, suggestKey } from "../../core/problems";
import { one, parseQuantity } from "../../core/quantity";
import { sizeQuota } from "../../core/sizes";

/** A ResourceQuota beside the environment's main one. */
export interface NamedQuota {
  readonly objectName: string;
  readonly spec: types.input.core.v1.ResourceQuotaSpec;
}

/** The specification of the environment's ResourceQuota. It has no scope: it counts every pod. */
export function quotaSpec(quota: Amounts): types.input.core.v1.ResourceQuotaSpec {
  return { hard: { ...quota } };
}

/**
 * Quotas of zero pods for what no pod may have: a priority that preempts the cluster's own pods;
 * affinity to pods of other namespaces, with which an environment could keep staging off the
 * nodes; and, where one PriorityClass is required, any other one or none.
 * See https://kubernetes.io/docs/concepts/policy/resource-quotas/#quota-scopes
 */
export function zeroQuotaSpecs(args: { readonly priorityClass?: string }): NamedQuota[] {
  const required = args.priorityClass;
  return [
    noPods("no-system-priority", {
      scopeName: "PriorityClass",
      operator: "In",
      values: ["system-node-critical", "system-cluster-critical"],
    }),
    noPods("no-cross-namespace-affinity", {
      scopeName: "CrossNamespacePodAffinity",
      operator: "Exists",
    }),
    ...(required === undefined
      ? []
      : [
          noPods("required-priority", {
            scopeName: "PriorityClass",
            operator: "NotIn",
            values: [required],
          }),
        ]),
  ];
}

function noPods(
  objectName: string,
  scope: types.input.core.v1.ScopedResourceSelectorRequirement,
): NamedQuota {
  return {
    objectName,
    spec: { hard: { pods: "0" }, scopeSelector: { matchExpressions: [scope] } },
  };
}

/**
 * Everything wrong with what was asked of the quota.
 *
 * @param quota what results from it and the environment's size.
 */
export function quotaProblems(asked: Amounts, quota: Amounts): Problem[] {
  return [
    ...Object.entries(asked).flatMap(([key, value]) => entryProblems(key, value)),
    ...contradictionProblems(asked, quota),
  ];
}

/** What is wrong with a key of a quota and its amount by themselves. */
export function boundProblems(property: string, key: string, value: string): Problem[] {
  return isQuotaKey(key)
    ? amountProblems(property, value)
    : [problem(property, "is not something a quota can bound", suggest(key))];
}

/** An entry of a quota by the name under which the user would write it. */
export function quotaEntry(quota: Amounts, key: string): NamedAmount {
  return { property: `quota["${key}"]`, value: quota[key] };
}

const freeFormKeys = [
  /^count\/[a-z0-9-]+(\.[a-z0-9.-]+)?$/,
  /^requests\.[a-z0-9.-]+\/[A-Za-z0-9._-]+$/,
  /^requests\.hugepages-\d+[KMGT]i$/,
  /^[a-z0-9.-]+\.deviceclass\.resource\.k8s\.io\/devices$/,
  /^[a-z0-9.-]+\.storageclass\.storage\.k8s\.io\/(requests\.storage|persistentvolumeclaims)$/,
];

const measuredKey =
  /^(requests|limits)\.(cpu|memory|ephemeral-storage)$|^requests\.storage$|\/requests\.storage$/;

const knownKeys = Object.keys(sizeQuota());

/** The API server counts in thousandths, in 64 bits. */
const largestCount = (2n ** 63n / 1000n) * one;

function entryProblems(key: string, value: string): Problem[] {
  const { property } = quotaEntry({}, key);
  const problems = boundProblems(property, key, value);
  return problems.length > 0 ? problems : countProblems(property, key, value);
}

function isQuotaKey(key: string): boolean {
  const isFreeForm = freeFormKeys.some((pattern) => pattern.test(key)) && isLabelKey(key);
  return knownKeys.includes(key) || isFreeForm;
}

/** Kubernetes takes `cpu` for `requests.cpu`; here each bound has one name, so none can be missed. */
function suggest(key: string): string {
  const full = knownKeys.filter((known) => known.endsWith(`.${key}`));
  return full.length > 0 ? `Did you mean \`${full.join("` or `")}\`?` : suggestKey(key, knownKeys);
}

/** What is counted comes in whole numbers; only compute and storage are measured. */
function countProblems(property: string, key: string, value: string): Problem[] {
  const amount = parseQuantity(value);
  if (measuredKey.test(key) || amount === undefined) {
    return [];
  }
  const remedy = "Write a whole number, such as 20.";
  if (amount % one !== 0n) {
    return [problem(property, "is a count but no whole number", remedy, value)];
  }
  const fault = "is more than the API server can count";
  return problemIf(amount > largestCount, property, fault, remedy, value);
}

/** A bound above a smaller one that counts the same things promises what is never admitted. */
function contradictionProblems(asked: Amounts, quota: Amounts): Problem[] {
  return Object.keys(quota).flatMap((part) => {
    const whole = wholeOf(part);
    return whole !== undefined && isPromised(part, whole, asked)
      ? excessProblems(
          quotaEntry(quota, part),
          quotaEntry(quota, whole),
          "Lower the first or raise the second: more than the second is never admitted.",
        )
      : [];
  });
}

/** The key that counts the same things as this one, and more of them. */
function wholeOf(key: string): string | undefined {
  if (key === "pods") {
    return "count/pods";
  }
  const resource = /^requests\.(cpu|memory|ephemeral-storage)$/.exec(key)?.[1];
  return resource === undefined
    ? /\.storageclass\.storage\.k8s\.io\/(.*)$/.exec(key)?.[1]
    : `limits.${resource}`;
}

/** Lower limits than the size's leave its requests out of reach, which takes nothing from anybody. */
function isPromised(part: string, whole: string, asked: Amounts): boolean {
  return Object.hasOwn(asked, part) || (part === "pods" && Object.hasOwn(asked, whole));
}
