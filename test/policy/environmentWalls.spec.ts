import { environmentDeniesByDefault } from "#policy/policies/environmentDefaultDeny";
import { environmentCannotDisplaceOthers } from "#policy/policies/environmentDisplacement";
import { environmentHasLimitRange } from "#policy/policies/environmentLimitRange";
import { environmentIsSelfContained } from "#policy/policies/environmentPlaces";
import { environmentHasQuota } from "#policy/policies/environmentQuota";
import { quotasFitTogether } from "#policy/policies/quotaSums";
import { describePolicy, secretText } from "./support/policyCases";
import { type AnalyzedResource, secretValue, unknownText } from "./support/policyAnalyzer";

const own: AnalyzedResource = {
  type: "kubernetes:core/v1:Namespace",
  name: "env",
  properties: { metadata: { name: "review-login" } },
};
const component: AnalyzedResource = { type: "shop:index:Environment", name: "env" };
const stackResource: AnalyzedResource = {
  type: "pulumi:pulumi:Stack",
  name: "review-review-login",
};
const unnamed: AnalyzedResource = { ...own, properties: { metadata: { name: unknownText } } };
const otherUnnamed: AnalyzedResource = { ...unnamed, name: "other" };

function inside(type: string, name: string, spec: unknown, namespace: unknown = "review-login") {
  return {
    type: `kubernetes:${type}`,
    name,
    properties: { metadata: { name, namespace }, spec },
  } satisfies AnalyzedResource;
}

const quota = (spec: unknown, name = "quota") => inside("core/v1:ResourceQuota", name, spec);
const limits = (...items: unknown[]) => inside("core/v1:LimitRange", "limits", { limits: items });
const networkPolicy = (spec: unknown, name = "policy") =>
  inside("networking.k8s.io/v1:NetworkPolicy", name, spec);

const keys = { requiredKeys: ["limits.cpu", "pods"] };
const full = { hard: { "limits.cpu": "2", pods: "10" } };
const scope = { scopeName: "PriorityClass", operator: "Exists" };

/** The wall, in a namespace that is not known yet. */
const later = (wall: AnalyzedResource, relation: Partial<AnalyzedResource>): AnalyzedResource => ({
  ...wall,
  properties: { ...wall.properties, metadata: { name: "x", namespace: unknownText } },
  ...relation,
});

