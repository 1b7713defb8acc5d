import { environmentHasMutualTls } from "#policy/policies/environmentMesh";
import { describePolicy } from "./support/policyCases";
import { unknownText } from "./support/policyAnalyzer";
import { resourceOf, secret } from "./support/policyResources";

const namespace = (metadata: object) =>
  resourceOf("core/v1:Namespace", { metadata: { name: "review-x", ...metadata } }, { name: "env" });
const labelled = (labels: unknown) => namespace({ labels });
const annotated = (annotations: unknown) => namespace({ annotations });
const sidecars = labelled({ "istio-injection": "enabled" });

function inside(type: string, spec: unknown) {
  return resourceOf(type, { metadata: { name: "mesh", namespace: "review-x" }, spec });
}
const peers = (spec: unknown) => inside("security.istio.io/v1:PeerAuthentication", spec);
const authorization = (spec: unknown) => inside("security.istio.io/v1:AuthorizationPolicy", spec);
const strict = peers({ mtls: { mode: "STRICT" } });
const allowing = authorization({ action: "ALLOW", rules: [] });

const noMutualTls =
  "Namespace env is part of Istio's mesh and has no PeerAuthentication that asks for mutual TLS";
const noAuthorization =
  "Namespace env is part of Istio's mesh and has no AuthorizationPolicy that allows";
const selector = { matchLabels: { app: "shop" } };

describePolicy(environmentHasMutualTls, [
  {
    it: "has no say outside meshes",
    resources: [
      namespace({}),
      labelled({ "istio-injection": "disabled", "istio.io/dataplane-mode": "none" }),
      labelled(unknownText),
      annotated({ "linkerd.io/inject": "disabled" }),
    ],
  },
  {
    it: "passes namespaces of Istio that are closed as a whole",
    resources: [sidecars, strict, allowing],
  },
  {
    it: "passes an empty selector, and no action, which allows",
    resources: [
      labelled({ "istio.io/dataplane-mode": "ambient" }),
      peers({ selector: { matchLabels: {} }, mtls: { mode: "STRICT" } }),
      authorization({ selector: { matchLabels: null } }),
      authorization({ action: "ALLOW", selector }),
    ],
  },
  {
    it: "refuses namespaces of Istio without its objects, however they join",
    resources: [labelled({ "istio-injection": "enabled" })],
    finds: [noMutualTls, noAuthorization],
  },
  ...[
    { "istio.io/dataplane-mode": "ambient" },
    { "istio.io/rev": "canary" },
    { "istio-injection": unknownText },
    { "istio.io/rev": unknownText },
  ].map((labels) => ({
    it: `refuses them by the labels ${JSON.stringify(labels)}`,
    resources: [labelled(labels)],
    finds: [noMutualTls, noAuthorization],
  })),
  {
    it: "refuses mutual TLS that holds for some, or is not asked for",
    resources: [
      sidecars,
      allowing,
      peers({ selector, mtls: { mode: "STRICT" } }),
      peers({ selector: unknownText, mtls: { mode: "STRICT" } }),
      peers({ selector: { matchLabels: 1 }, mtls: { mode: "STRICT" } }),
      peers({ mtls: { mode: "PERMISSIVE" } }),
      peers({ mtls: { mode: unknownText } }),
      peers({ portLevelMtls: { 8080: { mode: "STRICT" } } }),
      inside("example.com/v1:PeerAuthentication", { mtls: { mode: "STRICT" } }),
    ],
    finds: [noMutualTls],
  },
  {
    it: "refuses an authorization that holds for some, or denies only",
    resources: [
      sidecars,
      strict,
      authorization({ action: "ALLOW", selector }),
      authorization({ action: "DENY", rules: [{}] }),
      authorization({ action: unknownText }),
      authorization({ targetRef: { kind: "Gateway", name: "x" } }),
      authorization({ targetRefs: [{ kind: "Gateway", name: "x" }] }),
      authorization(unknownText),
      inside("policy.linkerd.io/v1alpha1:AuthorizationPolicy", {}),
    ],
    finds: [noAuthorization],
  },
  {
    it: "passes namespaces of Linkerd that deny by default",
    resources: annotated({
      "linkerd.io/inject": "enabled",
      "config.linkerd.io/default-inbound-policy": "deny",
    }),
  },
  ...["all-authenticated", unknownText, secret, null].map((policy) => ({
    it: `refuses those whose default is ${JSON.stringify(policy)}`,
    resources: annotated({
      "linkerd.io/inject": "ingress",
      "config.linkerd.io/default-inbound-policy": policy,
    }),
    finds: [
      'Namespace env: metadata.annotations["config.linkerd.io/default-inbound-policy"] is not deny',
    ],
  })),
  {
    it: "refuses what may join Linkerd with another default",
    resources: annotated({ "linkerd.io/inject": unknownText }),
    finds: ["is not deny"],
  },
]);
