import { expect } from "chai";
import { wallsComeFirst } from "#policy/policies/wallOrder";
import { analyzedEnvironment } from "./support/analyzedEnvironment";
import { describePolicy } from "./support/policyCases";
import { pulumiPoliciesOf } from "#policy/policyPack";
import { type AnalyzedResource, analyzeStack, unknownText } from "./support/policyAnalyzer";
import { podSpec, resourceOf } from "./support/policyResources";

type Relations = Partial<AnalyzedResource>;

const metadata = { name: "x", namespace: "review-login" };

function object(type: string, name: string, relations: Relations = {}, spec: unknown = {}) {
  return resourceOf(type, { metadata, spec }, { name, provider: {}, ...relations });
}

const namespaceOf = (relations: Relations = {}) =>
  resourceOf(
    "core/v1:Namespace",
    { metadata: { name: "review-login" } },
    { name: "namespace", provider: {}, ...relations },
  );
const quotaOf = (relations: Relations = {}) =>
  object("core/v1:ResourceQuota", "quota", relations, { hard: {} });
const denyOf = (relations: Relations = {}, podSelector: unknown = {}, name = "deny") =>
  object("networking.k8s.io/v1:NetworkPolicy", name, relations, { podSelector });
const podOf = (relations: Relations = {}, name = "pod") =>
  object("core/v1:Pod", name, relations, podSpec());
const claimOf = (relations: Relations = {}) =>
  object("core/v1:PersistentVolumeClaim", "claim", relations);
const deploymentOf = (relations: Relations = {}) =>
  object("apps/v1:Deployment", "web", relations, { template: { spec: podSpec() } });
const component = (name: string, relations: Relations = {}): AnalyzedResource => ({
  type: "shop:index:Shop",
  name,
  ...relations,
});
const stackItself: AnalyzedResource = { type: "pulumi:pulumi:Stack", name: "review-review-login" };

const namespace = namespaceOf();
const quota = quotaOf();
const deny = denyOf();
const walls = [namespace, quota, deny];
const early = "does not wait for";

