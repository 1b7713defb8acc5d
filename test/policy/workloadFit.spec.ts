import { expect } from "chai";
import { workloadsFitTheirEnvironment } from "#policy/policies/workloadFit";
import { judgedCapacity, resourcePods } from "../support/podResources";
import { describePolicy, type PolicyCase } from "./support/policyCases";
import { type AnalyzedResource, unknownText } from "./support/policyAnalyzer";
import { podSpec, resourceOf } from "./support/policyResources";
import { resolveCapacity } from "#components/environment/capacity/capacityProblems";
import { limitRangeSpec } from "#components/environment/capacity/limitRange";
import { quotaSpec } from "#components/environment/capacity/resourceQuota";

const metadata = { name: "x", namespace: "review-x" };
const capacity = resolveCapacity(judgedCapacity);
const inside = (type: string, spec: unknown, name: string) =>
  resourceOf(type, { metadata: { ...metadata, name }, spec }, { name });
const quota = (spec: unknown = quotaSpec(capacity.quota), name = "quota") =>
  inside("core/v1:ResourceQuota", spec, name);
const range = (spec: unknown = limitRangeSpec(capacity)) =>
  inside("core/v1:LimitRange", spec, "limits");
const walls = [quota(), range()];

type Changes = Readonly<Record<string, unknown>>;

const pod = (spec: Changes = {}, name = "pod") => inside("core/v1:Pod", podSpec(spec), name);
const container = (resources: unknown) => podSpec({}, { resources });
const workload = (type: string, replicas: unknown, spec: Changes = podSpec(), name = "web") =>
  inside(type, { ...(replicas === undefined ? {} : { replicas }), template: { spec } }, name);
const deployment = (replicas: unknown, spec?: Changes, name?: string) =>
  workload("apps/v1:Deployment", replicas, spec, name);
const hungry = container({ requests: { memory: "1Gi" } });

const namespace = (marks: object = {}) =>
  resourceOf("core/v1:Namespace", { metadata: { name: "review-x", ...marks } }, { name: "env" });
const istio = namespace({ labels: { "istio-injection": "enabled" } });
const linkerd = namespace({ annotations: { "linkerd.io/inject": "enabled" } });
const leaving = (field: "labels" | "annotations", mark: unknown): AnalyzedResource =>
  resourceOf(
    "core/v1:Pod",
    { metadata: { ...metadata, [field]: mark }, spec: podSpec({}, { resources: largest }) },
    { name: "pod" },
  );
/** With the proxy of Istio or Linkerd it is more than a pod may have. */
const largest = { requests: { cpu: "100m" }, limits: { cpu: "1900m" } };

const claim = (storage: unknown) => ({
  metadata,
  spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage } } },
});
const volume = (storage: unknown) =>
  resourceOf("core/v1:PersistentVolumeClaim", claim(storage), { name: "data" });

/** What the API server says of the same pods is in test/e2e/podResources.spec.ts. */
const ofTable = resourcePods.map(({ pod: what, spec, finding }): PolicyCase => ({
  it: `${finding === undefined ? "passes" : "refuses"} a pod ${what}`,
  resources: [...walls, pod(spec)],
  ...(finding === undefined ? {} : { finds: [`Pod pod: ${finding}`] }),
}));

