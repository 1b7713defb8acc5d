import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { objectsAreInNamespaces, objectsAreVisible, typesAreTrue } from "#policy/policies/types";
import { kubernetesType } from "#policy/kubernetesObject";
import { scopeOf } from "#policy/kinds";
import { describePolicy, secretText } from "./support/policyCases";
import { type AnalyzedResource, secretValue, unknownText } from "./support/policyAnalyzer";

const metadata = { name: "x", namespace: "review-login" };

function resource(
  type: string,
  properties: Readonly<Record<string, unknown>> = { metadata },
): AnalyzedResource {
  return { type, name: "x", properties, provider: {} };
}

function configMap(properties: Readonly<Record<string, unknown>>) {
  return resource("kubernetes:core/v1:ConfigMap", properties);
}

describePolicy(typesAreTrue, [
  { it: "passes what says nothing else", resources: configMap({ metadata, kind: null }) },
  {
    it: "passes what says the same",
    resources: configMap({ apiVersion: "v1", kind: "ConfigMap" }),
  },
  {
    it: "passes the object that a patch is for",
    resources: resource("kubernetes:core/v1:ConfigMapPatch", { kind: "ConfigMap" }),
  },
  { it: "does not judge other resources", resources: resource("random:index:X", { kind: "Y" }) },
  {
    it: "refuses another kind",
    resources: configMap({ kind: "Secret" }),
    finds: ["ConfigMap x: kind is not what the type"],
  },
  {
    it: "refuses another version",
    resources: configMap({ apiVersion: "v2" }),
    finds: ["apiVersion is not what the type"],
  },
  {
    it: "refuses what nobody knows yet, and what is secret",
    resources: configMap({ kind: unknownText, apiVersion: secretValue(secretText) }),
    finds: ["apiVersion is not what the type", "kind is not known before the update"],
  },
]);

const otherPackage = "belongs to a package whose resources nobody judges here";

describePolicy(objectsAreVisible, [
  {
    it: "passes objects, random values and references to other stacks",
    resources: [
      resource("kubernetes:core/v1:ConfigMap"),
      resource("kubernetes:monitoring.coreos.com/v1:ServiceMonitor"),
      resource("random:index/randomString:RandomString"),
      resource("pulumi:pulumi:StackReference"),
      { type: "pulumi:providers:kubernetes", name: "cluster" },
    ],
  },
  {
    it: "passes components of every package, charts among them",
    resources: [
      { type: "pulumi:pulumi:Stack", name: "x" },
      { type: "acme:index:Shop", name: "x", properties: { image: "web" } },
      { type: "kubernetes:helm.sh/v4:Chart", name: "x", properties: { chart: "redis" } },
      { type: "kubernetes:yaml:ConfigFile", name: "x" },
    ],
  },
  {
    it: "passes a kind of somebody else whose name ends like a list's",
    resources: resource("kubernetes:example.com/v1:AllowList"),
  },
  {
    it: "refuses Helm releases, whatever is known of them",
    resources: [
      resource("kubernetes:helm.sh/v3:Release", { chart: secretValue(secretText) }),
      resource("kubernetes:helm.sh/v3:Release", {}),
      resource("kubernetes:helm.sh/v3:Release", { chart: unknownText }),
      { type: "kubernetes:helm.sh/v3:Release", name: "x" },
    ],
    finds: Array<string>(4).fill("Release x is a Helm release"),
  },
  {
    it: "refuses lists",
    resources: [
      resource("kubernetes:core/v1:ConfigMapList", { items: [] }),
      resource("kubernetes:core/v1:List", { items: [] }),
      resource("kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleList"),
    ],
    finds: Array<string>(3).fill("is a list"),
  },
  {
    it: "refuses types that do not say what is made",
    resources: [resource("kubernetes:v1:Secret"), resource("kubernetes:index:Secret")],
    finds: Array<string>(2).fill("has a type that names no group, version and kind"),
  },
  {
    it: "refuses dynamic providers and commands",
    resources: [
      resource("pulumi-nodejs:dynamic:Resource"),
      resource("pulumi-nodejs:dynamic/shop:Thing"),
      resource("pulumi-python:dynamic:Resource"),
      resource("command:local:Command", { create: secretValue(secretText) }),
    ],
    finds: Array<string>(4).fill(otherPackage),
  },
  {
    it: "refuses providers of other packages",
    resources: [
      { type: "pulumi:providers:aws", name: "x" },
      { type: "pulumi:providers:pulumi-nodejs", name: "x" },
    ],
    finds: Array<string>(2).fill(otherPackage),
  },
  {
    it: "refuses a type of its own with a provider of another package",
    resources: {
      ...resource("random:index:X"),
      provider: { type: "pulumi:providers:command" },
    },
    finds: [otherPackage],
  },
  {
    it: "refuses a type of another package with a provider of its own",
    resources: {
      ...resource("command:local:Command"),
      provider: { type: "pulumi:providers:random" },
    },
    finds: [otherPackage],
  },
  {
    it: "refuses what has no provider but something else in its place",
    resources: { ...resource("random:index:X"), provider: { type: "random:index:X" } },
    finds: [otherPackage],
  },
  {
    it: "allows the packages that the setting names, and no others",
    settings: { allowedPackages: ["aws", "kubernetes"] },
    resources: [
      resource("aws:s3:Bucket"),
      resource("random:index:X"),
      resource("kubernetes:helm.sh/v3:Release"),
    ],
    finds: [otherPackage, "is a Helm release"],
  },
]);

