import {
  isMissing,
  isRecord,
  problem,
  problemUnless,
  recordOf,
  type UnknownRecord,
  unreadable,
} from "secure-environment/core";
import { type StackPolicy, type StackViolation, violationsBy } from "../policy";
import { type JudgedNamespace } from "../judgedStack";
import { isOfKind } from "../kinds";
import { type KubernetesObject } from "../kubernetesObject";
import { orComponent } from "../walls";

/** Who joins a mesh is in it for mutual TLS, and the meshes' own defaults do not ask for it. */
export const environmentHasMutualTls: StackPolicy<object> = {
  name: "environment-has-mutual-tls",
  description:
    "A namespace of the stack that is part of a mesh takes mutual TLS alone, and from nobody who is not authorized.",
  threat:
    "Whoever is in the way reads and changes what pods say, and in the ambient mode a hole for one port opens all of them.",
  remediation: `Add Istio's PeerAuthentication STRICT and an AuthorizationPolicy for the whole namespace, or Linkerd's default inbound policy \`deny\`, ${orComponent}.`,
  severity: "high",
  url: "https://istio.io/latest/docs/concepts/security/#peer-authentication",
  example: {
    bad: 'new k8s.core.v1.Namespace("x", { metadata: { labels: { "istio-injection": "enabled" } } })',
    good: 'new SecureEnvironment("x", { mesh: "istio" })',
  },
  settings: {},
  judgeStack: ({ namespaces }) =>
    namespaces.flatMap((namespace) => [
      ...(isInIstio(namespace) ? istioViolations(namespace) : []),
      ...(isInLinkerd(namespace) ? linkerdViolations(namespace) : []),
    ]),
};

/** See https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/#controlling-the-injection-policy */
function isInIstio({ object }: JudgedNamespace): boolean {
  const labels = recordOf(object.metadata["labels"]);
  return (
    isMaybe(labels["istio-injection"], "enabled") ||
    isMaybe(labels["istio.io/dataplane-mode"], "ambient") ||
    !isMissing(labels["istio.io/rev"])
  );
}

function istioViolations({ object, inside }: JudgedNamespace): StackViolation[] {
  const expected = [
    {
      isThere: inside.some(isStrict),
      what: "PeerAuthentication that asks for mutual TLS (STRICT)",
    },
    {
      isThere: inside.some(authorizes),
      what: "AuthorizationPolicy that allows what is meant to be",
    },
  ];
  const remedy = `Add one without a selector, in plain values, ${orComponent}.`;
  return expected
    .filter(({ isThere }) => !isThere)
    .map(({ what }) => {
      const fault = `is part of Istio's mesh and has no ${what} for all of its pods`;
      return { resource: object.resource, ...problem("", fault, remedy) };
    });
}

function isStrict(object: KubernetesObject): boolean {
  const spec = recordOf(object.properties["spec"]);
  const isOfAll = isOfKind(object, { [istioGroup]: ["PeerAuthentication"] }) && selectsAll(spec);
  return isOfAll && recordOf(spec["mtls"])["mode"] === "STRICT";
}

/** Where one that allows is in force, what none allows is denied; others only deny or record. */
function authorizes(object: KubernetesObject): boolean {
  const spec = object.properties["spec"];
  const { action, targetRef, targetRefs } = recordOf(spec);
  return (
    isOfKind(object, { [istioGroup]: ["AuthorizationPolicy"] }) &&
    isRecord(spec) &&
    selectsAll(spec) &&
    [targetRef, targetRefs].every(isMissing) &&
    (isMissing(action) || action === "ALLOW")
  );
}

const istioGroup = "security.istio.io";

function selectsAll({ selector }: UnknownRecord): boolean {
  return isMissing(selector) || (isRecord(selector) && Object.values(selector).every(isNothing));
}

function isNothing(value: unknown): boolean {
  return isMissing(value) || (isRecord(value) && Object.keys(value).length === 0);
}

/** See https://linkerd.io/2/features/proxy-injection/ */
function isInLinkerd({ object }: JudgedNamespace): boolean {
  const inject = recordOf(object.metadata["annotations"])["linkerd.io/inject"];
  return isMaybe(inject, "enabled") || inject === "ingress";
}

/** See https://linkerd.io/2/features/server-policy/#default-policies */
function linkerdViolations({ object }: JudgedNamespace): StackViolation[] {
  const key = "config.linkerd.io/default-inbound-policy";
  const found = recordOf(object.metadata["annotations"])[key];
  const fault = "is not deny, so Linkerd takes what nobody authorized, in plain text too";
  const remedy = `Set it to deny and authorize what is meant to be, ${orComponent}.`;
  return violationsBy(
    object.resource,
    problemUnless(found === "deny", `metadata.annotations["${key}"]`, fault, remedy),
  );
}

/** Whether the value is this one, or could turn out to be. */
function isMaybe(value: unknown, wanted: string): boolean {
  return value === wanted || value === unreadable;
}
