import { hostsAreTheEnvironmentsOwn } from "#policy/policies/hosts";
import { servicesStayInside } from "#policy/policies/services";
import { describePolicy, secretText } from "./support/policyCases";
import { type AnalyzedResource, secretValue, unknownText } from "./support/policyAnalyzer";
import { withoutUndefined } from "../support/properties";

type Properties = Readonly<Record<string, unknown>>;

function resource(token: string, properties: Properties): AnalyzedResource {
  return {
    type: `kubernetes:${token}`,
    name: "web",
    properties: withoutUndefined(properties),
    provider: {},
  };
}

const metadata = { name: "web", namespace: "review-login" };
const selector = { app: "web" };

function service(spec: unknown): AnalyzedResource {
  return resource("core/v1:Service", { metadata, spec });
}

function selecting(spec: Properties): AnalyzedResource {
  return service({ selector, ...spec });
}

const nobodyKnows = "is not known before the update";
const selectsNobody = "spec.selector selects no pods";

describePolicy(servicesStayInside, [
  {
    it: "passes Services that select pods",
    resources: [
      selecting({ ports: [{ port: 80 }] }),
      selecting({ type: "ClusterIP", clusterIP: "None", externalIPs: [], externalName: "" }),
      selecting({ type: null, externalIPs: null, loadBalancerIP: null }),
      selecting({ selector: unknownText }),
      selecting({ selector: { app: unknownText }, ports: unknownText }),
      selecting({ selector: { app: secretValue(secretText) } }),
    ],
  },
  {
    it: "passes other objects, those that are called alike too",
    resources: [
      resource("core/v1:ConfigMap", { metadata }),
      resource("serving.knative.dev/v1:Service", { metadata, spec: { type: "NodePort" } }),
      resource("example.com/v1:Endpoints", { metadata }),
    ],
  },
  { it: "passes what is left out by --target", resources: resource("core/v1:Service", {}) },
  {
    it: "refuses types that lead outside",
    resources: [
      selecting({ type: "LoadBalancer", loadBalancerIP: "192.0.2.1", loadBalancerClass: "x" }),
      selecting({ type: "NodePort" }),
      service({ type: "ExternalName", externalName: secretValue(secretText) }),
      selecting({ type: 1 }),
    ],
    finds: Array<string>(4).fill("Service web: spec.type is not ClusterIP"),
  },
  {
    it: "refuses a type that is not known yet",
    resources: selecting({ type: unknownText }),
    finds: [`spec.type ${nobodyKnows}`],
  },
  {
    it: "refuses addresses of the outside, whatever the type is",
    resources: [
      selecting({ externalIPs: ["192.0.2.1"] }),
      selecting({ externalIPs: "" }),
      selecting({ externalIPs: [unknownText] }),
      selecting({ externalIPs: "192.0.2.1" }),
      selecting({ externalIPs: unknownText }),
      selecting({ externalIPs: [secretValue(secretText)], type: "NodePort" }),
    ],
    finds: [
      "spec.externalIPs takes traffic",
      "spec.externalIPs takes traffic",
      "spec.externalIPs takes traffic",
      "spec.externalIPs takes traffic",
      `spec.externalIPs ${nobodyKnows}`,
      "spec.type",
      "spec.externalIPs",
    ],
  },
  {
    it: "refuses addresses of its choice",
    resources: [
      selecting({ clusterIP: "10.96.0.10" }),
      selecting({ clusterIP: secretValue(secretText), clusterIPs: ["10.96.0.10", "None"] }),
      selecting({ clusterIP: unknownText }),
      selecting({ clusterIPs: unknownText }),
      selecting({ clusterIP: "", clusterIPs: ["None"] }),
    ],
    finds: [
      "spec.clusterIP is an address of its choice",
      "spec.clusterIP is an address of its choice",
      "spec.clusterIPs[0] is an address of its choice",
      `spec.clusterIP ${nobodyKnows}`,
      `spec.clusterIPs ${nobodyKnows}`,
    ],
  },
  {
    it: "refuses fields of types that lead outside",
    resources: selecting({
      externalName: "example.com",
      loadBalancerIP: unknownText,
      loadBalancerClass: secretValue(secretText),
    }),
    finds: [
      "spec.externalName is for",
      "spec.loadBalancerIP is for",
      "spec.loadBalancerClass is for",
    ],
  },
  {
    it: "refuses Services that select no pods",
    resources: [
      service({ ports: [] }),
      service({ selector: {} }),
      service({ selector: null }),
      service({ selector: "app" }),
      service({ selector: ["app"] }),
      service(undefined),
      service(null),
      service("x"),
    ],
    finds: Array<string>(8).fill(selectsNobody),
  },
  {
    it: "refuses a Service of which nothing is known",
    resources: service(unknownText),
    finds: [`spec ${nobodyKnows}`],
  },
  {
    it: "judges of a patch only what it sets",
    resources: resource("core/v1:ServicePatch", { metadata, spec: { type: "NodePort" } }),
    finds: ["spec.type is not ClusterIP"],
  },
  {
    it: "does not miss a selector in a patch",
    resources: resource("core/v1:ServicePatch", { metadata, spec: {} }),
  },
  {
    it: "refuses endpoints that are made by hand",
    resources: [
      resource("core/v1:Endpoints", { metadata }),
      resource("discovery.k8s.io/v1:EndpointSlice", { metadata }),
      resource("discovery.k8s.io/v1beta1:EndpointSlice", { metadata }),
    ],
    finds: Array<string>(3).fill("is made by hand"),
  },
]);