describePolicy(environmentHasQuota, [
  {
    it: "has nothing to say where no namespace is made",
    resources: [component, { ...own, type: "kubernetes:core/v1:NamespacePatch" }],
  },
  { it: "passes with all keys in one quota", resources: [own, quota(full)], settings: keys },
  {
    it: "passes with the keys in several quotas",
    resources: [
      own,
      quota({ hard: { "limits.cpu": "2" } }),
      quota({ hard: { pods: "10" }, scopes: [], scopeSelector: {} }, "pods"),
    ],
    settings: keys,
  },
  {
    it: "knows the other names of keys",
    resources: [own, quota({ hard: { cpu: "2" } })],
    settings: { requiredKeys: ["requests.cpu"] },
  },
  {
    it: "wants much by default",
    resources: [own, quota(full)],
    finds: [
      "Namespace env has no bound on requests.cpu, requests.memory, requests.ephemeral-storage, limits.memory, limits.ephemeral-storage, requests.storage, persistentvolumeclaims, count/pods, services, services.loadbalancers, services.nodeports, configmaps, secrets.",
    ],
  },
  {
    it: "refuses a namespace without a quota",
    resources: [own],
    settings: keys,
    finds: ["Namespace env has no ResourceQuota. Add"],
  },
  {
    it: "takes no quota of another namespace, of another kind, or of somebody else",
    resources: [
      own,
      inside("core/v1:ResourceQuota", "other", full, "review-other"),
      inside("core/v1:ResourceQuotaPatch", "patch", full),
      { ...quota(full, "fake"), type: "kubernetes:example.com/v1:ResourceQuota" },
      { ...quota(full, "skipped"), properties: {} },
    ],
    settings: keys,
    finds: ["has no ResourceQuota"],
  },
  {
    it: "does not count quotas with a scope",
    resources: [
      own,
      quota({ ...full, scopes: ["BestEffort"] }),
      quota({ ...full, scopeSelector: { matchExpressions: [scope] } }, "two"),
    ],
    settings: keys,
    finds: ["has ResourceQuotas with scopes only"],
  },
  {
    it: "does not count a quota with a scope beside another one",
    resources: [
      own,
      quota({ hard: { pods: "1" } }),
      quota({ ...full, scopes: ["BestEffort"] }, "two"),
    ],
    settings: keys,
    finds: ["has no bound on limits.cpu"],
  },
  {
    it: "refuses what is not known yet, and says where",
    resources: [
      own,
      quota({ hard: { "limits.cpu": unknownText } }),
      quota({ ...full, scopes: unknownText }, "two"),
      quota({ ...full, scopeSelector: unknownText }, "three"),
      quota(unknownText, "four"),
      quota({ hard: unknownText }, "five"),
    ],
    settings: keys,
    finds: [
      "Namespace env has no bound on limits.cpu, pods",
      'ResourceQuota quota: spec.hard["limits.cpu"] is not known before the update',
      "ResourceQuota two: spec.scopes is not known",
      "ResourceQuota three: spec.scopeSelector is not known",
      "ResourceQuota four: spec is not known",
      "ResourceQuota five: spec.hard is not known",
    ],
  },
  {
    it: "takes no wrong types, and quotes nothing",
    resources: [
      own,
      quota({ hard: { "limits.cpu": 2, pods: secretValue(secretText) } }),
      quota({ hard: [secretText] }, "two"),
      quota({ ...full, scopes: "x" }, "three"),
      quota({ ...full, scopeSelector: [scope] }, "four"),
    ],
    settings: keys,
    finds: ["has no bound on limits.cpu, pods"],
  },
  {
    it: "goes by what the quota's metadata depends on as long as names are not known",
    resources: [
      unnamed,
      otherUnnamed,
      later(quota(full), {
        dependencies: [unnamed, otherUnnamed],
        propertyDependencies: { metadata: [unnamed] },
      }),
    ],
    settings: keys,
    finds: ["Namespace other has no ResourceQuota"],
  },
  {
    it: "goes by what the quota depends on as long as names are not known",
    resources: [unnamed, otherUnnamed, later(quota(full), { dependencies: [unnamed] })],
    settings: keys,
    finds: ["Namespace other has no ResourceQuota"],
  },
  {
    it: "goes by the component that both are part of when nothing else tells",
    resources: [
      component,
      { ...unnamed, parent: component },
      otherUnnamed,
      later(quota(full), { parent: component }),
    ],
    settings: keys,
    finds: ["Namespace other has no ResourceQuota"],
  },
  {
    it: "takes the stack itself for no component",
    resources: [
      stackResource,
      { ...unnamed, parent: stackResource },
      later(quota(full), { parent: stackResource }),
    ],
    settings: keys,
    finds: ["Namespace env has no ResourceQuota"],
  },
  {
    it: "takes a quota for none that could be in two namespaces",
    resources: [
      unnamed,
      otherUnnamed,
      later(quota(full), { dependencies: [unnamed, otherUnnamed] }),
    ],
    settings: keys,
    finds: ["Namespace env has no", "Namespace other has no"],
  },
  {
    it: "relates a quota to a namespace of which only the own name is known",
    resources: [own, later(quota(full), { dependencies: [own] })],
    settings: keys,
  },
]);

const compute = { cpu: "1", memory: "1Gi", "ephemeral-storage": "1Gi" };
const container = { type: "Container", default: compute };
const pod = { type: "Pod", max: compute };

describePolicy(environmentHasLimitRange, [
  { it: "passes with defaults and a maximum", resources: [own, limits(container, pod)] },
  {
    it: "takes the maximum of containers for their default",
    resources: [own, limits({ type: "Container", max: compute }, pod)],
  },
  {
    it: "passes with several LimitRanges together",
    resources: [own, limits(container), { ...limits(pod), name: "two" }],
  },
  {
    it: "refuses a namespace without one",
    resources: [own, { ...limits(container, pod), type: "kubernetes:core/v1:LimitRangePatch" }],
    finds: ["Namespace env has no LimitRange. Add"],
  },
  {
    it: "refuses one without defaults",
    resources: [own, limits({ type: "Container", defaultRequest: compute }, pod)],
    finds: [
      "has a LimitRange without the default cpu of containers, the default memory of containers, the default ephemeral-storage of containers.",
    ],
  },
  {
    it: "refuses one without a maximum of pods",
    resources: [own, limits(container, { type: "Pod", min: compute })],
    finds: [
      "without the maximum cpu of pods, the maximum memory of pods, the maximum ephemeral-storage of pods.",
    ],
  },
  {
    it: "refuses single gaps: what is missing, 0, no quantity, or not known",
    resources: [
      own,
      limits(
        { type: "Container", max: compute, default: { cpu: "0", memory: unknownText } },
        { type: "Pod", max: { ...compute, cpu: 1 } },
      ),
    ],
    finds: [
      "without the default cpu of containers, the default memory of containers, the maximum cpu of pods.",
    ],
  },
  {
    it: "refuses wrong types",
    resources: [own, inside("core/v1:LimitRange", "limits", { limits: unknownText })],
    finds: ["without the default cpu"],
  },
]);

