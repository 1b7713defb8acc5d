import { containersHaveResources } from "#policy/policies/resources";
import { describePolicy } from "./support/policyCases";
import { type AnalyzedResource, unknownText } from "./support/policyAnalyzer";
import { podSpec, resourceOf } from "./support/policyResources";

const metadata = { name: "x", namespace: "review-x" };
const all = {
  "requests.cpu": "1",
  "requests.memory": "1Gi",
  "requests.ephemeral-storage": "1Gi",
  "limits.cpu": "1",
  "limits.memory": "1Gi",
  "limits.ephemeral-storage": "1Gi",
};
const amounts = { cpu: "1", memory: "1Gi", "ephemeral-storage": "1Gi" };

const quota = (spec: object, others: object = metadata) =>
  resourceOf("core/v1:ResourceQuota", { metadata: others, spec }, { name: "quota" });
const range = (limits: unknown, others: object = metadata) =>
  resourceOf("core/v1:LimitRange", { metadata: others, spec: { limits } }, { name: "limits" });
const pod = (resources?: unknown, spec: Readonly<Record<string, unknown>> = {}) =>
  resourceOf(
    "core/v1:Pod",
    { metadata, spec: podSpec(spec, resources === undefined ? {} : { resources }) },
    { name: "pod" },
  );
const limitsOnly = { "limits.cpu": "1", "limits.memory": "1Gi" };

const namespace = (name: string, known = true) =>
  resourceOf("core/v1:Namespace", { metadata: { name: known ? name : unknownText } }, { name });
const [first, second] = [namespace("a", false), namespace("b", false)];
const below = (owner: AnalyzedResource, resource: AnalyzedResource, name: string) => ({
  ...resource,
  name,
  properties: { ...resource.properties, metadata: { name, namespace: unknownText } },
  dependencies: [owner],
});