const together: readonly PolicyCase[] = [
  {
    it: "passes as many plain pods as the quota is for",
    resources: [...walls, deployment(11), pod()],
  },
  {
    it: "refuses a workload of more pods than there are to be",
    resources: [...walls, deployment(13)],
    finds: [
      "Deployment web asks for pods that take, with those of the workloads before it, more than the quota of their namespace has of pods, requests.cpu, limits.cpu, limits.memory, limits.ephemeral-storage. Ask",
    ],
  },
  {
    it: "refuses the workload with which all are too many, and those after it that fit no more than it",
    resources: [
      ...walls,
      workload("apps/v1:StatefulSet", 6, podSpec(), "one"),
      workload("core/v1:ReplicationController", undefined, podSpec(), "two"),
      workload("apps/v1:ReplicaSet", 6, podSpec(), "three"),
      deployment(1, podSpec(), "four"),
    ],
    finds: ["ReplicaSet three asks for pods that take"],
  },
  {
    it: "counts what the pods of each workload take",
    resources: [
      ...walls,
      deployment(3, container({ requests: { cpu: "100m" }, limits: { cpu: "2" } }), "one"),
      deployment(1, podSpec(), "two"),
    ],
    finds: [
      "Deployment two asks for pods that take, with those of the workloads before it, more than the quota of their namespace has of limits.cpu. Ask",
    ],
  },
  {
    it: "counts a pod that runs on",
    resources: [...walls, deployment(12), pod({ restartPolicy: "Always" })],
    finds: ["Pod pod asks for pods that take"],
  },
  {
    it: "counts a pod that does not say whether it runs on, as it does",
    resources: [...walls, deployment(12), pod()],
    finds: ["Pod pod asks for pods that take"],
  },
  {
    it: "lets no workload with fewer pods than none make room for others",
    resources: [...walls, deployment(12), deployment(-1, podSpec(), "wrong"), pod()],
    finds: ["Pod pod asks for pods that take"],
  },
  {
    it: "does not count what comes to an end, what is switched off and what is not known",
    resources: [
      ...walls,
      deployment(12),
      workload("batch/v1:Job", undefined, podSpec(), "job"),
      pod({ restartPolicy: "Never" }, "once"),
      deployment(0, podSpec(), "off"),
      deployment(unknownText, podSpec(), "scaled"),
      deployment(-1, podSpec(), "wrong"),
      deployment("many", podSpec(), "wrong-too"),
    ],
  },
  {
    it: "counts each quota for its own namespace",
    resources: [
      ...walls,
      deployment(12),
      resourceOf(
        "core/v1:ResourceQuota",
        { metadata: { namespace: "other" }, spec: quotaSpec(capacity.quota) },
        { name: "other" },
      ),
      resourceOf("apps/v1:Deployment", {
        metadata: { namespace: "other" },
        spec: { replicas: 12, template: { spec: podSpec() } },
      }),
    ],
  },
];

const inMeshes: readonly PolicyCase[] = [
  {
    it: "passes what fits where no mesh puts a proxy beside it",
    resources: [
      namespace({ labels: { "istio.io/dataplane-mode": "ambient" } }),
      ...walls,
      pod(podSpec({}, { resources: largest })),
    ],
  },
  {
    it: "counts the proxy of Istio",
    resources: [istio, ...walls, pod(podSpec({}, { resources: largest }))],
    finds: [
      "Pod pod: spec.containers takes, all together, more cpu than a pod may have by the limit range, which is 2",
    ],
  },
  {
    it: "counts the proxy of Linkerd by the container defaults",
    resources: [linkerd, ...walls, pod(podSpec({}, { resources: largest }))],
    finds: ["takes, all together, more cpu than a pod may have"],
  },
  {
    it: "does not know the proxy of a pod that says something of it",
    resources: [
      istio,
      ...walls,
      leaving("labels", { "sidecar.istio.io/inject": "false" }),
      leaving("annotations", { "sidecar.istio.io/proxyCPULimit": "100m" }),
      leaving("annotations", unknownText),
    ],
  },
];