const denyAll = { podSelector: {}, policyTypes: ["Ingress", "Egress"] };
const labelled = (operator: string, ...values: string[]) => ({
  podSelector: { matchExpressions: [{ key: "app", operator, values }] },
  policyTypes: ["Ingress", "Egress"],
});
/** Selectors that select every pod together, which is more than anybody tries out. */
const tooMany = [
  ...Array.from({ length: 20 }, (_, index) => ({
    matchLabels: { [`x${index}`]: "1", [`y${index}`]: "1" },
  })),
  ...["Exists", "DoesNotExist"].flatMap((one) =>
    ["Exists", "DoesNotExist"].map((other) => ({
      matchExpressions: [
        { key: "p", operator: one },
        { key: "p", operator: one },
        { key: "q", operator: other },
      ],
    })),
  ),
].map((podSelector, index) =>
  networkPolicy({ podSelector, policyTypes: ["Ingress"] }, `p${index}`),
);
const noIngress = "Namespace env does not close what comes to its pods: ";
const noEgress = "Namespace env does not close what leaves its pods: ";

describePolicy(environmentDeniesByDefault, [
  { it: "passes with one policy that selects every pod", resources: [own, networkPolicy(denyAll)] },
  {
    it: "passes with a policy for each direction",
    resources: [
      own,
      networkPolicy({ podSelector: {} }),
      networkPolicy({ policyTypes: ["Egress"] }, "two"),
    ],
  },
  {
    it: "passes with policies that select every pod together",
    resources: [
      own,
      networkPolicy(labelled("In", "web")),
      networkPolicy(labelled("NotIn", "web"), "two"),
    ],
  },
  {
    it: "passes however the name of the namespace becomes known",
    resources: [unnamed, later(networkPolicy(denyAll), { dependencies: [unnamed] })],
  },
  {
    it: "refuses a namespace without policies",
    resources: [own],
    finds: [
      noIngress + "no NetworkPolicy is known to do so",
      noEgress + "no NetworkPolicy is known to do so",
    ],
  },
  {
    it: "refuses a policy for one direction",
    resources: [own, networkPolicy({ podSelector: {} })],
    finds: [noEgress],
  },
  {
    it: "takes no policy of another namespace or kind",
    resources: [
      own,
      inside("networking.k8s.io/v1:NetworkPolicy", "other", denyAll, "default"),
      { ...networkPolicy(denyAll), type: "kubernetes:crd.projectcalico.org/v1:NetworkPolicy" },
      {
        ...networkPolicy(denyAll, "patch"),
        type: "kubernetes:networking.k8s.io/v1:NetworkPolicyPatch",
      },
    ],
    finds: [noIngress, noEgress],
  },
  {
    it: "refuses a policy that selects some pods, and says no labels",
    resources: [
      own,
      networkPolicy({
        podSelector: { matchLabels: { app: secretText } },
        policyTypes: ["Ingress", "Egress"],
      }),
    ],
    finds: [
      noIngress + "a pod without labels is selected by none",
      noEgress + "a pod without labels",
    ],
  },
  {
    it: "refuses a policy that some labels escape",
    resources: [
      own,
      networkPolicy({
        ...denyAll,
        podSelector: { matchExpressions: [{ key: secretText, operator: "DoesNotExist" }] },
      }),
    ],
    finds: [noIngress + "pods with certain labels are", noEgress + "pods with certain labels"],
  },
  {
    it: "refuses what is not known yet, and says where",
    resources: [
      own,
      networkPolicy({ ...denyAll, podSelector: { matchLabels: { app: unknownText } } }),
      networkPolicy({ podSelector: {}, policyTypes: unknownText }, "two"),
      networkPolicy(unknownText, "three"),
      networkPolicy(
        {
          podSelector: {},
          policyTypes: ["Ingress"],
          ingress: [{ from: [{ ipBlock: { cidr: unknownText } }] }],
        },
        "four",
      ),
    ],
    finds: [
      noEgress,
      "NetworkPolicy policy: spec.podSelector.matchLabels is not known before the update",
      "NetworkPolicy two: spec.policyTypes is not known",
      "NetworkPolicy three: spec is not known",
    ],
  },
  {
    it: "refuses what nobody can tell",
    resources: [own, networkPolicy({ podSelector: {}, policyTypes: ["Egress"] }), ...tooMany],
    finds: [noIngress + "there are too many combinations of labels"],
  },
  {
    it: "passes with something unknown beside what closes",
    resources: [own, networkPolicy(denyAll), networkPolicy({ podSelector: unknownText }, "two")],
  },
]);

