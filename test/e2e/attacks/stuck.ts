import { type ApiRequest, bent, corePath, postRequest } from "../support/apiRequests";
import { type Attack, byEach, type Attempt, attemptsBy } from "./attack";
import { idle } from "./attackers";
import { carriedOut, newClaim, newConfigMap, newPod } from "./guestRequests";
import { login } from "./places";
import { guardRails } from "./reasons";
import { byAccessControl } from "./refusal";

/** What would hold an environment in its deletion for ever. */

const harm = "the namespace would never go";

function withFinalizer(request: ApiRequest, finalizer: string): ApiRequest {
  return bent(request, { metadata: { finalizers: [finalizer] } });
}

const configMapAttempts: readonly Attempt[] = [
  ["a finalizer", "example.com/stuck"],
  ["a finalizer of volume claims, which nobody takes off it", "kubernetes.io/pvc-protection"],
  ["a finalizer of pods, which nobody takes off it", "batch.kubernetes.io/job-tracking"],
].map(([what, finalizer = ""]) => ({
  what: `makes a config map with ${what}`,
  harm,
  request: withFinalizer(newConfigMap(login), finalizer),
  refusal: guardRails.finalizers,
}));

const podAttempts: readonly Attempt[] = [
  {
    what: "makes a pod with a finalizer",
    harm,
    request: withFinalizer(newPod(login), "example.com/stuck"),
    refusal: guardRails.finalizers,
  },
  {
    what: "makes a pod with the finalizer of a job's pods",
    harm,
    request: withFinalizer(newPod(login), "batch.kubernetes.io/job-tracking"),
    refusal: guardRails.finalizers,
  },
  {
    what: "makes a pod that takes ten years to end",
    harm: "the namespace would go in ten years",
    request: newPod(login, { terminationGracePeriodSeconds: 315360000 }),
    refusal: guardRails.end,
  },
];

const endOfPod: ApiRequest = {
  method: "DELETE",
  path: `${corePath(login, "pods")}/running`,
  body: { apiVersion: "v1", kind: "DeleteOptions", gracePeriodSeconds: 30 },
};

const lateEnd: Attempt = {
  what: "gives a pod ten years to end",
  harm: "no later request would shorten it, and the namespace would go in ten years",
  request: bent(endOfPod, { gracePeriodSeconds: 315360000 }),
  refusal: guardRails.lateEnd,
};

/** An eviction is a deletion by another name, with options of its own. */
const eviction: ApiRequest = postRequest(`${corePath(login, "pods")}/running/eviction`, {
  apiVersion: "policy/v1",
  kind: "Eviction",
  metadata: { name: "running", namespace: login.namespace },
  deleteOptions: { gracePeriodSeconds: 30 },
});

const lateEviction: Attempt = {
  ...lateEnd,
  what: "evicts a pod and gives it ten years to end",
  request: bent(eviction, { deleteOptions: { gracePeriodSeconds: 315360000 } }),
};

const job = { apiVersion: "batch/v1", kind: "Job", name: "shop", uid: "1", controller: true };
const podOfJob = bent(
  withFinalizer(carriedOut(newPod(login), "job-controller"), "batch.kubernetes.io/job-tracking"),
  { metadata: { ownerReferences: [job] } },
);

/** The job controller takes its finalizer off the pods of its own Jobs and off no others. */
const podsOfNoJob: readonly Attempt[] = (
  [
    ["of a replica set", [{ ...job, apiVersion: "apps/v1", kind: "ReplicaSet" }]],
    ["of a kind that is only named like a job", [{ ...job, apiVersion: "example.com/v1" }]],
    ["that a job owns and does not control", [{ ...job, controller: false }]],
    ["that nobody owns", null],
  ] as const
).map(([what, ownerReferences]) => ({
  what: `makes a pod ${what} with the finalizer of a job's pods, which nobody takes off it`,
  harm,
  request: bent(podOfJob, { metadata: { ownerReferences } }),
  refusal: guardRails.finalizers,
}));

const podOfTemplate = carriedOut(newPod(login), "replicaset-controller");
const claimOfTemplate = carriedOut(newClaim(login), "statefulset-controller");

/** Finalizers and long ends, by those who write objects and by what writes templates for them. */
export const stuckAttacks: readonly Attack[] = [
  ...(["developer", "debugger", "deployer", "misboundAdmin"] as const).flatMap((who) => [
    ...attemptsBy(who, newConfigMap(login), configMapAttempts),
    ...attemptsBy(who, newPod(login), podAttempts),
    ...attemptsBy(who, endOfPod, [lateEnd]),
  ]),
  ...configMapAttempts.flatMap((attempt) => byEach(idle, { ...attempt, refusal: byAccessControl })),
  ...attemptsBy("misboundAdmin", eviction, [lateEviction]),
  ...attemptsBy("replicaSetController", podOfTemplate, [
    {
      what: "makes a pod with a finalizer",
      harm,
      request: withFinalizer(podOfTemplate, "example.com/stuck"),
      refusal: guardRails.finalizers,
    },
  ]),
  ...attemptsBy("replicaSetController", podOfJob, podsOfNoJob),
  ...attemptsBy("statefulSetController", claimOfTemplate, [
    {
      what: "makes a claim with a finalizer",
      harm,
      request: withFinalizer(claimOfTemplate, "example.com/stuck"),
      refusal: guardRails.finalizers,
    },
    {
      what: "makes a claim of a volume that is there",
      harm: "its pods would read what is on it",
      request: bent(claimOfTemplate, { spec: { volumeName: "production-data" } }),
      refusal: guardRails.namedVolume,
    },
  ]),
];
