import { noLastingTokens, podsHaveNoTokens } from "#policy/policies/tokens";
import { describePolicy } from "./support/policyCases";
import { unknownText } from "./support/policyAnalyzer";
import { podSpec, podWith, resourceOf, secret } from "./support/policyResources";

const secretOf = (properties: object) => resourceOf("core/v1:Secret", { ...properties });
const account = (properties: object) =>
  resourceOf("core/v1:ServiceAccount", { metadata: { name: "x" }, ...properties });
const accountPatch = (properties: object) =>
  resourceOf("core/v1:ServiceAccountPatch", { metadata: { name: "default" }, ...properties });

describePolicy(noLastingTokens, [
  {
    it: "passes other secrets, and accounts without any",
    resources: [
      secretOf({ stringData: { password: secret } }),
      secretOf({ type: "Opaque" }),
      secretOf({ type: secret }),
      account({}),
      account({ secrets: [], imagePullSecrets: [{ name: "image-registries" }] }),
      account({ secrets: null }),
    ],
  },
  {
    it: "has no say in other kinds",
    resources: [
      resourceOf("core/v1:ConfigMap", { type: "kubernetes.io/service-account-token" }),
      resourceOf("example.com/v1:Secret", { type: "kubernetes.io/service-account-token" }),
      resourceOf("core/v1:Secret", {}),
      resourceOf("core/v1:Pod", { secrets: [{ name: "x" }] }),
    ],
  },
  {
    it: "refuses Secrets that ask for a token",
    resources: secretOf({ type: "kubernetes.io/service-account-token" }),
    finds: ["Secret x: type asks for a token of a service account that never expires. Leave"],
  },
  {
    it: "refuses Secrets that may ask for one",
    resources: secretOf({ type: unknownText }),
    finds: ["type is not known before the update"],
  },
  {
    it: "refuses accounts that list secrets or may do so",
    resources: [
      account({ secrets: [{ name: secret }] }),
      account({ secrets: unknownText }),
      account({ secrets: "x" }),
      accountPatch({ secrets: [{ name: "x" }] }),
    ],
    finds: Array.from({ length: 4 }, () => ": secrets lists secrets"),
  },
]);

const projected = (token: unknown) =>
  podWith({ volumes: [{ name: "t", projected: { sources: [{ serviceAccountToken: token }] } }] });

describePolicy(podsHaveNoTokens, [
  {
    it: "passes what has its token switched off, and what does not say",
    resources: [
      podWith(),
      podWith({ automountServiceAccountToken: false }),
      account({ automountServiceAccountToken: false }),
      accountPatch({ automountServiceAccountToken: false }),
      accountPatch({ imagePullSecrets: [] }),
      resourceOf("core/v1:Pod", { spec: unknownText }),
      resourceOf("core/v1:ConfigMap", { automountServiceAccountToken: true }),
    ],
  },
  {
    it: "passes projected tokens for a mesh, and other projections",
    resources: [
      projected({ audience: "identity.l5d.io", path: "token" }),
      projected({ audience: "istio-ca", path: "token" }),
      podWith({ volumes: [{ name: "t", projected: { sources: [{ configMap: { name: "c" } }] } }] }),
      podWith({ volumes: unknownText }),
    ],
  },
  {
    it: "refuses accounts that give a token to their pods",
    resources: [
      account({}),
      account({ automountServiceAccountToken: true }),
      account({ automountServiceAccountToken: "false" }),
      account({ automountServiceAccountToken: unknownText }),
      accountPatch({ automountServiceAccountToken: true }),
    ],
    finds: [
      "ServiceAccount x: automountServiceAccountToken is missing, so its pods get a token",
      "gives pods a token for the API server. Set it to false",
      "gives pods a token",
      "is not known before the update",
      "ServiceAccountPatch x: automountServiceAccountToken gives pods a token",
    ],
  },
  {
    it: "refuses pods with a token, in every workload",
    resources: [
      podWith({ automountServiceAccountToken: true }),
      podWith({ automountServiceAccountToken: unknownText }),
      resourceOf("batch/v1:CronJob", {
        spec: {
          jobTemplate: {
            spec: { template: { spec: podSpec({ automountServiceAccountToken: true }) } },
          },
        },
      }),
    ],
    finds: [
      "Pod x: spec.automountServiceAccountToken gives pods a token",
      "is not known before the update",
      "spec.jobTemplate.spec.template.spec.automountServiceAccountToken gives pods a token",
    ],
  },
  {
    it: "refuses certificates of the cluster, and sources that nobody knows",
    resources: podWith({
      volumes: [
        {
          name: "t",
          projected: {
            sources: [
              { podCertificate: { signerName: "kubernetes.io/kube-apiserver-client-pod" } },
              { secret: { name: "c" }, podCertificate: unknownText },
              { later: {} },
              { podCertificate: null, downwardAPI: {}, clusterTrustBundle: {} },
              unknownText,
            ],
          },
        },
      ],
    }),
    finds: [0, 1, 2].map(
      (index) => `spec.volumes[0].projected.sources[${index}] is of a type that may prove`,
    ),
  },
  {
    it: "refuses projected tokens for the API server",
    resources: [
      projected({ path: "token" }),
      projected({ audience: "" }),
      projected({ audience: "https://kubernetes.default.svc.cluster.local" }),
    ],
    finds: Array.from(
      { length: 3 },
      () =>
        "Pod x: spec.volumes[0].projected.sources[0].serviceAccountToken gives the pod a token for the API server",
    ),
  },
  {
    it: "passes tokens for those who are listed",
    settings: { tokenAudiences: ["vault", "sts.amazonaws.com"] },
    resources: [
      projected({ audience: "vault", path: "token" }),
      projected({ audience: "sts.amazonaws.com", path: "token" }),
    ],
  },
  {
    it: "refuses tokens for others, for what is no text, and for an audience that is not known",
    settings: { tokenAudiences: ["vault"] },
    resources: [
      projected({ audience: "sts.amazonaws.com", path: "token" }),
      projected({ audience: "vault-2", path: "token" }),
      projected({ audience: 7, path: "token" }),
      projected({ audience: unknownText, path: "token" }),
    ],
    finds: [
      "serviceAccountToken.audience names somebody for whom pods of environments have no tokens",
      "serviceAccountToken.audience names somebody",
      "serviceAccountToken.audience names somebody",
      "serviceAccountToken.audience is not known before the update",
    ],
  },
  {
    it: "refuses tokens for the API server, also where it is listed",
    settings: { tokenAudiences: ["https://kubernetes.default.svc"] },
    resources: projected({ audience: "https://kubernetes.default.svc" }),
    finds: ["gives the pod a token for the API server"],
  },
]);
