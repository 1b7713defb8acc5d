import { type types } from "@pulumi/kubernetes";
import { type Problem, suggestKey } from "./problems";
import { one, parseQuantity } from "./quantity";

/** Amounts by the name that Kubernetes gives the resource, such as `{ cpu: "500m" }`. */
export type Amounts = Readonly<Record<string, string>>;

/** What a container gets that asks for nothing. */
export interface ContainerDefaults {
  readonly requests: Amounts;
  readonly limits: Amounts;
}

/**
 * Hard limits of an environment unless configured otherwise. Load balancers and node ports are
 * zero: both are doors that no network policy of the namespace watches. `pods` counts only pods
 * that have not finished, so `count/pods` bounds those that are stored as well.
 * See https://kubernetes.io/docs/concepts/policy/resource-quotas/
 */
export const defaultQuota: Amounts = {
  "requests.cpu": "2",
  "requests.memory": "4Gi",
  "requests.ephemeral-storage": "8Gi",
  "limits.cpu": "4",
  "limits.memory": "8Gi",
  "limits.ephemeral-storage": "16Gi",
  "requests.storage": "20Gi",
  persistentvolumeclaims: "5",
  pods: "20",
  services: "10",
  "services.loadbalancers": "0",
  "services.nodeports": "0",
  configmaps: "50",
  secrets: "50",
  "count/pods": "40",
  "count/deployments.apps": "20",
  "count/replicasets.apps": "100",
  "count/statefulsets.apps": "10",
  "count/jobs.batch": "20",
  "count/cronjobs.batch": "10",
  "count/ingresses.networking.k8s.io": "10",
};

/** What a container gets that asks for nothing, unless configured otherwise. */
export const defaultContainerDefaults: ContainerDefaults = {
  requests: { cpu: "100m", memory: "128Mi", "ephemeral-storage": "256Mi" },
  limits: { cpu: "500m", memory: "512Mi", "ephemeral-storage": "1Gi" },
};

/** The resources that a container may use and a quota bounds. */
export const computeResources = ["cpu", "memory", "ephemeral-storage"] as const;

/** The quota that results from the defaults and what was asked for, by Kubernetes' own keys. */
export function resolveQuota(asked: Amounts = {}): Amounts {
  return { ...defaultQuota, ...asked };
}

/** The container defaults that result from the defaults and what was asked for. */
export function resolveContainerDefaults(
  asked: Partial<ContainerDefaults> = {},
): ContainerDefaults {
  return {
    requests: { ...defaultContainerDefaults.requests, ...asked.requests },
    limits: { ...defaultContainerDefaults.limits, ...asked.limits },
  };
}

/** Everything wrong with a quota and the container defaults that must fit into it. */
export function capacityProblems(quota: Amounts, defaults: ContainerDefaults): Problem[] {
  const shape = [
    ...Object.entries(quota).flatMap(([key, value]) => quotaEntryProblems(key, value)),
    ...containerAmountProblems("requests", defaults.requests),
    ...containerAmountProblems("limits", defaults.limits),
  ];
  return [
    ...shape,
    ...computeResources.flatMap((resource) => fitProblems(resource, quota, defaults)),
  ];
}

/** The specification of the environment's ResourceQuota. It has no scope: it counts every pod. */
export function quotaSpec(quota: Amounts): types.input.core.v1.ResourceQuotaSpec {
  return { hard: { ...quota } };
}

/**
 * The specification of the environment's LimitRange. It closes what a quota leaves open: without
 * defaults a container that asks for nothing is refused (CPU, memory) or not counted at all
 * (ephemeral storage), and without a maximum for pods a pod-level request hides what its
 * containers may use. See https://kubernetes.io/docs/concepts/policy/limit-range/
 */
export function limitRangeSpec(
  quota: Amounts,
  defaults: ContainerDefaults,
): types.input.core.v1.LimitRangeSpec {
  const maximum = computeMaximum(quota);
  return {
    limits: [
      {
        type: "Container",
        default: { ...defaults.limits },
        defaultRequest: { ...defaults.requests },
        max: maximum,
      },
      { type: "Pod", max: maximum },
      { type: "PersistentVolumeClaim", max: pick(quota, "requests.storage", "storage") },
    ],
  };
}

function computeMaximum(quota: Amounts): Record<string, string> {
  return Object.assign(
    {},
    ...computeResources.map((resource) => pick(quota, `limits.${resource}`, resource)),
  ) as Record<string, string>;
}

