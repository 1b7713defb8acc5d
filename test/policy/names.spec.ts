import { namespacesAreNotProtected } from "#policy/policies/names";
import { describePolicy, secretText } from "./support/policyCases";
import { type AnalyzedResource, secretValue, unknownText } from "./support/policyAnalyzer";
import { withoutUndefined } from "../support/properties";

type Properties = Readonly<Record<string, unknown>>;

function resource(token: string, properties: Properties, stack?: string): AnalyzedResource {
  return {
    type: `kubernetes:${token}`,
    name: "x",
    properties: withoutUndefined(properties),
    provider: {},
    ...(stack === undefined ? {} : { stack }),
  };
}

function namespace(name: unknown, stack?: string): AnalyzedResource {
  return resource("core/v1:Namespace", { metadata: { name } }, stack);
}

function configMapIn(given: unknown, stack?: string): AnalyzedResource {
  return resource("core/v1:ConfigMap", { metadata: { name: "x", namespace: given } }, stack);
}

const permanent = { profile: "permanent" };
const isProtected = "that is protected";

describePolicy(namespacesAreNotProtected, [
  {
    it: "passes namespaces of environments and what is in them",
    resources: [
      namespace("review-login"),
      namespace("review-staging"),
      namespace("kubernetes-tests"),
      configMapIn("review-login"),
      configMapIn(secretValue(secretText)),
    ],
  },
  {
    it: "passes what is not known yet: it is judged when it is",
    resources: [
      namespace(unknownText),
      namespace(undefined),
      configMapIn(unknownText),
      resource("core/v1:ConfigMap", { metadata: unknownText }),
    ],
  },
  {
    it: "passes other resources and what is left out by --target",
    resources: [
      resource("core/v1:ConfigMap", {}),
      { type: "random:index:X", name: "x", properties: { metadata: { namespace: "staging" } } },
    ],
  },
  {
    it: "refuses protected names",
    resources: ["staging", "stage", "production", "prod"].map((name) => namespace(name)),
    finds: Array<string>(4).fill("Namespace x: metadata.name is a name that is protected"),
  },
  {
    it: "refuses names that belong to the cluster",
    resources: ["default", "kube-system", "openshift-dns"].map((name) => namespace(name)),
    finds: ["(default)", "(kube-*)", "(openshift-*)"].map(
      (pattern) => `metadata.name is a name that belongs to the cluster ${pattern}`,
    ),
  },
  {
    it: "refuses objects in them, also when the name is a secret",
    resources: [
      configMapIn("staging"),
      configMapIn(secretValue("staging")),
      configMapIn("kube-system"),
      resource("rbac.authorization.k8s.io/v1:RoleBinding", { metadata: { namespace: "prod" } }),
      resource("example.com/v1:Thing", { metadata: { namespace: "prod" } }),
      resource("core/v1:SecretPatch", { metadata: { namespace: "prod" } }),
    ],
    finds: [
      `ConfigMap x: metadata.namespace is a namespace ${isProtected}`,
      isProtected,
      "that belongs to the cluster (kube-*)",
      isProtected,
      isProtected,
      isProtected,
    ],
  },
  {
    it: "refuses objects that say no namespace, going by their provider",
    resources: [
      resource("core/v1:ConfigMap", { metadata: { name: "x" } }),
      resource("core/v1:ConfigMap", { metadata: { namespace: null } }),
      resource("core/v1:ConfigMap", { data: {} }),
      { ...configMapIn(undefined), provider: { properties: { namespace: "staging" } } },
      { ...configMapIn(undefined), provider: { properties: { namespace: "review-login" } } },
    ],
    finds: [
      ...Array<string>(3).fill(
        "metadata.namespace is left out, and the namespace taken instead belongs to the cluster (default)",
      ),
      "the namespace taken instead is protected",
    ],
  },
  {
    it: "takes an empty namespace for none",
    resources: configMapIn(""),
    finds: ["belongs to the cluster (default)"],
  },
  {
    it: "leaves objects without a namespace to the rule that is made for them",
    resources: [
      resource("rbac.authorization.k8s.io/v1:ClusterRole", { metadata: { name: "x" } }),
      resource("example.com/v1:Thing", { metadata: { name: "x" } }),
      { type: "kubernetes:helm.sh/v4:Chart", name: "x", properties: { chart: "redis" } },
    ],
  },
  {
    it: "protects what the setting names, besides the others",
    settings: { protectedNamespaces: ["*-production", "payments"] },
    resources: [
      namespace("shop-production"),
      configMapIn("payments"),
      namespace("staging"),
      namespace("payments-2"),
    ],
    finds: [isProtected, isProtected, isProtected],
  },
  {
    it: "allows a permanent environment its own protected name",
    settings: { ...permanent, protectedNamespaces: ["shop-*"] },
    resources: [
      namespace("staging", "staging"),
      namespace("shop-staging", "staging"),
      configMapIn("staging", "staging"),
    ],
  },
  {
    it: "allows a permanent environment no name of others, and none of the cluster",
    settings: permanent,
    resources: [
      namespace("production", "staging"),
      configMapIn("production", "staging"),
      namespace("default", "default"),
      namespace("kube-system", "system"),
    ],
    finds: [isProtected, isProtected, "(default)", "(kube-*)"],
  },
  {
    it: "allows no protected name without that profile",
    resources: namespace("staging", "staging"),
    finds: [isProtected],
  },
]);
