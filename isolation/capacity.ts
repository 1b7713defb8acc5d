import {
  computeResources,
  isMissing,
  isRecord,
  listOf,
  parseQuantity,
  type Quantity,
  recordOf,
  textOf,
  type UnknownRecord,
} from "secure-environment/core";

/**
 * What quotas and limit ranges bound. An entry that is not understood, or not known, bounds nothing.
 */

/** Amounts by the name of what they bound. */
export type Bounds = ReadonlyMap<string, Quantity>;

const sameCounts: readonly string[] = [
  "configmaps",
  "persistentvolumeclaims",
  "replicationcontrollers",
  "resourcequotas",
  "secrets",
  "services",
];

/**
 * One key for all that mean the same: `cpu` is `requests.cpu`, and `count/secrets` is `secrets`.
 * `count/pods` is none of them, as it counts finished pods too.
 * See https://kubernetes.io/docs/concepts/policy/resource-quotas/
 */
export function quotaKey(key: string): string {
  if (computeResources.some((resource) => resource === key)) {
    return `requests.${key}`;
  }
  const counted = key.replace(/^count\//, "");
  return sameCounts.includes(counted) ? counted : key;
}

/** Whether a quota counts everything in its namespace: one with a scope leaves the rest unbound. */
export function isUnscoped(spec: unknown): boolean {
  const { scopes, scopeSelector } = recordOf(spec);
  return isNothing(scopes) && (isMissing(scopeSelector) || selectsNothing(scopeSelector));
}

/** What the quotas with these specifications bound together, by `quotaKey`: the least counts. */
export function quotaBounds(specs: readonly unknown[]): Bounds {
  const entries = specs
    .filter(isUnscoped)
    .flatMap((spec) => Object.entries(recordOf(recordOf(spec)["hard"])));
  return leastOf(entries.map(([key, value]) => [quotaKey(key), value]));
}

/**
 * The limits, by resource, that a container has which asks for nothing. The maximum is the default
 * where none is given; a limit of 0 is none.
 * See SetDefaults_LimitRangeItem in k8s.io/kubernetes/pkg/apis/core/v1/defaults.go
 */
export function containerLimits(specs: readonly unknown[]): Bounds {
  const entries = itemsOf(specs, "Container").flatMap((item) =>
    Object.entries({ ...recordOf(item["max"]), ...recordOf(item["default"]) }),
  );
  return new Map([...leastOf(entries)].filter(([, amount]) => amount > 0n));
}

/** The most, by resource, that one pod may take. */
export function podMaximum(specs: readonly unknown[]): Bounds {
  return leastOf(itemsOf(specs, "Pod").flatMap((item) => Object.entries(recordOf(item["max"]))));
}

/** A kind of pods that a quota's scope can tell from others. */
export interface PodScope {
  readonly scopeName: string;
  /** For `PriorityClass`, which one. */
  readonly value?: string;
}

/** Whether one of the quotas with these specifications admits no pod of that kind. */
export function refusesPods(specs: readonly unknown[], pods: PodScope): boolean {
  return specs.map(recordOf).some((spec) => {
    const { pods: most } = recordOf(spec["hard"]);
    return amountOf(most) === 0n && scopesOf(spec).every((scope) => holdsFor(scope, pods));
  });
}

/** All scopes of a quota, of which every one must hold; what is not understood holds for none. */
function scopesOf({ scopes, scopeSelector }: UnknownRecord): readonly unknown[] {
  const { matchExpressions } = recordOf(scopeSelector);
  return [
    ...(isMissing(scopeSelector) || isRecord(scopeSelector) ? [] : [scopeSelector]),
    ...elementsOf(scopes).map((scopeName) => ({ scopeName, operator: "Exists" })),
    ...elementsOf(matchExpressions),
  ];
}

function elementsOf(list: unknown): readonly unknown[] {
  return isMissing(list) || Array.isArray(list) ? listOf(list) : [list];
}

function holdsFor(scope: unknown, pods: PodScope): boolean {
  const { scopeName, operator, values } = recordOf(scope);
  if (scopeName !== pods.scopeName) {
    return false;
  }
  switch (operator) {
    case "Exists":
      return true;
    case "In":
      return listOf(values).includes(pods.value);
    case "NotIn":
      return Array.isArray(values) && isTexts(values) && !values.includes(pods.value ?? "");
    default:
      return false;
  }
}

function isTexts(values: readonly unknown[]): values is readonly string[] {
  return values.every((value) => typeof value === "string");
}

/** An amount that Kubernetes takes and that bounds; `undefined` for everything else. */
export function amountOf(value: unknown): Quantity | undefined {
  const amount = parseQuantity(textOf(value) ?? "");
  return amount === undefined || amount < 0n ? undefined : amount;
}

function itemsOf(specs: readonly unknown[], type: string) {
  return specs
    .flatMap((spec) => listOf(recordOf(spec)["limits"]))
    .map(recordOf)
    .filter((item) => item["type"] === type);
}

function leastOf(entries: readonly (readonly [string, unknown])[]): Bounds {
  const bounds = new Map<string, Quantity>();
  for (const [key, value] of entries) {
    const amount = amountOf(value);
    const known = bounds.get(key);
    if (amount !== undefined && (known === undefined || amount < known)) {
      bounds.set(key, amount);
    }
  }
  return bounds;
}

function isNothing(list: unknown): boolean {
  return isMissing(list) || (Array.isArray(list) && list.length === 0);
}

function selectsNothing(scopeSelector: unknown): boolean {
  return isRecord(scopeSelector) && isNothing(scopeSelector["matchExpressions"]);
}
