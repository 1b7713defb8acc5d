import {
  hostForms,
  isMissing,
  isOwnHost,
  isRecord,
  problem,
  recordOf,
  textOf,
  type UnknownRecord,
  unreadable,
} from "secure-environment/core";
import { type Violation, onObjects, type ResourcePolicy } from "../policy";
import { ingressKinds, isOfKind, serviceKinds } from "../kinds";
import { type KubernetesObject, type MaybeKnown } from "../kubernetesObject";

const routeKinds = { "gateway.networking.k8s.io": ["HTTPRoute", "GRPCRoute", "TLSRoute"] };

interface HostSettings {
  readonly domain: string;
}

/** A host belongs to whoever has it first, whatever namespace they are in. */
export const hostsAreTheEnvironmentsOwn: ResourcePolicy<HostSettings> = {
  name: "hosts-are-the-environments-own",
  description:
    "Every host of an environment is `<namespace>.<domain>`, below that, or `<service>--<namespace>.<domain>`, so that no other environment can claim it; without the setting `domain` it is so below some domain.",
  threat: "An environment that takes a host of staging or production gets its users' passwords.",
  remediation: `Name hosts ${hostForms("<domain>")}.`,
  severity: "critical",
  url: "https://kubernetes.io/docs/concepts/services-networking/ingress/#ingress-rules",
  example: {
    bad: 'new k8s.networking.v1.Ingress("web", { spec: { rules: [{ host: "shop.example.com", … }] } })',
    good: 'new k8s.networking.v1.Ingress("web", { spec: { rules: [{ host: `shop.${hostSuffix}`, … }] } })',
  },
  settings: {
    domain: {
      type: "string",
      description:
        "The domain below which the environments' hosts are. Empty: hosts may be below any domain.",
      default: "",
    },
  },
  judge: onObjects((object, { domain }) => [
    ...placesOf(object).flatMap((place) => hostViolations(place, object.namespace, domain)),
    ...everyHostViolations(object),
  ]),
};

/** Where a host is named, or should be. */
interface HostPlace {
  readonly property: string;
  readonly host: unknown;
}

function placesOf(object: KubernetesObject): HostPlace[] {
  const named = annotatedHosts(object);
  if (isOfKind(object, serviceKinds)) {
    return named;
  }
  const { spec } = object.properties;
  if (isOfKind(object, ingressKinds)) {
    return [...hostsOfSpec(spec, ingressHosts), ...named];
  }
  return isOfKind(object, routeKinds) ? [...hostsOfSpec(spec, routeHosts), ...named] : [];
}

function hostsOfSpec(spec: unknown, hostsOf: (spec: UnknownRecord) => HostPlace[]): HostPlace[] {
  return isRecord(spec) ? hostsOf(spec) : [{ property: "spec", host: spec }];
}

/** A rule without a host, and a certificate without one, stand for every host. */
function ingressHosts(spec: UnknownRecord): HostPlace[] {
  return [
    ...placesIn("spec.rules", spec["rules"], (rule, property) => [
      { property: `${property}.host`, host: recordOf(rule)["host"] },
    ]),
    ...placesIn("spec.tls", spec["tls"], (tls, property) =>
      hostList(`${property}.hosts`, recordOf(tls)["hosts"]),
    ),
  ];
}

/** A route without a host is one for every host of its gateway. */
function routeHosts(spec: UnknownRecord): HostPlace[] {
  return hostList("spec.hostnames", spec["hostnames"]);
}

function hostList(property: string, value: unknown): HostPlace[] {
  const places = placesIn(property, value, (host, place) => [{ property: place, host }]);
  return places.length > 0 ? places : [{ property, host: undefined }];
}

function placesIn(
  property: string,
  value: unknown,
  placesOfElement: (element: unknown, property: string) => HostPlace[],
): HostPlace[] {
  if (isMissing(value)) {
    return [];
  }
  return Array.isArray(value)
    ? value.flatMap((element, index) => placesOfElement(element, `${property}[${index}]`))
    : [{ property, host: value }];
}

