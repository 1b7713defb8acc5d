import {
  isMissing,
  problem,
  problemUnless,
  recordOf,
  type UnknownRecord,
  unreadable,
} from "secure-environment/core";
import { elementsOf } from "../fields";
import { type Violation, onObjects, type ResourcePolicy } from "../policy";
import { isOfKind, serviceKinds } from "../kinds";
import { type KubernetesObject } from "../kubernetesObject";

const endpointKinds = { "": ["Endpoints"], "discovery.k8s.io": ["EndpointSlice"] };

/** Traffic comes in through the ingress controller, whose way the walls know. */
export const servicesStayInside: ResourcePolicy<object> = {
  name: "services-stay-inside",
  description:
    "A Service leads to the pods that it selects, from inside the cluster only and at an address that the cluster gives it.",
  threat:
    "A Service opens a port to the outside, takes addresses of others, or leads to other namespaces.",
  remediation: "Use a Service of the type ClusterIP with a selector; reach it by an ingress.",
  severity: "high",
  url: "https://kubernetes.io/docs/concepts/services-networking/service/#publishing-services-service-types",
  example: {
    bad: 'new k8s.core.v1.Service("web", { spec: { type: "LoadBalancer", selector, ports } })',
    good: 'new k8s.core.v1.Service("web", { spec: { selector, ports } })',
  },
  settings: {},
  judge: onObjects((object) => {
    if (isOfKind(object, endpointKinds)) {
      const fault = "is made by hand, so it may lead to any address";
      const remedy = "Use a Service with a selector: Kubernetes makes its endpoints.";
      return [problem("", fault, remedy)];
    }
    return isOfKind(object, serviceKinds) ? serviceViolations(object) : [];
  }),
};

function serviceViolations({ properties, isPatch }: KubernetesObject): Violation[] {
  if (properties["spec"] === unreadable) {
    return [problem("spec", unknownFault, "Give a plain value.")];
  }
  const spec = recordOf(properties["spec"]);
  const typeViolations = serviceTypeViolations(spec["type"]);
  return [
    ...typeViolations,
    ...externalAddressViolations(spec["externalIPs"]),
    ...clusterAddressViolations(spec),
    ...(typeViolations.length > 0
      ? []
      : [
          ...outsideFieldViolations(spec),
          ...(isPatch ? [] : selectorViolations(spec["selector"])),
        ]),
  ];
}

const unknownFault = "is not known before the update, so nobody can tell where it leads";

function serviceTypeViolations(type: unknown): Violation[] {
  const fault = type === unreadable ? unknownFault : "is not ClusterIP, so it leads outside";
  const remedy = "Leave it out, and reach the Service by an ingress.";
  return problemUnless(isMissing(type) || type === "ClusterIP", "spec.type", fault, remedy);
}

/** Traffic to these addresses goes to the Service, whoever has them (CVE-2020-8554). */
function externalAddressViolations(addresses: unknown): Violation[] {
  const fault =
    addresses === unreadable ? unknownFault : "takes traffic for addresses of the outside";
  const remedy = "Leave it out, and reach the Service by an ingress.";
  const isValid = isMissing(addresses) || (Array.isArray(addresses) && addresses.length === 0);
  return problemUnless(isValid, "spec.externalIPs", fault, remedy);
}

/**
 * Whoever has an address first keeps others from it: that of the cluster's name resolution is known.
 * See https://kubernetes.io/docs/concepts/services-networking/service/#choosing-your-own-ip-address
 */
function clusterAddressViolations(spec: UnknownRecord): Violation[] {
  const given = [
    { property: "spec.clusterIP", value: spec["clusterIP"] },
    ...elementsOf({ property: "spec.clusterIPs", value: spec["clusterIPs"] }),
  ];
  return given
    .filter(({ value }) => !isMissing(value) && value !== "" && value !== "None")
    .map(({ property, value }) => {
      const fault =
        value === unreadable ? unknownFault : "is an address of its choice in the cluster";
      const remedy = "Leave it out: the cluster gives the Service an address.";
      return problem(property, fault, remedy);
    });
}

/** Fields of other types. The API server may keep them until the type is changed. */
function outsideFieldViolations(spec: UnknownRecord): Violation[] {
  return ["externalName", "loadBalancerIP", "loadBalancerClass"]
    .filter((key) => !isMissing(spec[key]) && spec[key] !== "")
    .map((key) => problem(`spec.${key}`, "is for Services that lead outside", "Leave it out."));
}

/** Pods' labels may be known only later; they are judged then. */
function selectorViolations(selector: unknown): Violation[] {
  const fault = "selects no pods, so the Service leads wherever somebody says";
  const remedy = "Give the labels of the pods that serve it.";
  const isValid = selector === unreadable || Object.keys(recordOf(selector)).length > 0;
  return problemUnless(isValid, "spec.selector", fault, remedy);
}
