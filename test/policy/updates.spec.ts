import { objectsAreNotPatched } from "#policy/policies/patches";
import { providersOnlyMakeObjects } from "#policy/policies/providers";
import { wallsFollowTheirProgram } from "#policy/policies/wallChanges";
import { describePolicy, secretText } from "./support/policyCases";
import { type AnalyzedResource, secretValue, unknownText } from "./support/policyAnalyzer";
import { withoutUndefined } from "../support/properties";

type Properties = Readonly<Record<string, unknown>>;

function resource(type: string, properties: Properties): AnalyzedResource {
  return { type, name: "x", properties: withoutUndefined(properties), provider: {} };
}

function accountPatch(properties: Properties, stack?: string): AnalyzedResource {
  return {
    ...resource("kubernetes:core/v1:ServiceAccountPatch", {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name: "default", namespace: "review-login" },
      automountServiceAccountToken: false,
      ...properties,
    }),
    ...(stack === undefined ? {} : { stack }),
  };
}

function inNamespace(namespace: unknown, stack?: string): AnalyzedResource {
  return accountPatch({ metadata: { name: "default", namespace } }, stack);
}

const foreign = "changes an object that this stack does not make";
const notOwn = "metadata.namespace is not the namespace of this stack's environment";
const more = "changes more of the service account";

describePolicy(objectsAreNotPatched, [
  {
    it: "passes objects that the stack makes",
    resources: resource("kubernetes:core/v1:ServiceAccount", { metadata: { name: "default" } }),
  },
  {
    it: "passes what switches the token off in the stack's own namespace",
    resources: [
      accountPatch({}),
      accountPatch({ imagePullSecrets: [{ name: "image-registries" }] }),
      accountPatch({ imagePullSecrets: unknownText }),
      inNamespace("review-shop-login"),
      inNamespace("review-shop-login-x1y2z3"),
      inNamespace("review-login-x1y2z3"),
      inNamespace(unknownText),
      inNamespace("staging", "staging"),
      inNamespace("shop-staging", "staging"),
    ],
  },
  {
    it: "passes what is left out by --target",
    resources: resource("kubernetes:core/v1:NamespacePatch", {}),
  },
  {
    it: "refuses patches of other objects",
    resources: [
      resource("kubernetes:core/v1:NamespacePatch", { metadata: { name: "review-login" } }),
      accountPatch({ metadata: { name: "deployer", namespace: "review-login" } }),
      accountPatch({ metadata: { name: unknownText, namespace: "review-login" } }),
      accountPatch({ metadata: unknownText }),
      accountPatch({ metadata: { name: secretValue(secretText), namespace: "review-login" } }),
      resource("kubernetes:core/v1:ConfigMapPatch", {
        metadata: { name: "default", namespace: "review-login" },
        automountServiceAccountToken: false,
      }),
    ],
    finds: Array<string>(6).fill(foreign),
  },
  {
    it: "refuses the patch in namespaces of others",
    resources: [
      inNamespace("staging"),
      inNamespace("review-other"),
      inNamespace("review-login-other"),
      inNamespace("shop-login"),
      inNamespace("review-a-b-login"),
      inNamespace("login"),
      inNamespace(undefined),
      inNamespace("production", "staging"),
      inNamespace("review-.*", "review-.*"),
      inNamespace(secretValue(secretText)),
    ],
    finds: Array<string>(10).fill(notOwn),
  },
  {
    it: "refuses the patch when it leaves the token on",
    resources: [
      accountPatch({ automountServiceAccountToken: true }),
      accountPatch({ automountServiceAccountToken: "false" }),
      accountPatch({ automountServiceAccountToken: null }),
      accountPatch({ automountServiceAccountToken: unknownText }),
    ],
    finds: Array<string>(4).fill("automountServiceAccountToken is not false"),
  },
  {
    it: "refuses the patch when it sets anything else",
    resources: [
      accountPatch({ secrets: [{ name: secretValue(secretText) }] }),
      accountPatch({
        metadata: {
          name: "default",
          namespace: "review-login",
          annotations: { "pulumi.com/patchForce": "true" },
        },
      }),
      accountPatch({
        metadata: { name: "default", namespace: "review-login", [secretText]: "x" },
      }),
    ],
    finds: [more, more, more],
  },
  {
    it: "tells all at once",
    resources: accountPatch({
      metadata: { name: "default", namespace: "staging" },
      automountServiceAccountToken: true,
      secrets: [],
    }),
    finds: [notOwn, "automountServiceAccountToken is not false", more],
  },
]);

function provider(properties: Properties): AnalyzedResource {
  return { type: "pulumi:providers:kubernetes", name: "cluster", properties };
}

function annotated(annotations: unknown): AnalyzedResource {
  return resource("kubernetes:core/v1:ConfigMap", { metadata: { name: "x", annotations } });
}

const takesOver = "lets the stack take over objects";
const nobodyKnows = "is not known before the update, so nobody can tell whether it lets";

