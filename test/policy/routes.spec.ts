import { routesStayInside } from "#policy/policies/routes";
import { describePolicy } from "./support/policyCases";
import { unknownText } from "./support/policyAnalyzer";
import { resourceOf } from "./support/policyResources";

const route = (rule: unknown, kind = "HTTPRoute", namespace = "review-login") =>
  resourceOf(`gateway.networking.k8s.io/v1:${kind}`, {
    metadata: { name: "x", namespace },
    spec: { rules: [rule] },
  });
const ingress = (backend: unknown) =>
  resourceOf("networking.k8s.io/v1:Ingress", {
    metadata: { name: "x" },
    spec: { rules: [{ http: { paths: [{ backend }] } }] },
  });
const mirror = (backendRef: unknown) => ({ type: "RequestMirror", requestMirror: { backendRef } });
const elsewhere = "leads to something else than a Service of the same namespace";
const unjudged = "is no filter whose target is judged";
const unknown = "is not known before the update";

describePolicy(routesStayInside, [
  {
    it: "passes routes to Services of their own namespace",
    resources: [
      route({
        filters: [{ type: "URLRewrite" }, mirror({ name: "copy", port: 80 })],
        backendRefs: [
          { name: "shop", port: 80, filters: [{ type: "RequestHeaderModifier" }] },
          { name: "shop", group: "", kind: "Service", namespace: "review-login" },
          { name: "shop", kind: null, namespace: "" },
        ],
      }),
      route({}),
      route(unknownText),
      route({ backendRefs: [{ name: "shop", namespace: unknownText }] }, "HTTPRoute", unknownText),
      resourceOf("gateway.networking.k8s.io/v1:HTTPRoute", { spec: unknownText }),
      resourceOf("example.com/v1:HTTPRoute", { spec: { rules: [{ filters: [{ type: "x" }] }] } }),
    ],
  },
  {
    it: "passes Ingresses to Services",
    resources: [
      ingress({ service: { name: "shop", port: { number: 80 } } }),
      ingress({ service: {}, resource: null }),
      ingress(unknownText),
      resourceOf("core/v1:ConfigMap", { spec: { rules: [{ backendRefs: [{ kind: "x" }] }] } }),
    ],
  },
  {
    it: "refuses filters by which others decide, or nobody knows who",
    resources: [
      route({
        filters: [{ type: "ExternalAuth" }, { type: "CORS" }, { type: "ExtensionRef" }, {}],
      }),
      route({ backendRefs: [{ name: "shop", filters: [{ type: "ExternalAuth" }] }] }, "GRPCRoute"),
    ],
    finds: [
      `HTTPRoute x: spec.rules[0].filters[0].type ${unjudged}`,
      `spec.rules[0].filters[2].type ${unjudged}`,
      `spec.rules[0].filters[3].type ${unjudged}`,
      `GRPCRoute x: spec.rules[0].backendRefs[0].filters[0].type ${unjudged}`,
    ],
  },
  {
    it: "refuses routes that lead elsewhere, copies of requests too",
    resources: [
      ...["HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute", "UDPRoute"].map((kind) =>
        route({ backendRefs: [{ name: "shop", namespace: "staging" }] }, kind),
      ),
      route({
        backendRefs: [{ name: "x", kind: "ServiceImport", group: "multicluster.x-k8s.io" }],
      }),
      route({ filters: [mirror({ name: "shop", namespace: "staging" })] }),
      route({ backendRefs: [{ filters: [mirror({ name: "x", kind: "Pod" })] }] }),
    ],
    finds: [
      ...Array<string>(5).fill(`spec.rules[0].backendRefs[0].namespace ${elsewhere}`),
      `spec.rules[0].backendRefs[0].group ${elsewhere}`,
      `spec.rules[0].backendRefs[0].kind ${elsewhere}`,
      `spec.rules[0].filters[0].requestMirror.backendRef.namespace ${elsewhere}`,
      `spec.rules[0].backendRefs[0].filters[0].requestMirror.backendRef.kind ${elsewhere}`,
    ],
  },
  {
    it: "refuses Ingresses to other objects",
    resources: [
      ingress({ resource: { apiGroup: "example.com", kind: "Bucket", name: "x" } }),
      ingress({ resource: unknownText }),
      resourceOf("extensions/v1beta1:Ingress", {
        spec: { rules: [{ http: { paths: [{ backend: { resource: { kind: "x" } } }] } }] },
      }),
    ],
    finds: Array<string>(3).fill(`spec.rules[0].http.paths[0].backend.resource ${elsewhere}`),
  },
  {
    it: "refuses what is not known yet",
    resources: [
      route({ filters: [{ type: unknownText }] }),
      route({ filters: unknownText }),
      route({ filters: [unknownText] }),
      route({ backendRefs: unknownText }),
      route({ backendRefs: [{ name: "shop", namespace: unknownText }] }),
      route({ backendRefs: [unknownText] }),
      route({ filters: [{ type: "RequestMirror", requestMirror: unknownText }] }),
    ],
    finds: [
      `spec.rules[0].filters[0].type ${unknown}`,
      `spec.rules[0].filters ${unknown}`,
      `spec.rules[0].filters[0] ${unknown}`,
      `spec.rules[0].backendRefs ${unknown}`,
      `spec.rules[0].backendRefs[0].namespace ${unknown}`,
      `spec.rules[0].backendRefs[0] ${unknown}`,
      `spec.rules[0].filters[0].requestMirror ${unknown}`,
    ],
  },
]);