const serviceMonitor = "kubernetes:monitoring.coreos.com/v1:ServiceMonitor";
const allowedKinds = ["monitoring.coreos.com/v1/ServiceMonitor"];
const wholeCluster = "is an object of the whole cluster";
const customKind = "is of a custom kind";

describePolicy(objectsAreInNamespaces, [
  {
    it: "passes namespaces and what is inside them",
    resources: [
      resource("kubernetes:core/v1:Namespace", { metadata: { name: "review-login" } }),
      resource("kubernetes:apps/v1:Deployment"),
      resource("kubernetes:rbac.authorization.k8s.io/v1:Role"),
      resource("kubernetes:networking.k8s.io/v1:NetworkPolicy", { spec: {} }),
    ],
  },
  {
    it: "leaves the FlowSchema to the policy that is made for it",
    resources: resource("kubernetes:flowcontrol.apiserver.k8s.io/v1:FlowSchema"),
  },
  {
    it: "passes the kinds of the service meshes",
    resources: [
      resource("kubernetes:security.istio.io/v1:AuthorizationPolicy"),
      resource("kubernetes:policy.linkerd.io/v1beta3:Server", {
        metadata: { namespace: unknownText },
      }),
    ],
  },
  {
    it: "passes other resources, components and what is left out by --target",
    resources: [
      resource("random:index:X"),
      resource("kubernetes:core/v1:Node", {}),
      { type: "kubernetes:helm.sh/v4:Chart", name: "x", properties: { chart: "redis" } },
      { type: "kubernetes:yaml/v2:ConfigGroup", name: "x", properties: { yaml: "…" } },
    ],
  },
  {
    it: "leaves Helm releases and lists to the rule that is made for them",
    resources: [
      resource("kubernetes:helm.sh/v3:Release"),
      resource("kubernetes:core/v1:ConfigMapList"),
    ],
  },
  {
    it: "refuses objects of the whole cluster",
    resources: [
      "rbac.authorization.k8s.io/v1:ClusterRole",
      "rbac.authorization.k8s.io/v1:ClusterRoleBinding",
      "apiextensions.k8s.io/v1:CustomResourceDefinition",
      "core/v1:PersistentVolume",
      "core/v1:Node",
      "storage.k8s.io/v1:StorageClass",
      "scheduling.k8s.io/v1:PriorityClass",
      "admissionregistration.k8s.io/v1:ValidatingWebhookConfiguration",
      "apiregistration.k8s.io/v1:APIService",
      "certificates.k8s.io/v1:CertificateSigningRequest",
      "networking.k8s.io/v1:IngressClass",
      "node.k8s.io/v1:RuntimeClass",
      "flowcontrol.apiserver.k8s.io/v1:PriorityLevelConfiguration",
      "rbac.authorization.k8s.io/v1:ClusterRolePatch",
    ].map((token) => resource(`kubernetes:${token}`)),
    finds: Array<string>(14).fill(wholeCluster),
  },
  {
    it: "takes nothing for a component only because no provider is named",
    resources: {
      type: "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
      name: "x",
      properties: { metadata },
    },
    finds: [wholeCluster],
  },
  {
    it: "goes by what the object says, not by what its type says",
    resources: resource("kubernetes:core/v1:ConfigMap", {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRole",
    }),
    finds: [wholeCluster],
  },
  {
    it: "refuses custom kinds, also those that are called like Kubernetes' own",
    resources: [
      resource(serviceMonitor),
      resource("kubernetes:serving.knative.dev/v1:Service"),
      resource("kubernetes:example.com/v1:Namespace"),
      resource("kubernetes:constructor/v1:Function"),
      resource("kubernetes:helm.sh/v4:Chart"),
    ],
    finds: Array<string>(5).fill(customKind),
  },
  {
    it: "allows the custom kinds that the setting names, and no others",
    settings: { allowedKinds },
    resources: [
      resource(serviceMonitor),
      resource("kubernetes:monitoring.coreos.com/v1:PodMonitor"),
      resource("kubernetes:monitoring.coreos.com/v2:ServiceMonitor"),
    ],
    finds: [customKind, customKind],
  },
  {
    it: "allows nothing of the whole cluster by the setting",
    settings: { allowedKinds: ["rbac.authorization.k8s.io/v1/ClusterRole"] },
    resources: resource("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole"),
    finds: [wholeCluster],
  },
  {
    it: "refuses objects of custom kinds that do not say their namespace",
    settings: { allowedKinds },
    resources: [
      resource(serviceMonitor, { metadata: { name: "x" } }),
      resource("kubernetes:security.istio.io/v1:AuthorizationPolicy", { spec: {} }),
    ],
    finds: Array<string>(2).fill("metadata.namespace is left out"),
  },
]);