const domain = "review.example.com";
const own = "web.review-login.review.example.com";
const settings = { domain };

function ingress(spec: unknown, given: Properties = metadata): AnalyzedResource {
  return resource("networking.k8s.io/v1:Ingress", { metadata: given, spec });
}

function onHost(host: unknown, given: Properties = metadata): AnalyzedResource {
  return ingress({ rules: [{ host }] }, given);
}

function annotated(annotations: unknown, token = "networking.k8s.io/v1:Ingress") {
  return resource(token, {
    metadata: { ...metadata, annotations },
    spec: { selector, hostnames: [own] },
  });
}

function route(kind: string, spec: unknown): AnalyzedResource {
  return resource(`gateway.networking.k8s.io/v1:${kind}`, { metadata, spec });
}

const twoHyphens = { name: "web", namespace: "review--login" };
const unknownNamespace = { name: "web", namespace: unknownText };
const notOwn = "is not a host of this environment";
const everyHost = "stands for every host";

describePolicy(hostsAreTheEnvironmentsOwn, [
  {
    it: "passes hosts below the environment's own",
    settings,
    resources: [
      onHost(own),
      onHost(`*.review-login.${domain}`),
      onHost(`a.b.review-login.${domain}`),
      ingress({ rules: [{ host: own, http: unknownText }], tls: [{ hosts: [own] }] }),
      ingress({ rules: [], tls: null }),
      route("HTTPRoute", { hostnames: [own], rules: unknownText }),
      route("GRPCRoute", { hostnames: [own] }),
      route("TLSRoute", { hostnames: [own] }),
    ],
  },
  {
    it: "passes other objects, those that are called alike too",
    settings,
    resources: [
      resource("core/v1:Service", { metadata, spec: { rules: [{ host: "x" }] } }),
      resource("config.example.com/v1:Ingress", { metadata, spec: {} }),
      resource("example.com/v1:HTTPRoute", { metadata, spec: {} }),
      resource("networking.k8s.io/v1:Ingress", {}),
    ],
  },
  {
    it: "refuses hosts of others",
    settings,
    resources: [
      onHost("shop.example.com"),
      onHost(`web.review-other.${domain}`),
      onHost(`webreview-login.${domain}`),
      onHost(`web--review-other.${domain}`),
      onHost(`web--shop--review-login.${domain}`),
      onHost(`web-.web--review-login.${domain}`),
      onHost(`--review-login.${domain}`),
      onHost(`${"w".repeat(50)}--review-login.${domain}`),
      onHost(`web.review-login.${domain}.example.org`),
      onHost(`*.${domain}`),
      onHost(`*.*.review-login.${domain}`),
      onHost(`shop.example.com|web.review-login.${domain}`),
      onHost(secretValue(secretText)),
    ],
    finds: Array<string>(13).fill(
      "Ingress web: spec.rules[0].host is not a host of this environment, or another one could claim it. Use <namespace>.review.example.com, <anything>.<namespace>.review.example.com or <service>--<namespace>.review.example.com.",
    ),
  },
  {
    it: "lets the namespace itself and its services be hosts, under one wildcard",
    settings,
    resources: [
      onHost(`review-login.${domain}`),
      onHost(`web--review-login.${domain}`),
      onHost(`${"w".repeat(49)}--review-login.${domain}`),
    ],
  },
  {
    it: "refuses hosts of a namespace that looks like a service of another",
    settings,
    resources: [
      onHost(`review--login.${domain}`, twoHyphens),
      onHost(`web--review--login.${domain}`, twoHyphens),
      onHost(`web.review--login.${domain}`, twoHyphens),
    ],
    finds: [notOwn, notOwn],
  },
  {
    it: "refuses hosts of others without a domain, going by the namespace",
    resources: [
      onHost("review-login.example.com"),
      onHost("web--review-login.example.com"),
      onHost("web.review-login.example.com"),
      onHost("a.web--review-login.example.com"),
      onHost("shop.example.com"),
      onHost("review-login"),
      onHost("web.review-login"),
      onHost("review-login-2.example.com"),
    ],
    finds: Array<string>(5).fill(
      `${notOwn}, or another one could claim it. Use <namespace>.<your domain>, `,
    ),
  },
  {
    it: "refuses what stands for every host, with a domain or without",
    resources: [
      onHost(undefined),
      onHost(null),
      onHost(""),
      onHost("*"),
      onHost(1),
      ingress({ rules: [null] }),
      ingress({ rules: "" }),
      ingress({ tls: [{ secretName: secretValue(secretText) }] }),
      ingress({ tls: [{ hosts: [] }] }),
      route("HTTPRoute", {}),
      route("TLSRoute", { hostnames: [] }),
      route("GRPCRoute", { hostnames: ["*"] }),
      ingress(undefined),
    ],
    finds: [
      ...Array<string>(6).fill(`spec.rules[0].host ${everyHost}`),
      `spec.rules ${everyHost}`,
      `spec.tls[0].hosts ${everyHost}`,
      `spec.tls[0].hosts ${everyHost}`,
      `spec.hostnames ${everyHost}`,
      `spec.hostnames ${everyHost}`,
      `spec.hostnames[0] ${everyHost}`,
      `spec ${everyHost}`,
    ],
  },
  {
    it: "tells of each host, after one that is not known too",
    settings,
    resources: [
      ingress({
        rules: [{ host: unknownText }, { host: own }, { host: "a.example.com" }],
        tls: [{ hosts: [own, "b.example.com"] }, { hosts: unknownText }],
      }),
      route("HTTPRoute", { hostnames: [own, "c.example.com"] }),
    ],
    finds: [
      "spec.rules[0].host is not known",
      `spec.rules[2].host ${notOwn}`,
      `spec.tls[0].hosts[1] ${notOwn}`,
      "spec.tls[1].hosts is not known",
      `spec.hostnames[1] ${notOwn}`,
    ],
  },
  {
    it: "refuses hosts that are not known yet",
    resources: [
      ingress(unknownText),
      ingress({ rules: unknownText }),
      ingress({ rules: [unknownText] }),
      route("HTTPRoute", { hostnames: [unknownText] }),
      route("HTTPRoute", unknownText),
    ],
    finds: [
      "spec is not known",
      "spec.rules is not known",
      "spec.rules",
      "spec.hostnames",
      "spec is not known",
    ],
  },
  {
    it: "waits for hosts below a namespace that is not known yet either",
    settings,
    resources: [
      onHost(unknownText, unknownNamespace),
      onHost(own, unknownNamespace),
      onHost("shop.example.com", unknownNamespace),
      onHost(`x${domain}`, unknownNamespace),
      onHost("*", unknownNamespace),
    ],
    finds: [notOwn, notOwn, everyHost],
  },
  {
    it: "waits for the namespace without a domain too",
    resources: onHost("shop.example.com", unknownNamespace),
  },
  {
    it: "refuses what takes the hosts that nobody has",
    settings,
    resources: [
      ingress({ defaultBackend: { service: { name: "web" } } }),
      resource("extensions/v1beta1:Ingress", { metadata, spec: { backend: unknownText } }),
      ingress({ defaultBackend: null, rules: [{ host: own }] }),
    ],
    finds: ["spec.defaultBackend takes the traffic", "spec.backend takes the traffic"],
  },
  {
    it: "passes annotations that name hosts of the environment's own",
    settings,
    resources: [
      annotated({ "nginx.ingress.kubernetes.io/server-alias": `a.${own.slice(4)}, ${own}` }),
      annotated({ "external-dns.alpha.kubernetes.io/hostname": own }, "core/v1:Service"),
      annotated({ "nginx.ingress.kubernetes.io/proxy-body-size": "8m", x: unknownText }),
      annotated({ "nginx.ingress.kubernetes.io/server-alias": null }),
      annotated(unknownText),
    ],
  },
  {
    it: "refuses annotations that name hosts of others",
    settings,
    resources: [
      annotated({ "nginx.ingress.kubernetes.io/server-alias": `${own},shop.example.com` }),
      annotated({ "nginx.ingress.kubernetes.io/server-alias": `~^.*${own}` }),
      annotated({ "haproxy-ingress.github.io/server-alias": secretValue(secretText) }),
      annotated({ "external-dns.alpha.kubernetes.io/hostname": "shop.example.com" }),
      annotated(
        { "external-dns.alpha.kubernetes.io/internal-hostname": "shop.example.com" },
        "core/v1:Service",
      ),
      annotated(
        { "external-dns.alpha.kubernetes.io/hostname": unknownText },
        "gateway.networking.k8s.io/v1:HTTPRoute",
      ),
    ],
    finds: [
      `metadata.annotations["nginx.ingress.kubernetes.io/server-alias"] ${notOwn}`,
      notOwn,
      notOwn,
      notOwn,
      notOwn,
      "is not known before the update",
    ],
  },
  {
    it: "refuses annotations that write the ingress controller's configuration",
    settings,
    resources: [
      annotated({
        "nginx.ingress.kubernetes.io/server-snippet": secretText,
        "nginx.ingress.kubernetes.io/configuration-snippet": unknownText,
      }),
      annotated({ "nginx.ingress.kubernetes.io/server-snippet": "x" }, "core/v1:Service"),
    ],
    finds: [
      'annotations["nginx.ingress.kubernetes.io/configuration-snippet"] writes',
      'annotations["nginx.ingress.kubernetes.io/server-snippet"] writes',
    ],
  },
]);