describePolicy(providersOnlyMakeObjects, [
  {
    it: "passes providers that are told nothing of it",
    resources: [
      provider({}),
      provider({ context: "review", kubeconfig: unknownText, enableSecretMutable: "true" }),
      provider({
        upsertExistingObjects: false,
        enablePatchForce: "false",
        renderYamlToDirectory: "",
        skipUpdateUnreachable: null,
        deleteUnreachable: "",
        enableServerSideApply: "true",
      }),
      provider({ enableServerSideApply: true }),
    ],
  },
  {
    it: "refuses what takes over, forces, hides or forgets",
    resources: [
      provider({ upsertExistingObjects: true }),
      provider({ upsertExistingObjects: "true" }),
      provider({ enablePatchForce: true }),
      provider({ renderYamlToDirectory: secretValue(secretText) }),
      provider({ skipUpdateUnreachable: "true" }),
      provider({ deleteUnreachable: true }),
      provider({ enableServerSideApply: false }),
      provider({ enableServerSideApply: "false" }),
      provider({ enableServerSideApply: "" }),
    ],
    finds: [
      `kubernetes cluster: upsertExistingObjects ${takesOver}`,
      takesOver,
      "enablePatchForce lets the stack overwrite",
      "renderYamlToDirectory lets objects be written to files",
      "skipUpdateUnreachable lets an update succeed",
      "deleteUnreachable lets the stack forget",
      "enableServerSideApply lets updates overwrite",
      "enableServerSideApply",
      "enableServerSideApply",
    ],
  },
  {
    it: "refuses what is not known yet, and goes on",
    resources: provider({ upsertExistingObjects: unknownText, deleteUnreachable: "true" }),
    finds: [`upsertExistingObjects ${nobodyKnows}`, "deleteUnreachable lets"],
  },
  {
    it: "refuses values of the wrong type",
    resources: provider({ upsertExistingObjects: 1, renderYamlToDirectory: {} }),
    finds: [takesOver, "renderYamlToDirectory"],
  },
  {
    it: "refuses objects that are made by such a provider",
    resources: {
      ...annotated({}),
      provider: { properties: { upsertExistingObjects: "true" } },
    },
    finds: [`ConfigMap x: provider.upsertExistingObjects ${takesOver}`],
  },
  {
    it: "does not judge providers of other packages",
    resources: [
      { type: "pulumi:providers:random", name: "x", properties: { upsertExistingObjects: true } },
      { ...resource("random:index:X", {}), provider: { properties: { deleteUnreachable: true } } },
    ],
  },
  {
    it: "passes annotations that ask for nothing of it",
    resources: [
      annotated(undefined),
      annotated(unknownText),
      annotated({ "pulumi.com/skipAwait": "true", "pulumi.com/patchForce": "false" }),
      annotated({ "pulumi.com/patchForce": false }),
      annotated({ "pulumi.com/patchForce": "" }),
      annotated({ "pulumi.com/patchForce": null }),
      annotated({ "pulumi.com/deletionPropagationPolicy": "Background" }),
      annotated({ "pulumi.com/deletionPropagationPolicy": "foreground" }),
    ],
  },
  {
    it: "refuses annotations that force or forget",
    resources: [
      annotated({ "pulumi.com/patchForce": "true" }),
      annotated({ "pulumi.com/patchForce": secretValue(secretText) }),
      annotated({ "pulumi.com/deletionPropagationPolicy": "Orphan" }),
      annotated({ "pulumi.com/deletionPropagationPolicy": 1 }),
    ],
    finds: [
      'metadata.annotations["pulumi.com/patchForce"] lets the stack overwrite',
      "patchForce",
      'metadata.annotations["pulumi.com/deletionPropagationPolicy"] lets the stack forget',
      "deletionPropagationPolicy",
    ],
  },
  {
    it: "refuses annotations of it that are not known yet",
    resources: annotated({
      "pulumi.com/patchForce": unknownText,
      "pulumi.com/deletionPropagationPolicy": unknownText,
    }),
    finds: [nobodyKnows, nobodyKnows],
  },
]);

function ignoring(token: string, ...ignoreChanges: string[]): AnalyzedResource {
  return { ...resource(`kubernetes:${token}`, { metadata: { name: "x" } }), ignoreChanges };
}

const walls = [
  "core/v1:Namespace",
  "core/v1:ResourceQuota",
  "core/v1:LimitRange",
  "core/v1:ServiceAccount",
  "core/v1:ServiceAccountPatch",
  "networking.k8s.io/v1:NetworkPolicy",
  "extensions/v1beta1:NetworkPolicy",
  "flowcontrol.apiserver.k8s.io/v1:FlowSchema",
  "rbac.authorization.k8s.io/v1:Role",
  "rbac.authorization.k8s.io/v1:RoleBinding",
  "security.istio.io/v1:AuthorizationPolicy",
  "security.istio.io/v1:PeerAuthentication",
  "policy.linkerd.io/v1alpha1:AuthorizationPolicy",
  "policy.linkerd.io/v1alpha1:MeshTLSAuthentication",
  "policy.linkerd.io/v1alpha1:NetworkAuthentication",
  "policy.linkerd.io/v1beta3:Server",
];

describePolicy(wallsFollowTheirProgram, [
  { it: "passes walls that follow", resources: walls.map((wall) => ignoring(wall)) },
  {
    it: "passes other objects whatever they ignore",
    resources: [
      ignoring("apps/v1:Deployment", "spec.replicas"),
      ignoring("example.com/v1:Role", "spec"),
      { ...resource("random:index:X", { x: 1 }), ignoreChanges: ["x"] },
    ],
  },
  {
    it: "passes a wall that is not known yet",
    resources: resource("kubernetes:core/v1:ResourceQuota", { metadata: unknownText }),
  },
  {
    it: "passes what is left out by --target",
    resources: { ...resource("kubernetes:core/v1:Namespace", {}), ignoreChanges: ["metadata"] },
  },
  {
    it: "refuses walls that ignore anything",
    resources: walls.map((wall) => ignoring(wall, secretText)),
    finds: walls.map(() => "is a wall whose changes are ignored"),
  },
]);
