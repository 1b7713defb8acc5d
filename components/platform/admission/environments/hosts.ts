import { maximumLabelLength } from "../../../core/dnsNames";
import { hostForms, hostServicePattern, serviceSeparator } from "../../../core/hosts";
import { routeFilters } from "../../../core/rules";
import { type AdmissionPolicy, type Validation } from "../validatingAdmissionPolicy";
import { addedBeside, addsOnly, literal, naming } from "../cel";
import { changesAny } from "../changes";
import { type PlatformSettings } from "../../platformSettings";

/** Annotations with which kubectl, Helm and Pulumi keep their books. */
const bookkeeping: readonly string[] = [
  "kubectl.kubernetes.io/last-applied-configuration",
  "meta.helm.sh/release-name",
  "meta.helm.sh/release-namespace",
  "pulumi.com/autonamed",
  "pulumi.com/skipAwait",
  "pulumi.com/timeoutSeconds",
  "pulumi.com/waitFor",
];

/** Ingresses have the environment's own hosts, each said out loud. */
export function ingressesKeepToTheirHosts(settings: PlatformSettings): AdmissionPolicy {
  return {
    name: "ingresses-keep-to-their-hosts",
    isForEnvironments: true,
    rules: [
      {
        apiGroups: ["networking.k8s.io"],
        resources: ["ingresses"],
        operations: ["CREATE", "UPDATE"],
      },
      {
        apiGroups: ["networking.k8s.io"],
        resources: ["ingresses/status"],
        operations: ["UPDATE"],
      },
    ],
    matchConditions: [changesAny("spec", "metadata.annotations")],
    validations: hostValidations(settings, [
      {
        expression: `!has(object.spec.defaultBackend) && object.spec.?rules.orValue([]).all(rule, ${isOwn('rule.?host.orValue("")', settings)})`,
        message: `Each rule of an Ingress has a host of its own, ${formsFor(settings)}, which no other environment can claim, and there is no defaultBackend: it would answer for every host.`,
      },
      {
        expression: `object.spec.?tls.orValue([]).all(entry, entry.?hosts.orValue([]).size() > 0 && entry.?hosts.orValue([]).all(host, ${isOwn("host", settings)}))`,
        message: `Each entry of tls has hosts, ${formsFor(settings)}, which no other environment can claim.`,
      },
      annotationValidation("Ingresses", settings),
    ]),
  };
}

/** The same for those routes of the Gateway API that people of an environment may write. */
export function routesKeepToTheirHosts(settings: PlatformSettings): AdmissionPolicy {
  return {
    name: "routes-keep-to-their-hosts",
    isForEnvironments: true,
    rules: [
      {
        apiGroups: ["gateway.networking.k8s.io"],
        resources: ["httproutes"],
        operations: ["CREATE", "UPDATE"],
      },
    ],
    matchConditions: [changesAny("spec", "metadata.annotations")],
    validations: hostValidations(settings, [
      {
        expression: `object.spec.?hostnames.orValue([]).size() > 0 && object.spec.hostnames.all(host, ${isOwn("host", settings)})`,
        message: `Routes have hostnames, ${formsFor(settings)}, which no other environment can claim.`,
      },
      {
        expression:
          `object.spec.?rules.orValue([]).all(rule, ${mirrorsInside("rule")} && rule.?backendRefs.orValue([]).all(backend, ` +
          `${isInside("backend")} && ${mirrorsInside("backend")}))`,
        message: "Routes lead to Services of their own environment.",
      },
      {
        expression:
          `object.spec.?rules.orValue([]).all(rule, ${hasListedFilters("rule")} && ` +
          `rule.?backendRefs.orValue([]).all(backend, ${hasListedFilters("backend")}))`,
        message: `Filters of routes are ${routeFilters.join(", ")}: others send requests elsewhere.`,
      },
      annotationValidation("Routes", settings),
    ]),
  };
}

function hostValidations(
  { domain }: PlatformSettings,
  validations: readonly Validation[],
): readonly Validation[] {
  return domain === undefined
    ? [
        {
          expression: "false",
          message:
            "Environments have no hosts here: an administrator has given the platform no domain for them.",
        },
      ]
    : validations;
}

/** Controllers act on annotations: snippets run in them, and aliases take hosts of others. */
function annotationValidation(
  kind: "Ingresses" | "Routes",
  { ingressAnnotations, clusterAnnotations }: PlatformSettings,
): Validation {
  const allowed = [...bookkeeping, ...ingressAnnotations, ...clusterAnnotations];
  const message = `${kind} of an environment have these annotations at most: ${allowed.join(", ")}. An administrator lists harmless ones in ingressAnnotations.`;
  return {
    expression: addsOnly("annotations", allowed),
    message,
    messageExpression: naming(message, addedBeside("annotations", allowed)),
  };
}

function isOwn(host: string, { domain }: PlatformSettings): string {
  const suffix = `request.namespace + ${literal(`.${domain}`)}`;
  return (
    `(${host}.endsWith("." + ${suffix}) || (!request.namespace.contains(${literal(serviceSeparator)}) && ` +
    `(${host} == ${suffix} || ${isServiceHost(host, `${literal(serviceSeparator)} + ${suffix}`, domain)})))`
  );
}

/** The core says the same for programs: `isOwnHost`. */
function isServiceHost(host: string, ending: string, domain = ""): string {
  const longest = maximumLabelLength + `.${domain}`.length;
  return (
    `(${host}.endsWith(${ending}) && ${host}.size() <= ${longest} && ` +
    `${host}.substring(0, ${host}.size() - (${ending}).size()).matches(${literal(hostServicePattern)}))`
  );
}

function isInside(reference: string): string {
  return (
    `${reference}.?namespace.orValue(request.namespace) == request.namespace && ` +
    `${reference}.?kind.orValue("Service") == "Service" && ${reference}.?group.orValue("") == ""`
  );
}

function mirrorsInside(parent: string): string {
  return `${parent}.?filters.orValue([]).all(filter, !has(filter.requestMirror) || (${isInside("filter.requestMirror.backendRef")}))`;
}

function hasListedFilters(parent: string): string {
  return `${parent}.?filters.orValue([]).all(filter, filter.?type.orValue("") in ${literal(routeFilters)})`;
}

function formsFor({ domain = "" }: PlatformSettings): string {
  return hostForms(domain);
}