const claims: readonly PolicyCase[] = [
  { it: "passes a volume claim that fits", resources: [...walls, volume("10Gi")] },
  {
    it: "refuses a volume claim above the maximum, and one below the minimum",
    resources: [
      ...walls,
      volume("11Gi"),
      volume("512Ki"),
      inside(
        "apps/v1:StatefulSet",
        { replicas: 1, template: { spec: podSpec() }, volumeClaimTemplates: [claim("20Gi")] },
        "database",
      ),
    ],
    finds: [
      "PersistentVolumeClaim data: spec.resources.requests.storage is more than a volume claim may have",
      "PersistentVolumeClaim data: spec.resources.requests.storage is less than a volume claim must have by the limit range, which is 1Mi. Raise it.",
      "StatefulSet database: spec.volumeClaimTemplates[0].spec.resources.requests.storage is more than a volume claim may have by the limit range, which is 10Gi. Lower it",
    ],
  },
  {
    it: "refuses a volume claim above what all may have",
    resources: [quota({ hard: { "requests.storage": "5Gi" } }), volume("6Gi")],
    finds: [
      "spec.resources.requests.storage is more than the quota of its namespace has for all claims, which is 5Gi",
    ],
  },
  {
    it: "waits for what a volume claim asks for",
    resources: [...walls, volume(unknownText)],
  },
];

describePolicy(workloadsFitTheirEnvironment, [
  ...ofTable,
  ...together,
  ...inMeshes,
  ...claims,
  {
    it: "looks into every workload",
    resources: [
      ...walls,
      deployment(1, hungry),
      workload("batch/v1:Job", undefined, hungry, "job"),
      inside("batch/v1:CronJob", { jobTemplate: { spec: { template: { spec: hungry } } } }, "cron"),
    ],
    finds: [
      "Deployment web: spec.template.spec.containers[0].resources.requests.memory is more",
      "Job job: spec.template.spec.containers[0].resources.requests.memory is more",
      "CronJob cron: spec.jobTemplate.spec.template.spec.containers[0].resources.requests.memory is more",
    ],
  },
  {
    it: "judges each resource by itself",
    resources: [
      ...walls,
      pod(
        container({
          requests: { cpu: "1", memory: "1Gi" },
          limits: { "ephemeral-storage": "13Gi" },
        }),
      ),
    ],
    finds: [
      "requests.cpu is more than",
      "requests.memory is more than",
      'limits["ephemeral-storage"] is more than',
    ],
  },
  { it: "passes where nothing bounds", resources: [pod(hungry)] },
  {
    it: "passes patches, and what is bounded elsewhere",
    resources: [
      ...walls,
      { ...deployment(1, hungry), type: "kubernetes:apps/v1:DeploymentPatch" },
      resourceOf("core/v1:Pod", { metadata: { namespace: "other" }, spec: hungry }),
    ],
  },
  {
    it: "judges by the quota alone where there is no limit range",
    resources: [
      quota({ hard: { "limits.cpu": "1" } }),
      quota({ hard: { "limits.cpu": "100m" }, scopes: ["BestEffort"] }, "scoped"),
      pod(container({ limits: { cpu: "1" } })),
      pod(container({ limits: { cpu: "1001m" } }), "larger"),
    ],
    finds: [
      'Pod larger: spec.containers takes, all together, more than spec.hard["limits.cpu"] of a quota of its namespace, which is 1.',
    ],
  },
  {
    it: "waits for what is not known",
    resources: [
      ...walls,
      pod(unknownText as unknown as Changes),
      pod({ containers: unknownText }),
      pod({ resources: unknownText }),
      pod(container(unknownText)),
      pod(container({ requests: unknownText })),
      pod(container({ requests: { cpu: unknownText } })),
      pod({
        ...container({ limits: { cpu: unknownText } }),
        resources: { requests: { cpu: "1m" } },
      }),
    ],
  },
  {
    it: "waits for limit ranges that are not known",
    resources: [quota(), range(unknownText), pod(hungry)],
  },
  {
    it: "waits for limit ranges in which something is not known",
    resources: [
      quota(),
      range({ limits: [{ type: "Container", max: { memory: unknownText } }] }),
      pod(container({ limits: { memory: "13Gi" } })),
    ],
  },
]);

describe("pods about resources", () => {
  it("are judged alike by the API server and the pack, or it is said why not", () => {
    expect(resourcePods.length).to.be.at.least(40);
    for (const { pod: what, refusal, finding, reason } of resourcePods) {
      const isAgreed = (refusal === undefined) === (finding === undefined);
      expect(isAgreed, what).to.equal(reason === undefined);
    }
  });
});