describePolicy(wallsComeFirst, [
  {
    it: "passes workloads and claims that depend on every wall",
    resources: [...walls, podOf({ dependencies: walls }), claimOf({ dependencies: walls })],
  },
  {
    it: "passes what depends on the walls by a property, through others, by its parent or by its provider",
    resources: (() => {
      const settings = object("core/v1:ConfigMap", "settings", { dependencies: walls });
      const shop = component("shop", { propertyDependencies: { namespace: walls } });
      const provider: AnalyzedResource = {
        type: "pulumi:providers:kubernetes",
        name: "inside",
        dependencies: walls,
      };
      return [
        stackItself,
        ...walls.map((wall) => ({ ...wall, parent: stackItself })),
        settings,
        shop,
        provider,
        podOf({ propertyDependencies: { metadata: walls } }, "by-property"),
        podOf({ dependencies: [settings] }, "through-others"),
        podOf({ parent: component("part", { parent: shop }) }, "by-nothing-known"),
        podOf({ parent: shop }, "by-parent"),
        podOf({ parent: settings }, "by-made-parent"),
        podOf({ provider: { name: "inside" } }, "by-provider"),
      ];
    })(),
    finds: ["Pod by-nothing-known does not wait for Namespace namespace, ResourceQuota quota"],
  },
  {
    it: "passes what depends on the component that makes the walls, also in parts",
    resources: (() => {
      const environment = component("environment");
      const network = component("network", { parent: environment });
      const parts = [
        { ...namespace, parent: environment },
        { ...quota, parent: environment },
        { ...deny, parent: network },
      ];
      return [environment, network, ...parts, podOf({ dependencies: [environment] })];
    })(),
  },
  {
    it: "does not take a part of a component for later than the others",
    resources: (() => {
      const environment = component("environment");
      const inner = component("inner", { parent: environment });
      return [
        environment,
        inner,
        ...walls.map((wall) => ({ ...wall, parent: environment })),
        podOf({ parent: environment, dependencies: [environment] }, "part"),
        podOf({ parent: inner, dependencies: [environment] }, "inner-part"),
      ];
    })(),
    finds: ["Pod part does not wait", "Pod inner-part does not wait"],
  },
  {
    it: "does not take the parts of an object for what its dependents wait for",
    resources: [
      namespace,
      { ...quota, parent: namespace },
      { ...deny, parent: namespace },
      podOf({ dependencies: [namespace] }),
    ],
    finds: [`Pod pod ${early} ResourceQuota quota, NetworkPolicy deny`],
  },
  {
    it: "passes what takes no share, and workloads of other namespaces",
    resources: [
      ...walls,
      object("core/v1:ConfigMap", "settings"),
      object("core/v1:Service", "web"),
      resourceOf(
        "core/v1:ConfigMap",
        { metadata: { name: "default", namespace: "review-login" } },
        { name: "default", provider: {} },
      ),
      podOf({ dependencies: walls }),
      resourceOf(
        "core/v1:Pod",
        { metadata: { name: "x", namespace: "other" }, spec: podSpec() },
        { name: "elsewhere", provider: {} },
      ),
      resourceOf("core/v1:Pod", {}, { name: "left-out", provider: {} }),
    ],
  },
  {
    it: "refuses workloads and claims that wait for nothing, or for some walls only",
    resources: [
      ...walls,
      podOf(),
      deploymentOf({ dependencies: [namespace] }),
      claimOf({ dependencies: [namespace, quota] }),
      podOf({ dependencies: [quota, deny] }, "beside"),
    ],
    finds: [
      `Pod pod ${early} Namespace namespace, ResourceQuota quota, NetworkPolicy deny`,
      `Deployment web ${early} ResourceQuota quota, NetworkPolicy deny`,
      `PersistentVolumeClaim claim ${early} NetworkPolicy deny`,
      `Pod beside ${early} Namespace namespace,`,
    ],
  },
  {
    it: "counts what is in the namespace for all pods alone",
    resources: (() => {
      const others = [
        object("core/v1:LimitRange", "limits"),
        object("security.istio.io/v1:PeerAuthentication", "strict", {}, { mtls: {} }),
        object(
          "security.istio.io/v1:AuthorizationPolicy",
          "some",
          {},
          { selector: { matchLabels: { a: "b" } } },
        ),
        object("security.istio.io/v1:AuthorizationPolicy", "target", {}, { targetRef: {} }),
        object("security.istio.io/v1:AuthorizationPolicy", "targets", {}, { targetRefs: [{}] }),
        denyOf({}, { matchLabels: { app: "web" } }, "hole"),
        denyOf({}, { matchLabels: {}, matchExpressions: [] }, "all"),
        denyOf({}, unknownText, "unknown"),
        object("core/v1:ServiceAccount", "account"),
        resourceOf(
          "core/v1:ServiceAccountPatch",
          { metadata: { name: "default", namespace: "review-login" } },
          { name: "default", provider: {} },
        ),
      ];
      return [...others, ...walls, podOf({ dependencies: walls })];
    })(),
    finds: [
      `Pod pod ${early} LimitRange limits, PeerAuthentication strict, ServiceAccount default, 2 more`,
    ],
  },
  {
    it: "counts all network policies where none is for all pods",
    resources: [
      namespace,
      denyOf({}, { matchLabels: { app: "web" } }),
      denyOf(
        {},
        { matchExpressions: [{ key: "app", operator: "NotIn", values: ["web"] }] },
        "rest",
      ),
      podOf({ dependencies: [namespace] }),
    ],
    finds: [`${early} NetworkPolicy deny, NetworkPolicy rest, so`],
  },
  {
    it: "relates a namespace that is not known yet by what Pulumi knows",
    resources: (() => {
      const unknown = resourceOf(
        "core/v1:Namespace",
        { metadata: { name: unknownText } },
        { name: "namespace", provider: {} },
      );
      const inUnknown = (type: string, name: string, dependencies: readonly AnalyzedResource[]) =>
        resourceOf(
          type,
          { metadata: { namespace: unknownText }, spec: {} },
          { name, provider: {}, dependencies, propertyDependencies: { metadata: [unknown] } },
        );
      const bound = inUnknown("core/v1:ResourceQuota", "quota", []);
      return [
        unknown,
        bound,
        inUnknown("core/v1:Pod", "late", [bound]),
        inUnknown("core/v1:Pod", "early", []),
      ];
    })(),
    finds: [`Pod early ${early} ResourceQuota quota`],
  },
  {
    it: "passes walls that wait for walls, for who acts in the environment and for secrets of registries",
    resources: (() => {
      const schema = object("flowcontrol.apiserver.k8s.io/v1:FlowSchema", "schema");
      const own = namespaceOf({ dependencies: [schema] });
      const secret = object("core/v1:Secret", "registries", { dependencies: [own] });
      const role = object("rbac.authorization.k8s.io/v1:Role", "role", { dependencies: [own] });
      const server = object("policy.linkerd.io/v1beta3:Server", "server");
      return [
        schema,
        own,
        secret,
        role,
        server,
        quotaOf({ dependencies: [own, role, server] }),
        resourceOf(
          "core/v1:ServiceAccount",
          { metadata: { name: "default", namespace: "review-login" } },
          { name: "default", provider: {}, dependencies: [secret] },
        ),
      ];
    })(),
  },
  {
    it: "refuses walls that wait for what they wall in, however far away",
    resources: (() => {
      const web = deploymentOf();
      const settings = object("core/v1:ConfigMap", "settings");
      const suffix: AnalyzedResource = {
        type: "random:index/randomString:RandomString",
        name: "suffix",
        provider: {},
        dependencies: [web],
      };
      const part = component("part", { dependencies: [object("core/v1:Secret", "secret")] });
      return [
        web,
        settings,
        suffix,
        object("core/v1:Secret", "secret"),
        part,
        namespace,
        quotaOf({ dependencies: [settings, namespace] }),
        object("core/v1:LimitRange", "limits", { propertyDependencies: { spec: [suffix] } }),
        denyOf({ parent: web }),
        denyOf({ parent: part }, {}, "child"),
        object("flowcontrol.apiserver.k8s.io/v1:FlowSchema", "schema", { dependencies: [web] }),
        resourceOf(
          "core/v1:ServiceAccount",
          { metadata: { name: "default", namespace: "review-login" } },
          { name: "default", provider: {}, dependencies: [settings] },
        ),
      ];
    })(),
    finds: [
      "FlowSchema schema waits for Deployment web",
      "ResourceQuota quota waits for ConfigMap settings",
      "LimitRange limits waits for Deployment web",
      "ServiceAccount default waits for ConfigMap settings",
      "NetworkPolicy deny waits for Deployment web",
      "NetworkPolicy child waits for Secret secret",
      `Deployment web ${early}`,
    ],
  },
  {
    it: "refuses a namespace that waits for what is to be in it",
    resources: (() => {
      const web = deploymentOf();
      const own = namespaceOf({ dependencies: [web] });
      return [web, own];
    })(),
    finds: ["Namespace namespace waits for Deployment web", `Deployment web ${early}`],
  },
  {
    it: "comes to an end where things wait for each other",
    resources: (() => {
      const web = deploymentOf();
      return [
        namespace,
        quotaOf({ dependencies: [web, namespace] }),
        deploymentOf({ dependencies: [quota, namespace] }),
      ];
    })(),
    finds: ["ResourceQuota quota waits for Deployment web"],
  },
]);

describe("workloads in a SecureEnvironment", () => {
  it("wait for its walls if they depend on all of it, and not on the namespace alone", async () => {
    const environment = await analyzedEnvironment({ expiresAt: "2027-01-31T18:00:00Z" });
    const pulumiPolicies = pulumiPoliciesOf([wallsComeFirst], () => "2026-01-01T00:00:00Z");
    const judge = (dependencies: readonly AnalyzedResource[]) =>
      analyzeStack(pulumiPolicies, [...environment, podOf({ dependencies })]);
    const made = environment.filter(({ provider }) => provider !== undefined);
    expect(await judge(made)).to.deep.equal([]);
    expect(await judge(made.slice(0, 1))).to.have.length(1);
  });
});