/**
 * Annotations that name hosts, several with commas between them.
 * See https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/#server-alias
 * and https://kubernetes-sigs.github.io/external-dns/latest/docs/annotations/annotations/
 */
const hostAnnotations = [
  "external-dns.alpha.kubernetes.io/hostname",
  "external-dns.alpha.kubernetes.io/internal-hostname",
  "haproxy-ingress.github.io/server-alias",
  "nginx.ingress.kubernetes.io/server-alias",
];

/** Whether the annotation of the object is judged here, for the hosts that it names or may take. */
export function isJudgedAsHost(object: KubernetesObject, key: string): boolean {
  const isOfIngress = isOfKind(object, ingressKinds);
  return (
    (hostAnnotations.includes(key) &&
      (isOfIngress || isOfKind(object, serviceKinds) || isOfKind(object, routeKinds))) ||
    (isOfIngress && snippetAnnotations.includes(key))
  );
}

function annotatedHosts({ metadata }: KubernetesObject): HostPlace[] {
  const annotations = recordOf(metadata["annotations"]);
  return hostAnnotations
    .filter((key) => !isMissing(annotations[key]))
    .flatMap((key) => {
      const value = annotations[key];
      const hosts = textOf(value)?.split(",") ?? [value];
      return hosts.map((host) => ({
        property: `metadata.annotations["${key}"]`,
        host: textOf(host)?.trim() ?? host,
      }));
    });
}

function hostViolations(
  { property, host }: HostPlace,
  namespace: MaybeKnown,
  domain: string,
): Violation[] {
  const fault = hostFault(host, namespace, domain);
  const remedy = `Use ${hostForms(domain === "" ? "<your domain>" : domain)}.`;
  return fault === undefined ? [] : [problem(property, fault, remedy)];
}

function hostFault(host: unknown, namespace: MaybeKnown, domain: string): string | undefined {
  if (host === unreadable) {
    // A host below a namespace that is not known yet is not known yet either: it is judged later.
    return namespace === unreadable
      ? undefined
      : "is not known before the update, so nobody can tell whose host it is";
  }
  const text = textOf(host) ?? "";
  if (text === "" || text === "*") {
    return "stands for every host, those of others too";
  }
  return isHost(text) && isOwn(text, namespace, domain)
    ? undefined
    : "is not a host of this environment, or another one could claim it";
}

/** Some annotations take patterns too, which may end in anything. */
function isHost(text: string): boolean {
  return /^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*$/.test(text);
}

function isOwn(host: string, namespace: MaybeKnown, domain: string): boolean {
  if (namespace === unreadable) {
    return domain === "" || host.endsWith(`.${domain}`);
  }
  const domains = domain === "" ? domainsOf(host) : [domain];
  return domains.some((one) => isOwnHost(host, namespace, one));
}

/** Every domain that the host is below. */
function domainsOf(host: string): string[] {
  const labels = host.split(".");
  return labels.slice(1).map((_, index) => labels.slice(index + 1).join("."));
}

/** What takes hosts without naming them. */
function everyHostViolations(object: KubernetesObject): Violation[] {
  if (!isOfKind(object, ingressKinds)) {
    return [];
  }
  const spec = recordOf(object.properties["spec"]);
  const annotations = recordOf(object.metadata["annotations"]);
  return [
    ...["defaultBackend", "backend"].filter((key) => !isMissing(spec[key])).map(backendViolation),
    ...snippetAnnotations.filter((key) => !isMissing(annotations[key])).map(snippetViolation),
  ];
}

function backendViolation(key: string): Violation {
  const fault = "takes the traffic of every host that nobody else has";
  const remedy = "Leave it out, and write a rule with a host.";
  return problem(`spec.${key}`, fault, remedy);
}

function snippetViolation(key: string): Violation {
  const fault = "writes the ingress controller's own configuration, in which any host can be taken";
  return problem(`metadata.annotations["${key}"]`, fault, "Leave it out.");
}

/** See CVE-2021-25742. */
const snippetAnnotations = ["auth", "configuration", "modsecurity", "server", "stream"].map(
  (name) => `nginx.ingress.kubernetes.io/${name}-snippet`,
);
