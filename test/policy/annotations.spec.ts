import { annotationsAddressNobody } from "#policy/policies/annotations";
import { describePolicy } from "./support/policyCases";
import { unknownText } from "./support/policyAnalyzer";
import { podSpec, resourceOf } from "./support/policyResources";

const secondNetwork = { "k8s.v1.cni.cncf.io/networks": "production" };
const host = { "external-dns.alpha.kubernetes.io/hostname": "shop.example.com" };

const annotated = (annotations: unknown, type = "core/v1:Pod") =>
  resourceOf(type, { metadata: { name: "x", annotations }, spec: podSpec() });
const template = (annotations: unknown) => ({ metadata: { annotations }, spec: podSpec() });
const acts = "is read by somebody who acts on it";

describePolicy(annotationsAddressNobody, [
  {
    it: "passes annotations that describe",
    resources: [
      annotated({}),
      annotated(null),
      annotated("none"),
      annotated({
        "checksum/config": unknownText,
        note: "x",
        "kubectl.kubernetes.io/default-container": "app",
        "prometheus.io/scrape": "true",
        "secure-environment/reason": "x",
        "janitor/expires": "2027-01-31T18:00:00Z",
      }),
    ],
  },
  {
    it: "passes Pulumi's own, and those of members of a mesh",
    resources: [
      annotated({ "pulumi.com/skipAwait": "true" }, "apps/v1:Deployment"),
      annotated({ "linkerd.io/inject": "enabled", "sidecar.istio.io/inject": "true" }),
      annotated({ "config.linkerd.io/opaque-ports": "5432" }, "core/v1:Service"),
    ],
  },
  {
    it: "passes those of an environment's namespace, and of nothing else",
    resources: ["core/v1:Namespace", "core/v1:Pod"].map((type) =>
      annotated(
        {
          "config.linkerd.io/default-inbound-policy": "deny",
          "scheduler.alpha.kubernetes.io/node-selector": "secure-environment/node-pool=review",
          "scheduler.alpha.kubernetes.io/defaultTolerations": "[]",
          "scheduler.alpha.kubernetes.io/tolerationsWhitelist": "[]",
        },
        type,
      ),
    ),
    finds: [
      'Pod x: metadata.annotations["config.linkerd.io/…"]',
      ...Array<string>(3).fill('Pod x: metadata.annotations["scheduler.alpha.kubernetes.io/…"]'),
    ],
  },
  {
    it: "leaves hosts to the policy about them, where that judges",
    resources: [
      ...[
        "core/v1:Service",
        "networking.k8s.io/v1:Ingress",
        "gateway.networking.k8s.io/v1:HTTPRoute",
        "core/v1:Pod",
        "core/v1:ConfigMap",
      ].map((type) => annotated(host, type)),
      ...["networking.k8s.io/v1:Ingress", "core/v1:Service"].map((type) =>
        annotated({ "nginx.ingress.kubernetes.io/server-snippet": "" }, type),
      ),
      resourceOf("networking.k8s.io/v1:Ingress", {
        metadata: { annotations: { "nginx.ingress.kubernetes.io/mirror-target": "http://x" } },
      }),
    ],
    finds: [
      'Pod x: metadata.annotations["external-dns.alpha.kubernetes.io/…"]',
      'ConfigMap x: metadata.annotations["external-dns.alpha.kubernetes.io/…"]',
      "Service x: metadata.annotations",
      "Ingress x: metadata.annotations",
    ],
  },
  {
    it: "refuses annotations by which somebody acts, on anything",
    resources: [
      annotated(secondNetwork),
      annotated({ "iam.amazonaws.com/role": unknownText }),
      annotated(
        { "service.cilium.io/global": "true", "tailscale.com/expose": "true" },
        "core/v1:Service",
      ),
      annotated({ "iam.amazonaws.com/permitted": ".*" }, "core/v1:Namespace"),
      annotated({ "eks.amazonaws.com/role-arn": "x" }, "core/v1:ServiceAccount"),
      annotated({ "replicator.v1.mittwald.de/replicate-to": "production" }, "core/v1:Secret"),
      annotated({ "example.com/x": "" }, "example.com/v1:Cache"),
    ],
    finds: [
      `Pod x: metadata.annotations["k8s.v1.cni.cncf.io/…"] ${acts}`,
      "Pod x",
      "Service x",
      "Service x",
      "Namespace x",
      "ServiceAccount x",
      "Secret x",
      "Cache x",
    ],
  },
  {
    it: "refuses them in whatever pods, jobs and claims are made from",
    resources: [
      resourceOf("core/v1:PodTemplate", { template: template(secondNetwork) }),
      resourceOf("apps/v1:Deployment", { spec: { template: template(host) } }),
      resourceOf("batch/v1:Job", { spec: { template: template(secondNetwork) } }),
      resourceOf("batch/v1:CronJob", {
        spec: {
          jobTemplate: {
            metadata: { annotations: secondNetwork },
            spec: { template: template(secondNetwork) },
          },
        },
      }),
      resourceOf("apps/v1:StatefulSet", {
        spec: {
          template: template({}),
          volumeClaimTemplates: [
            { metadata: { annotations: { "volume.beta.kubernetes.io/storage-class": "" } } },
          ],
        },
      }),
      resourceOf("core/v1:Pod", {
        spec: podSpec({
          volumes: [
            {
              name: "a",
              ephemeral: { volumeClaimTemplate: { metadata: { annotations: secondNetwork } } },
            },
            { name: "b", emptyDir: {} },
          ],
        }),
      }),
      resourceOf("core/v1:ConfigMap", { spec: { template: template(secondNetwork) } }),
    ],
    finds: [
      "PodTemplate x: template.metadata.annotations",
      "Deployment x: spec.template.metadata.annotations",
      "Job x: spec.template.metadata.annotations",
      "CronJob x: spec.jobTemplate.metadata.annotations",
      "CronJob x: spec.jobTemplate.spec.template.metadata.annotations",
      'StatefulSet x: spec.volumeClaimTemplates[0].metadata.annotations["volume.beta.kubernetes.io/…"]',
      "Pod x: spec.volumes[0].ephemeral.volumeClaimTemplate.metadata.annotations",
    ],
  },
  {
    it: "passes what a setting allows, by key and by prefix",
    resources: [annotated({ "example.com/a": "", "example.org/a": "", "example.com/b": "" })],
    settings: { allowedAnnotations: ["example.com/a", "example.org/"] },
    finds: ['metadata.annotations["example.com/…"]'],
  },
  {
    it: "refuses annotations that are not known yet, but for what is unknown as a whole",
    resources: [
      annotated(unknownText),
      resourceOf("core/v1:Pod", { metadata: unknownText }),
      resourceOf("apps/v1:Deployment", { spec: unknownText }),
      resourceOf("apps/v1:Deployment", { spec: { template: template(unknownText) } }),
    ],
    finds: [
      "Pod x: metadata.annotations is not known",
      "Deployment x: spec.template.metadata.annotations is not known",
    ],
  },
  {
    it: "passes what a service account is for a cloud where that is listed, with its value",
    settings: {
      serviceAccountAnnotations: [{ key: "eks.amazonaws.com/role-arn", value: "review" }],
    },
    resources: [
      annotated({ "eks.amazonaws.com/role-arn": "review" }, "core/v1:ServiceAccount"),
      annotated({ team: "shop", "kubernetes.io/description": "web" }, "core/v1:ServiceAccount"),
    ],
  },
  {
    it: "refuses service accounts that are somebody else for a cloud, whatever other objects may have",
    settings: {
      allowedAnnotations: ["eks.amazonaws.com/", "iam.gke.io/gcp-service-account"],
      serviceAccountAnnotations: [{ key: "eks.amazonaws.com/role-arn", value: "review" }],
    },
    resources: [
      annotated({ "eks.amazonaws.com/role-arn": "production" }, "core/v1:ServiceAccount"),
      annotated({ "eks.amazonaws.com/role-arn": unknownText }, "core/v1:ServiceAccount"),
      annotated({ "iam.gke.io/gcp-service-account": "review" }, "core/v1:ServiceAccount"),
    ],
    finds: [acts, acts, acts],
  },
]);