describePolicy(containersHaveResources, [
  { it: "passes where no quota counts anything", resources: [pod()] },
  {
    it: "passes where only objects are counted, or other resources",
    resources: [
      quota({ hard: { pods: "1", "count/pods": "1", "requests.nvidia.com/gpu": "0" } }),
      pod(),
    ],
  },
  {
    it: "refuses containers without what the quota counts",
    resources: [quota({ hard: all }), pod()],
    finds: [
      "Pod pod: spec.containers[0].resources has no requests.cpu, requests.memory, requests.ephemeral-storage, limits.cpu, limits.memory, limits.ephemeral-storage, which the quota of its namespace counts, and no limit range gives a default. Say how much",
    ],
  },
  {
    it: "passes containers with all of it",
    resources: [quota({ hard: all }), pod({ requests: amounts, limits: amounts })],
  },
  {
    it: "takes empty scopes for none",
    resources: [quota({ hard: limitsOnly, scopes: [], scopeSelector: {} }), pod()],
    finds: ["has no limits.cpu, limits.memory, which"],
  },
  {
    it: "takes limits for requests",
    resources: [quota({ hard: all }), pod({ limits: amounts })],
  },
  {
    it: "does not take requests for limits",
    resources: [quota({ hard: all }), pod({ requests: amounts })],
    finds: ["has no limits.cpu, limits.memory, limits.ephemeral-storage, which"],
  },
  {
    it: "knows the short names of requests",
    resources: [quota({ hard: { cpu: "1", memory: "1Gi", "ephemeral-storage": "1Gi" } }), pod()],
    finds: ["has no requests.cpu, requests.memory, requests.ephemeral-storage, which"],
  },
  {
    it: "passes containers with defaults of a limit range",
    resources: [
      quota({ hard: all }),
      range([{ type: "Container", default: amounts, defaultRequest: amounts }]),
      pod(),
    ],
  },
  {
    it: "takes the defaults that Kubernetes derives",
    resources: [
      quota({ hard: all }),
      range([
        { type: "Container", default: { cpu: "1" } },
        { type: "Container", max: { memory: "1Gi" } },
        { type: "Container", min: { "ephemeral-storage": "1Mi" } },
      ]),
      pod(),
    ],
    finds: ["has no limits.ephemeral-storage, which"],
  },
  {
    it: "does not take default requests for limits, nor limits of pods for those of containers",
    resources: [
      quota({ hard: limitsOnly }),
      range([
        { type: "Container", defaultRequest: amounts },
        { type: "Pod", max: amounts },
      ]),
      pod(),
    ],
    finds: ["has no limits.cpu, limits.memory, which"],
  },
  {
    it: "takes what the pod has for all its containers, as far as pods can have it",
    resources: [quota({ hard: all }), pod(undefined, { resources: { limits: amounts } })],
    finds: ["has no requests.ephemeral-storage, limits.ephemeral-storage, which"],
  },
  {
    it: "asks for each resource, where the API server asks for none once a pod has one",
    resources: [
      quota({ hard: limitsOnly }),
      pod(undefined, { resources: { requests: { cpu: "1" }, limits: { cpu: "1" } } }),
    ],
    finds: ["has no limits.memory, which"],
  },
  {
    it: "looks at init containers, and not at ephemeral containers, which have none",
    resources: [
      quota({ hard: limitsOnly }),
      pod(undefined, {
        containers: [{ resources: { limits: amounts } }, {}],
        initContainers: [{}],
        ephemeralContainers: [{}],
      }),
    ],
    finds: ["spec.containers[1].resources has no", "spec.initContainers[0].resources has no"],
  },
  {
    it: "looks into workloads, and not at patches",
    resources: [
      quota({ hard: limitsOnly }),
      resourceOf("apps/v1:Deployment", { metadata, spec: { template: { spec: podSpec() } } }),
      resourceOf("apps/v1:DeploymentPatch", { metadata, spec: { template: { spec: podSpec() } } }),
      resourceOf("core/v1:ConfigMap", { metadata, spec: podSpec() }),
    ],
    finds: ["Deployment x: spec.template.spec.containers[0].resources has no limits.cpu"],
  },
  {
    it: "goes by the namespace",
    resources: [
      quota({ hard: all }, { namespace: "other" }),
      quota({ hard: limitsOnly }),
      range([{ type: "Container", default: amounts }], { namespace: "other" }),
      pod(),
    ],
    finds: ["has no limits.cpu, limits.memory, which"],
  },
  {
    it: "relates what is in a namespace that is not known yet",
    resources: [
      first,
      second,
      below(first, quota({ hard: limitsOnly }), "quota-a"),
      below(second, range([{ type: "Container", default: amounts }]), "limits-b"),
      below(first, pod(), "pod-a"),
      below(second, pod(), "pod-b"),
    ],
    finds: ["Pod pod-a: spec.containers[0].resources has no limits.cpu, limits.memory"],
  },
  {
    it: "passes what is in a namespace of which nothing is known",
    resources: [
      quota({ hard: all }, { namespace: unknownText }),
      resourceOf("core/v1:Pod", { metadata: { namespace: unknownText }, spec: podSpec() }),
    ],
  },
  {
    it: "asks nothing for quotas of some pods only, and for patches of quotas",
    resources: [
      quota({ hard: all, scopes: ["NotTerminating"] }),
      quota({ hard: all, scopeSelector: { matchExpressions: [{ scopeName: "Terminating" }] } }),
      { ...quota({ hard: all }), type: "kubernetes:core/v1:ResourceQuotaPatch" },
      { ...quota({ hard: all }), type: "kubernetes:example.com/v1:ResourceQuota" },
      pod(),
    ],
  },
  {
    it: "asks as before where there are no scopes",
    resources: [quota({ hard: limitsOnly, scopes: [], scopeSelector: null }), pod()],
    finds: ["has no limits.cpu, limits.memory"],
  },
  {
    it: "waits for what is not known",
    resources: [
      quota({ hard: limitsOnly }),
      pod(unknownText),
      pod({ limits: unknownText }),
      pod({ limits: { cpu: unknownText, memory: unknownText } }),
      pod(undefined, { resources: unknownText }),
      pod(undefined, { containers: unknownText }),
    ],
  },
  {
    it: "waits for limit ranges that are not known",
    resources: [quota({ hard: limitsOnly }), range(unknownText), pod()],
  },
  {
    it: "waits for quotas that are not known",
    resources: [quota({ hard: unknownText }), pod()],
  },
  {
    it: "takes what has the wrong type for missing",
    resources: [
      quota({ hard: limitsOnly }),
      quota({ hard: "all" }),
      range(["Container", null, { type: "Container", default: "1" }]),
      { ...range([{ type: "Container", default: amounts }]), type: "kubernetes:core/v1:ConfigMap" },
      pod("1"),
      pod({ limits: { cpu: null, memory: "1Gi" } }),
    ],
    finds: ["has no limits.cpu, limits.memory, which", "has no limits.cpu, which"],
  },
]);
