import { problem, problemUnless, routeFilters, textOf, unreadable } from "secure-environment/core";
import {
  elementsOf,
  type Field,
  fieldBelow,
  fieldsAt,
  isNothing,
  unknownViolation,
} from "../fields";
import { type Violation, onObjects, type ResourcePolicy } from "../policy";
import { ingressKinds, isOfKind } from "../kinds";
import { type KubernetesObject, type MaybeKnown } from "../kubernetesObject";

const routeKinds = {
  "gateway.networking.k8s.io": ["GRPCRoute", "HTTPRoute", "TCPRoute", "TLSRoute", "UDPRoute"],
};

/** Who sends requests on does so past the network policies of whoever asked for it. */
export const routesStayInside: ResourcePolicy<object> = {
  name: "routes-stay-inside",
  description:
    "Routes of the Gateway API and Ingresses lead to Services of their own namespace, and show requests to nobody else.",
  threat:
    "The gateway, which reaches more than any pod, sends requests of an environment to staging, or has a stranger decide on them.",
  remediation: `Name Services of the environment, and no filters but ${routeFilters.join(", ")}.`,
  severity: "high",
  url: "https://gateway-api.sigs.k8s.io/reference/spec/#httproutefilter",
  example: {
    bad: 'rules: [{ backendRefs: [{ name: "shop", namespace: "staging", port: 80 }] }]',
    good: 'rules: [{ backendRefs: [{ name: "shop", port: 80 }] }]',
  },
  settings: {},
  judge: onObjects((object) => {
    if (isOfKind(object, routeKinds)) {
      return routeViolations(object);
    }
    return isOfKind(object, ingressKinds) ? ingressViolations(object) : [];
  }),
};

/** What is computed as a whole is judged once more, with its values, before it is made. */
function routeViolations({ properties, namespace }: KubernetesObject): Violation[] {
  const root: Field = { property: "", value: properties };
  const rules = fieldsAt(root, "spec.rules[]").filter(isKnown);
  const backends = rules.flatMap((rule) => elementsOf(fieldBelow(rule, "backendRefs")));
  const filters = [...rules, ...backends.filter(isKnown)].flatMap((parent) =>
    elementsOf(fieldBelow(parent, "filters")),
  );
  const mirrors = filters
    .filter(isKnown)
    .map((filter) => fieldBelow(filter, "requestMirror"))
    .filter(({ value }) => !isNothing(value))
    .map((mirror) => fieldBelow(mirror, "backendRef"));
  return [
    ...filters.flatMap(filterViolations),
    ...[...backends, ...mirrors].flatMap((backend) => backendViolations(backend, namespace)),
  ];
}

function isKnown({ value }: Field): boolean {
  return value !== unreadable;
}

function filterViolations(filter: Field): Violation[] {
  const { property, value } = fieldBelow(filter, "type");
  if (value === unreadable) {
    return [unknownViolation(property)];
  }
  const fault = "is no filter whose target is judged";
  const remedy = `Use ${routeFilters.join(", ")}, or leave the filter out.`;
  return problemUnless(routeFilters.includes(textOf(value) ?? ""), property, fault, remedy);
}

function backendViolations(backend: Field, namespace: MaybeKnown): Violation[] {
  const wanted = [
    { key: "group", isRight: isNothing },
    { key: "kind", isRight: (value: unknown) => isNothing(value) || value === "Service" },
    { key: "namespace", isRight: (value: unknown) => isNothing(value) || value === namespace },
  ];
  const fault = "leads to something else than a Service of the same namespace";
  const remedy = "Leave it out.";
  return backend.value === unreadable
    ? [unknownViolation(backend.property)]
    : wanted
        .map(({ key, isRight }) => ({ ...fieldBelow(backend, key), isRight }))
        .filter(({ value, isRight }) => !isRight(value))
        .map(({ property, value }) =>
          value === unreadable ? unknownViolation(property) : problem(property, fault, remedy),
        );
}

/** The other kind of backend, a resource, means what the controller makes of it. */
function ingressViolations({ properties }: KubernetesObject): Violation[] {
  const fault = "leads to something else than a Service of the same namespace";
  const remedy = "Use `service`.";
  return fieldsAt({ property: "", value: properties }, "spec.rules[].http.paths[].backend.resource")
    .filter(({ value, property }) => !isNothing(value) && property.endsWith(".resource"))
    .map(({ property }) => problem(property, fault, remedy));
}