describe("the scopes of kinds", () => {
  it("are known of every kind that there is a class for", () => {
    const kinds = kindsOfTheSdk();
    expect(kinds).to.have.length.above(100);
    const unknown = kinds.filter((kind) => scopeOf(kind) === "unknown");
    expect(unknown.map(({ kind }) => kind)).to.deep.equal([]);
  });

  it("are known of kinds without a class too", () => {
    for (const [apiVersion, ...kinds] of [
      ["v1", "ComponentStatus"],
      ["authentication.k8s.io/v1", "SelfSubjectReview", "TokenReview"],
      [
        "authorization.k8s.io/v1",
        "SelfSubjectAccessReview",
        "SelfSubjectRulesReview",
        "SubjectAccessReview",
      ],
      ["internal.apiserver.k8s.io/v1alpha1", "StorageVersion"],
    ] as const) {
      for (const kind of kinds) {
        expect(scopeOf({ apiVersion, kind }), kind).to.equal("cluster");
      }
    }
    const review = { apiVersion: "authorization.k8s.io/v1", kind: "LocalSubjectAccessReview" };
    expect(scopeOf(review)).to.equal("namespace");
    expect(scopeOf({ apiVersion: "policy/v1", kind: "Eviction" })).to.equal("namespace");
  });
});

/** Every kind of Kubernetes itself for which the Kubernetes package has a class. */
function kindsOfTheSdk() {
  const root = dirname(require.resolve("@pulumi/kubernetes/package.json"));
  const files = readdirSync(root, { recursive: true, encoding: "utf8" });
  const tokens = files
    .filter(
      (file) => file.endsWith(".js") && !/^(helm|kustomize|meta|node_modules|yaml)\//.test(file),
    )
    .flatMap(
      (file) => /__pulumiType = '(.*)'/.exec(readFileSync(join(root, file), "utf8"))?.[1] ?? [],
    );
  return tokens
    .flatMap((token) => kubernetesType(token) ?? [])
    .filter(({ kind, isPatch }) => !isPatch && !kind.endsWith("List"));
}
