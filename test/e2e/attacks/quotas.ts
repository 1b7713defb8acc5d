import { sizeQuota } from "#components/core/sizes";
import { type ApiRequest, bent, corePath, patchRequest } from "../support/apiRequests";
import { type Attack, byEach, type Attempt, attemptsBy } from "./attack";
import { newLimitRange, newQuota, newZeroQuota } from "./pipelineRequests";
import { bare, login } from "./places";
import { fence } from "./reasons";
import { byAccessControl, type Refusal } from "./refusal";

/** What pipelines do to what bounds an environment, so that it takes more than its share. */

/** More than the size `large` gives. */
const excesses: readonly (readonly [key: string, amount: string])[] = [
  ["requests.cpu", "4801m"],
  ["requests.memory", "8193Mi"],
  ["requests.ephemeral-storage", "17Gi"],
  ["limits.cpu", "25"],
  ["limits.memory", "1Ti"],
  ["limits.ephemeral-storage", "49Gi"],
  ["requests.storage", "41Gi"],
  ["persistentvolumeclaims", "11"],
  ["pods", "49"],
  ["services", "21"],
  ["configmaps", "101"],
  ["secrets", "101"],
  ["count/pods", "81"],
  ["count/jobs.batch", "41"],
  ["services.loadbalancers", "1"],
  ["services.nodeports", "1"],
  ["count/daemonsets.apps", "1"],
  ["count/resourceclaims.resource.k8s.io", "1"],
  ["requests.nvidia.com/gpu", "1"],
  ["requests.hugepages-2Mi", "1Gi"],
];

const quotaAttempts: readonly Attempt[] = [
  ...excesses.map(([key, amount]): Attempt => ({
    what: `makes a quota with ${amount} of ${key}`,
    harm: "the environment would take what others need",
    request: bent(newQuota(bare), { spec: { hard: { [key]: amount } } }),
    refusal: fence.quotaCeiling,
  })),
  ...Object.keys(sizeQuota()).map((key): Attempt => ({
    what: `makes a quota that says nothing of ${key}`,
    harm: "the environment would take as much of it as there is",
    request: bent(newQuota(bare), { spec: { hard: { [key]: null } } }),
    refusal: fence.quotaCompleteness,
  })),
  {
    what: "makes a quota without bounds",
    harm: "the environment would take everything",
    request: bent(newQuota(bare), { spec: { hard: null } }),
    refusal: fence.quotaCompleteness,
  },
  {
    what: "makes a quota that counts only pods with a deadline",
    harm: "every other pod would be free",
    request: bent(newQuota(bare), {
      spec: {
        hard: { ...nothing(sizeQuota()), pods: "40" },
        scopes: ["Terminating"],
      },
    }),
    refusal: fence.quotaScope,
  },
  {
    what: "makes a quota that counts only pods of a priority",
    harm: "every other pod would be free",
    request: bent(newQuota(bare), {
      spec: {
        hard: { ...nothing(sizeQuota()), pods: "40" },
        scopeSelector: {
          matchExpressions: [{ scopeName: "PriorityClass", operator: "Exists" }],
        },
      },
    }),
    refusal: fence.quotaScope,
  },
];

const againstNothing = {
  matchExpressions: [{ scopeName: "PriorityClass", operator: "In", values: ["nothing"] }],
};

const zeroQuotaAttempts: readonly Attempt[] = [
  {
    what: "lets one pod have a priority of the system's",
    harm: "it would preempt the cluster's own pods",
    request: bent(newZeroQuota(bare), { spec: { hard: { pods: "1" } } }),
    refusal: fence.quotaZero,
  },
  {
    what: "makes the quota against the system's priorities one against another",
    harm: "a pod would preempt the cluster's own pods",
    request: bent(newZeroQuota(bare), { spec: { scopeSelector: againstNothing } }),
    refusal: fence.quotaZero,
  },
];

const quotaPath = `${corePath(login, "resourcequotas")}/environment`;
const lowerQuota = patchRequest(quotaPath, { spec: { hard: { pods: "5" } } });
const raise: Attempt = {
  what: "raises the environment's quota",
  harm: "the environment would take what others need",
  request: bent(lowerQuota, { spec: { hard: { pods: "500" } } }),
  refusal: fence.quotaCeiling,
};