const zero = (...matchExpressions: unknown[]) => ({
  hard: { pods: "0" },
  scopeSelector: { matchExpressions },
});
const system = {
  scopeName: "PriorityClass",
  operator: "In",
  values: ["system-node-critical", "system-cluster-critical"],
};
const affinity = { scopeName: "CrossNamespacePodAffinity", operator: "Exists" };
const [noNode, noCluster, noAffinity] = [
  "system-node-critical",
  "system-cluster-critical",
  "with affinity",
];

describePolicy(environmentCannotDisplaceOthers, [
  {
    it: "passes with quotas of zero",
    resources: [own, quota(zero(system)), quota(zero(affinity), "two")],
  },
  {
    it: "passes with a quota for any other priority",
    resources: [
      own,
      quota(zero({ ...system, operator: "NotIn", values: ["low"] })),
      quota({ hard: { pods: "0" }, scopes: ["CrossNamespacePodAffinity"] }, "two"),
    ],
  },
  { it: "passes with no pods at all", resources: [own, quota({ hard: { pods: "0" } })] },
  {
    it: "refuses a namespace without them",
    resources: [own],
    finds: [
      "Namespace env has no ResourceQuota that refuses pods of the priority system-node-critical",
      noCluster,
      noAffinity,
    ],
  },
  {
    it: "refuses some pods for none",
    resources: [own, quota({ ...zero(system), hard: { pods: "1" } }), quota(zero(affinity), "two")],
    finds: [noNode, noCluster],
  },
  {
    it: "wants every scope to hold",
    resources: [
      own,
      quota(zero(system, affinity)),
      quota({ ...zero(affinity), scopes: ["Terminating"] }, "two"),
    ],
    finds: [noNode, noCluster, noAffinity],
  },
  {
    it: "sees which priorities are left",
    resources: [
      own,
      quota(zero({ ...system, values: ["system-node-critical"] })),
      quota(zero({ ...system, operator: "NotIn", values: ["system-cluster-critical"] }), "two"),
      quota(zero(affinity), "three"),
    ],
    finds: [noCluster],
  },
  {
    it: "takes no unknown and no wrong types",
    resources: [
      own,
      quota({ hard: { pods: "0" }, scopes: unknownText }),
      quota({ hard: { pods: "0" }, scopeSelector: unknownText }, "two"),
      quota({ hard: { pods: "0" }, scopeSelector: { matchExpressions: unknownText } }, "three"),
      quota(zero({ ...system, values: unknownText }), "four"),
      quota(zero({ ...system, operator: "NotIn", values: unknownText }), "five"),
      quota(zero({ ...system, operator: unknownText }), "six"),
      quota(zero({ ...system, operator: "NotIn", values: ["low", unknownText] }), "seven"),
    ],
    finds: [noNode, noCluster, noAffinity],
  },
]);

const service = (namespace?: unknown) => inside("core/v1:Service", "web", {}, namespace);

