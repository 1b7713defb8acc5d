import { quotasAreWithinCeilings } from "#policy/policies/capacity";
import { describePolicy, secretText } from "./support/policyCases";
import { type AnalyzedResource, secretValue, unknownText } from "./support/policyAnalyzer";

function quota(spec: unknown, type = "ResourceQuota"): AnalyzedResource {
  return { type: `kubernetes:core/v1:${type}`, name: "shop", properties: { spec } };
}
const hard = (entries: unknown) => quota({ hard: entries });

const namespace = (name: string, marks: object) => ({
  type: "kubernetes:core/v1:Namespace",
  name,
  properties: { metadata: { name, ...marks } },
});
const quotaIn = (name: string, entries: object): AnalyzedResource => ({
  type: "kubernetes:core/v1:ResourceQuota",
  name: `quota-${name}`,
  properties: { metadata: { namespace: name }, spec: { hard: entries } },
});
const meshed = [
  namespace("istio", { labels: { "istio-injection": "enabled" } }),
  namespace("linkerd", { annotations: { "linkerd.io/inject": "enabled" } }),
  namespace("ambient", { labels: { "istio.io/dataplane-mode": "ambient" } }),
];

describePolicy(quotasAreWithinCeilings, [
  {
    it: "lets a quota bound what it likes below its ceilings",
    resources: hard({ "limits.cpu": "24", "limits.memory": "24Gi", pods: "4.8e1" }),
  },
  {
    it: "lets keys without a ceiling be",
    resources: hard({ "count/widgets.example.com": "1000" }),
  },
  {
    it: "has nothing to say where there is nothing",
    resources: [
      { ...quota({}), properties: { metadata: {} } },
      quota({}),
      quota(null),
      hard(null),
      { ...quota({}), properties: {} },
    ],
  },
  {
    it: "says nothing about other kinds",
    resources: { ...hard({ pods: "1000" }), type: "kubernetes:core/v1:LimitRange" },
  },
  {
    it: "refuses what is above, by the least",
    resources: hard({ "limits.cpu": "24001m", pods: "49", "requests.memory": "8589934593" }),
    finds: [
      'ResourceQuota shop: spec.hard["limits.cpu"] has more than the ceiling, which is 24',
      'spec.hard["pods"] has more than the ceiling, which is 48',
      'spec.hard["requests.memory"] has more than the ceiling, which is 8Gi',
    ],
  },
  {
    it: "knows the other names of keys",
    resources: hard({ cpu: "5", "count/secrets": "101" }),
    finds: ["which is 100", 'spec.hard["cpu"] has more than the ceiling, which is 4800m'],
  },
  {
    it: "has room for the proxies of a mesh in its namespace",
    resources: [
      ...meshed,
      quotaIn("istio", { "requests.cpu": "9600m", "limits.cpu": "120", "limits.memory": "72Gi" }),
      quotaIn("linkerd", { "requests.cpu": "9600m", "limits.cpu": "48", "limits.memory": "48Gi" }),
      quotaIn("ambient", { "requests.cpu": "4800m", "limits.cpu": "24", "limits.memory": "24Gi" }),
    ],
  },
  {
    it: "has no more room in a mesh than for its proxies, and none for other things",
    resources: [
      ...meshed,
      quotaIn("istio", { "limits.cpu": "120001m", pods: "49" }),
      quotaIn("linkerd", { "limits.cpu": "48001m" }),
      quotaIn("ambient", { "limits.cpu": "24001m" }),
      quotaIn("elsewhere", { "limits.cpu": "24001m" }),
    ],
    finds: [
      'ResourceQuota quota-istio: spec.hard["limits.cpu"] has more than the ceiling, which is 120.',
      'ResourceQuota quota-istio: spec.hard["pods"] has more than the ceiling, which is 48.',
      'ResourceQuota quota-linkerd: spec.hard["limits.cpu"] has more than the ceiling, which is 48.',
      'ResourceQuota quota-ambient: spec.hard["limits.cpu"] has more than the ceiling, which is 24.',
      'ResourceQuota quota-elsewhere: spec.hard["limits.cpu"] has more than the ceiling, which is 24.',
    ],
  },
  {
    it: "adds the proxies to the setting",
    resources: [meshed[0]!, quotaIn("istio", { "limits.cpu": "25", "limits.memory": "11Gi" })],
    settings: { ceilings: { pods: "10", "limits.cpu": "5" } },
  },
  {
    it: "refuses patches",
    resources: quota({ hard: { pods: "49" } }, "ResourceQuotaPatch"),
    finds: ["more than"],
  },
  {
    it: "refuses doors and devices unless a ceiling says how many",
    resources: hard({
      "services.loadbalancers": "1",
      "services.nodeports": "1",
      "requests.nvidia.com/gpu": "1",
      "requests.example.com/fpga": "1",
      "requests.hugepages-1Gi": "1Gi",
      "x.deviceclass.resource.k8s.io/devices": "1",
      "requests.example.com/none": "0",
    }),
    settings: { ceilings: { pods: "1", "requests.nvidia.com/gpu": "2" } },
    finds: [
      "spec.hard has more",
      "hugepages-1Gi",
      "services.loadbalancers",
      "services.nodeports",
      "spec.hard has more",
    ],
  },
  {
    it: "goes by the setting, whichever name it has, and the least",
    resources: hard({ "requests.cpu": "3", pods: "1000" }),
    settings: { ceilings: { cpu: "2", "requests.cpu": "5" } },
    finds: ["which is 2."],
  },
  {
    it: "refuses what is not known yet, and goes on",
    resources: [
      hard({ pods: unknownText, "limits.cpu": "25" }),
      hard(unknownText),
      quota(unknownText),
    ],
    finds: [
      "limits.cpu",
      'spec.hard["pods"] is not known before the update',
      "spec.hard is not known",
      "spec is not known",
    ],
  },
  {
    it: "refuses what is no quantity, and quotes nothing",
    resources: [
      hard({ pods: secretValue(secretText), services: 5, secrets: null, configmaps: "-1" }),
      hard({ [secretText]: secretText }),
      hard([secretText]),
      quota(secretText),
    ],
    finds: [
      "configmaps",
      'spec.hard["pods"] is not what Kubernetes takes',
      "secrets",
      "services",
      "spec.hard is not what",
      "spec.hard is not what",
      "spec is not what",
    ],
  },
]);
