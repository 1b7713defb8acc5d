/**
 * CustomResourceDefinitions of the meshes, as far as environments use them: written after those of
 * linkerd2 `charts/linkerd-crds` and of istio/api `kubernetes/customresourcedefinitions.gen.yaml`,
 * both of August 2026. Rules, required fields and enums are theirs; on top, the tests validate
 * fields strictly, so that one that is not listed here is refused. What Linkerd checks in its
 * admission webhook only (`accessPolicy`, `proxyProtocol`, kinds of references) are enums here.
 */

type Schema = Readonly<Record<string, unknown>>;

const text = { type: "string" };
const texts = { type: "array", items: text };
const labels = { type: "object", additionalProperties: { type: "string", maxLength: 63 } };

function object(properties: Schema, rules: Schema = {}): Schema {
  return { type: "object", properties, ...rules };
}

function definition(group: string, version: string, kind: string, plural: string, spec: Schema) {
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: "Namespaced",
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          schema: { openAPIV3Schema: object({ spec }, { required: ["spec"] }) },
        },
      ],
    },
  };
}

/** A reference to one of the kinds, with the group that the kind has. */
function reference(kinds: readonly string[], required: readonly string[] = ["kind", "name"]) {
  const name = { type: "string", minLength: 1, maxLength: 253 };
  return object(
    { group: text, kind: { type: "string", enum: kinds }, name, namespace: text },
    {
      required,
      "x-kubernetes-validations": [
        {
          rule: "(self.kind in ['Namespace', 'ServiceAccount']) == (!has(self.group) || self.group == '')",
          message: "the group must be that of the kind",
        },
      ],
    },
  );
}

const linkerdGroup = "policy.linkerd.io";

const linkerd = [
  definition(
    linkerdGroup,
    "v1beta3",
    "Server",
    "servers",
    object(
      {
        accessPolicy: {
          type: "string",
          default: "deny",
          enum: [
            "all-authenticated",
            "all-unauthenticated",
            "cluster-authenticated",
            "cluster-unauthenticated",
            "deny",
            "audit",
          ],
        },
        podSelector: object({ matchLabels: labels }),
        port: { "x-kubernetes-int-or-string": true },
        proxyProtocol: {
          type: "string",
          default: "unknown",
          enum: ["unknown", "HTTP/1", "HTTP/2", "gRPC", "opaque", "TLS"],
        },
      },
      { required: ["port", "podSelector"] },
    ),
  ),
  definition(
    linkerdGroup,
    "v1alpha1",
    "AuthorizationPolicy",
    "authorizationpolicies",
    object(
      {
        targetRef: reference(["Namespace", "Server"]),
        requiredAuthenticationRefs: {
          type: "array",
          items: reference(["MeshTLSAuthentication", "NetworkAuthentication", "ServiceAccount"]),
        },
      },
      { required: ["targetRef", "requiredAuthenticationRefs"] },
    ),
  ),
  definition(
    linkerdGroup,
    "v1alpha1",
    "MeshTLSAuthentication",
    "meshtlsauthentications",
    object(
      {
        identities: { ...texts, minItems: 1 },
        identityRefs: {
          type: "array",
          minItems: 1,
          items: reference(["Namespace", "ServiceAccount"], ["kind"]),
        },
      },
      { oneOf: [{ required: ["identities"] }, { required: ["identityRefs"] }] },
    ),
  ),
  definition(
    linkerdGroup,
    "v1alpha1",
    "NetworkAuthentication",
    "networkauthentications",
    object(
      {
        networks: {
          type: "array",
          minItems: 1,
          items: object({ cidr: text, except: texts }, { required: ["cidr"] }),
        },
      },
      { required: ["networks"] },
    ),
  ),
];

const istioGroup = "security.istio.io";
const selector = object({ matchLabels: labels });
const mutualTls = object({
  mode: { type: "string", enum: ["UNSET", "DISABLE", "PERMISSIVE", "STRICT"] },
});

const istio = [
  definition(
    istioGroup,
    "v1",
    "PeerAuthentication",
    "peerauthentications",
    object(
      {
        selector,
        mtls: mutualTls,
        portLevelMtls: {
          type: "object",
          minProperties: 1,
          additionalProperties: mutualTls,
          "x-kubernetes-validations": [
            {
              rule: "self.all(key, 0 < int(key) && int(key) <= 65535)",
              message: "port must be between 1-65535",
            },
          ],
        },
      },
      {
        "x-kubernetes-validations": [
          {
            rule: "!has(self.portLevelMtls) || (has(self.selector) && has(self.selector.matchLabels) && self.selector.matchLabels.size() > 0)",
            message: "portLevelMtls requires selector",
          },
        ],
      },
    ),
  ),
  definition(
    istioGroup,
    "v1",
    "AuthorizationPolicy",
    "authorizationpolicies",
    object({
      action: { type: "string", enum: ["ALLOW", "DENY", "AUDIT", "CUSTOM"] },
      selector,
      rules: {
        type: "array",
        maxItems: 512,
        items: object({
          from: {
            type: "array",
            maxItems: 512,
            items: object({
              source: object({
                namespaces: texts,
                notPrincipals: texts,
                ipBlocks: texts,
                notIpBlocks: texts,
              }),
            }),
          },
          to: { type: "array", items: object({ operation: object({ ports: texts }) }) },
        }),
      },
    }),
  ),
];

/** What an administrator installs before environments can be part of a mesh. */
export const meshDefinitions = [...linkerd, ...istio];