describePolicy(environmentIsSelfContained, [
  {
    it: "passes with everything inside",
    resources: [own, service(), networkPolicy(denyAll), component],
  },
  {
    it: "says nothing about the whole cluster",
    resources: [
      inside("storage.k8s.io/v1:StorageClass", "x", {}, undefined),
      {
        type: "kubernetes:example.com/v1:Widget",
        name: "w",
        properties: { metadata: { name: "w" } },
      },
    ],
  },
  {
    it: "passes with what depends on a namespace whose name is not known",
    resources: [unnamed, later(service(), { dependencies: [unnamed] })],
  },
  {
    it: "refuses namespaces of others, and custom kinds there",
    resources: [own, service("shop"), inside("example.com/v1:Widget", "w", {}, "shop")],
    finds: [
      "Service web: metadata.namespace is a namespace that the stack does not make",
      "Widget w: metadata.namespace",
    ],
  },
  {
    it: "refuses what has no namespace",
    resources: [
      own,
      { ...service(), properties: { metadata: { name: "web" } } },
      { ...service(), name: "two", properties: { spec: {} } },
    ],
    finds: [
      "metadata.namespace is left out, so the object is in the provider's default namespace",
      "is left out",
    ],
  },
  {
    it: "goes by the provider's namespace",
    resources: [
      own,
      {
        ...service(),
        properties: { metadata: { name: "web" } },
        provider: { properties: { namespace: "review-login" } },
      },
    ],
  },
  {
    it: "refuses what is not known and depends on no namespace",
    resources: [own, service(unknownText)],
    finds: [
      "is not known before the update, and the object depends on no single namespace of the stack",
    ],
  },
  {
    it: "refuses a patch in a namespace of others",
    resources: [own, { ...service("shop"), type: "kubernetes:core/v1:ServiceAccountPatch" }],
    finds: ["does not make"],
  },
  {
    it: "takes a patched namespace for none of its own",
    resources: [{ ...own, type: "kubernetes:core/v1:NamespacePatch" }, service()],
    finds: ["does not make"],
  },
  {
    it: "goes by the setting",
    resources: [own, service("shop"), { ...service("shop2"), name: "two" }],
    settings: { allowedNamespaces: ["shop", "x"] },
    finds: ["Service two: metadata.namespace is a namespace that the stack does not make"],
  },
  {
    it: "quotes no namespace",
    resources: [service(secretValue(secretText))],
    finds: ["does not make"],
  },
]);

const other = { ...own, name: "other", properties: { metadata: { name: "review-other" } } };
const otherQuota = (spec: unknown) =>
  inside("core/v1:ResourceQuota", "other", spec, "review-other");

describePolicy(quotasFitTogether, [
  {
    it: "passes with one below the ceilings",
    resources: [own, quota({ hard: { pods: "48", "count/x.example.com": "1000" } })],
  },
  {
    it: "passes with two below the ceilings",
    resources: [own, other, quota({ hard: { pods: "24" } }), otherQuota({ hard: { pods: "24" } })],
  },
  {
    it: "refuses two that are above the ceilings together",
    resources: [
      own,
      other,
      quota({ hard: { pods: "24", cpu: "2" } }),
      otherQuota({ hard: { pods: "25", "requests.cpu": "2801m" } }),
    ],
    finds: [
      `Namespace other has quotas that are, with those of the stack's namespaces before it, above the ceiling 48 of spec.hard["pods"]`,
      'above the ceiling 4800m of spec.hard["requests.cpu"]',
    ],
  },
  {
    it: "has room for the proxies of a mesh, once",
    resources: [
      {
        ...own,
        properties: {
          metadata: { name: "review-login", labels: { "istio-injection": "enabled" } },
        },
      },
      other,
      quota({ hard: { "limits.cpu": "100" } }),
      otherQuota({ hard: { "limits.cpu": "21" } }),
    ],
    finds: [
      'Namespace other has quotas that are, with those of the stack\'s namespaces before it, above the ceiling 120 of spec.hard["limits.cpu"]',
    ],
  },
  {
    it: "says it of each namespace that goes too far",
    resources: [
      own,
      other,
      { ...own, name: "third", properties: { metadata: { name: "review-third" } } },
      quota({ hard: { pods: "49" } }),
      otherQuota({ hard: { pods: "1" } }),
      inside("core/v1:ResourceQuota", "third", { hard: { configmaps: "1" } }, "review-third"),
    ],
    finds: ["Namespace env has quotas that are", "Namespace other has quotas that are"],
  },
  {
    it: "counts the least of several quotas in a namespace, without scopes",
    resources: [
      own,
      quota({ hard: { pods: "48" } }),
      quota({ hard: { pods: "50" } }, "two"),
      quota({ hard: { pods: "50" }, scopes: ["BestEffort"] }, "three"),
    ],
  },
  {
    it: "goes by the setting",
    resources: [own, quota({ hard: { pods: "2" } })],
    settings: { ceilings: { pods: "1" } },
    finds: ["above the ceiling 1"],
  },
  {
    it: "adds up what is known",
    resources: [
      own,
      quota({
        hard: { pods: unknownText, services: secretValue(secretText), "requests.x.com/y": "1" },
      }),
    ],
    finds: ["above the ceiling 0 of spec.hard."],
  },
]);