function pick(quota: Amounts, key: string, name: string): Record<string, string> {
  const amount = quota[key];
  return amount === undefined ? {} : { [name]: amount };
}

const freeFormQuotaKeys = [
  /^count\/[a-z0-9-]+(\.[a-z0-9.-]+)?$/,
  /^requests\.[a-z0-9.-]+\/[A-Za-z0-9._-]+$/,
  /^[a-z0-9.-]+\.storageclass\.storage\.k8s\.io\/(requests\.storage|persistentvolumeclaims)$/,
];

const measuredQuotaKey =
  /^(requests|limits)\.(cpu|memory|ephemeral-storage)$|^requests\.storage$|\/requests\.storage$/;

function quotaEntryProblems(key: string, value: string): Problem[] {
  const property = `quota["${key}"]`;
  const known =
    Object.hasOwn(defaultQuota, key) || freeFormQuotaKeys.some((pattern) => pattern.test(key));
  if (!known) {
    return [
      { property, fault: "is not something a quota can bound", remedy: suggestQuotaKey(key) },
    ];
  }
  const problems = amountProblems(property, value);
  return problems.length > 0 ? problems : countProblems(property, key, value);
}

/** Kubernetes takes `cpu` for `requests.cpu`; here each bound has one name, so none can be missed. */
function suggestQuotaKey(key: string): string {
  const full = Object.keys(defaultQuota).filter((known) => known.endsWith(`.${key}`));
  return full.length > 0
    ? `Did you mean \`${full.join("` or `")}\`?`
    : suggestKey(key, Object.keys(defaultQuota));
}

/** What is counted comes in whole numbers; only compute and storage are measured. */
function countProblems(property: string, key: string, value: string): Problem[] {
  const amount = parseQuantity(value);
  return measuredQuotaKey.test(key) || amount === undefined || amount % one === 0n
    ? []
    : [
        {
          property,
          found: value,
          fault: "is a count but no whole number",
          remedy: "Write a whole number, such as 20.",
        },
      ];
}

function containerAmountProblems(kind: "requests" | "limits", amounts: Amounts): Problem[] {
  return Object.entries(amounts).flatMap(([resource, value]) => {
    const property = `containerDefaults.${kind}["${resource}"]`;
    return computeResources.some((known) => known === resource)
      ? amountProblems(property, value)
      : [{ property, fault: "has no default", remedy: suggestKey(resource, computeResources) }];
  });
}

function amountProblems(property: string, value: string): Problem[] {
  const amount = parseQuantity(value);
  if (amount !== undefined && amount >= 0n) {
    return [];
  }
  const fault = amount === undefined ? "is not a Kubernetes quantity" : "is negative";
  const remedy =
    "Write a number with at most one unit and no space, such as 2, 500m, 512Mi or 10Gi.";
  return [{ property, found: value, fault, remedy }];
}

/** A container that asks for nothing must be admitted: its defaults must fit where they go. */
function fitProblems(
  resource: (typeof computeResources)[number],
  quota: Amounts,
  defaults: ContainerDefaults,
): Problem[] {
  const request = namedAmount(
    `containerDefaults.requests["${resource}"]`,
    defaults.requests[resource],
  );
  const limit = namedAmount(`containerDefaults.limits["${resource}"]`, defaults.limits[resource]);
  const quotaRequest = namedAmount(`quota["requests.${resource}"]`, quota[`requests.${resource}`]);
  const quotaLimit = namedAmount(`quota["limits.${resource}"]`, quota[`limits.${resource}`]);
  return [
    ...exceedProblems(request, limit),
    ...exceedProblems(request, quotaRequest),
    ...exceedProblems(limit, quotaLimit),
  ];
}

interface NamedAmount {
  readonly property: string;
  readonly value: string | undefined;
}

function namedAmount(property: string, value: string | undefined): NamedAmount {
  return { property, value };
}

function exceedProblems(part: NamedAmount, whole: NamedAmount): Problem[] {
  const amount = parseQuantity(part.value ?? "");
  const ceiling = parseQuantity(whole.value ?? "");
  if (amount === undefined || ceiling === undefined || amount <= ceiling) {
    return [];
  }
  return [
    {
      property: part.property,
      found: part.value,
      fault: `is more than ${whole.property}, which is ${whole.value}`,
      remedy: "Lower the first or raise the second: a container that asks for nothing must fit.",
    },
  ];
}