const quotaChanges: readonly Attempt[] = [
  raise,
  {
    what: "takes a bound out of the environment's quota",
    harm: "the environment would take as much as there is",
    request: patchRequest(quotaPath, { spec: { hard: { "limits.memory": null } } }),
    refusal: fence.quotaCompleteness,
  },
];

const limitRangeAttempts: readonly Attempt[] = [
  limitAttempt(
    "has no entry for pods",
    "pod-level resources would hide what its containers take",
    ["Container", "PersistentVolumeClaim"],
    fence.limitRangeMinimum,
  ),
  limitAttempt(
    "has no entry for volumes",
    "one claim could take all storage",
    ["Container", "Pod"],
    fence.limitRangeVolumes,
  ),
  limitAttempt(
    "has no entry for containers",
    "a container that asks for nothing would be free",
    ["Pod", "PersistentVolumeClaim"],
    fence.limitRangeDefaults,
  ),
  limitAttempt("limits nothing", "everything would be free", [], fence.limitRangeDefaults),
  changedLimit(
    "gives containers no default for ephemeral storage",
    "a container that asks for none would fill its node",
    "Container",
    { default: { "ephemeral-storage": null }, max: { "ephemeral-storage": null } },
    fence.limitRangeDefaults,
  ),
  changedLimit(
    "has no maximum for the memory of pods",
    "pod-level resources would hide what its containers take",
    "Pod",
    { max: { memory: null } },
    fence.limitRangeMaximum,
  ),
  changedLimit(
    "has no minimum",
    "a limit of 0 counts nothing and limits nothing",
    "Container",
    { min: null },
    fence.limitRangeMinimum,
  ),
  changedLimit(
    "has a minimum of zero",
    "a limit of 0 counts nothing and limits nothing",
    "Pod",
    { min: { cpu: "0" } },
    fence.limitRangeMinimum,
  ),
  changedLimit(
    "lets pods have more than an environment",
    "one pod could fill a node",
    "Pod",
    { max: { memory: "1Ti" } },
    fence.limitRangeMaximum,
  ),
  changedLimit(
    "lets a claim have more than an environment",
    "one claim could take all storage",
    "PersistentVolumeClaim",
    { max: { storage: "1Ti" } },
    fence.limitRangeVolumes,
  ),
];

type Limit = Readonly<Record<string, unknown>> & { readonly type: string };

function limitsOf(request: ApiRequest): readonly Limit[] {
  return (request.body as { spec: { limits: Limit[] } }).spec.limits;
}

function limitAttempt(
  what: string,
  harm: string,
  kept: readonly string[],
  refusal: Refusal,
): Attempt {
  const legitimate = newLimitRange(bare);
  const limits = limitsOf(legitimate).filter(({ type }) => kept.includes(type));
  return {
    what: `makes a limit range that ${what}`,
    harm,
    request: bent(legitimate, { spec: { limits } }),
    refusal,
  };
}

function changedLimit(
  what: string,
  harm: string,
  changed: string,
  changes: object,
  refusal: Refusal,
): Attempt {
  const legitimate = newLimitRange(bare);
  const limits = limitsOf(legitimate).map((limit) =>
    limit.type === changed ? bent({ ...legitimate, body: limit }, changes).body : limit,
  );
  return {
    what: `makes a limit range that ${what}`,
    harm,
    request: bent(legitimate, { spec: { limits } }),
    refusal,
  };
}

function nothing(bounds: Readonly<Record<string, string>>): Record<string, null> {
  return Object.fromEntries(Object.keys(bounds).map((key) => [key, null]));
}

const statusPath = `${quotaPath}/status`;

/** What bounds an environment, changed by its own pipeline. */
export const quotaAttacks: readonly Attack[] = [
  ...attemptsBy("shopPipeline", newQuota(bare), quotaAttempts),
  ...attemptsBy("shopPipeline", newZeroQuota(bare), zeroQuotaAttempts),
  ...attemptsBy("shopPipeline", lowerQuota, quotaChanges),
  ...attemptsBy("shopPipeline", newLimitRange(bare), limitRangeAttempts),
  ...(["shopIdentityProvider", "secondAccount", "almightyPipeline"] as const).flatMap((who) =>
    attemptsBy(who, lowerQuota, [raise]),
  ),
  ...byEach(["shopPipeline", "secondAccount"], {
    what: "says in a quota's status that nothing is used",
    harm: "everything would be admitted until the controller looks again",
    request: patchRequest(statusPath, { status: { used: { pods: "0" } } }),
    refusal: byAccessControl,
  }),
];
