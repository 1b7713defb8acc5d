import { problem, unreadable } from "secure-environment/core";
import { type StackViolation, type StackPolicy } from "../policy";
import { scopeOf } from "../kinds";
import { type KubernetesObject } from "../kubernetesObject";

interface PlaceSettings {
  readonly allowedNamespaces: readonly string[];
}

/** What is outside has no walls of the stack's own. */
export const environmentIsSelfContained: StackPolicy<PlaceSettings> = {
  name: "environment-is-self-contained",
  description: "Everything that the stack makes inside a namespace is in one that it makes itself.",
  threat:
    "A workload or a binding ends up in somebody else's namespace, or in `default`, where no walls are.",
  remediation: "Set `metadata.namespace` to the name of the namespace that the stack makes.",
  severity: "high",
  url: "https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/",
  example: {
    bad: 'new k8s.core.v1.Service("web", { spec })',
    good: 'new k8s.core.v1.Service("web", { metadata: { namespace: environment.namespaceName }, spec })',
  },
  settings: {
    allowedNamespaces: {
      type: "array",
      description: "Namespaces of others into which a stack may put objects.",
      items: { type: "string", minLength: 1 },
      default: [],
    },
  },
  judgeStack: ({ objects, namespaces }, { allowedNamespaces }) => {
    const inside = new Set(namespaces.flatMap((namespace) => namespace.inside));
    return objects
      .filter((object) => isInNamespace(object) && !inside.has(object))
      .filter(({ namespace }) => !allowedNamespaces.some((allowed) => allowed === namespace))
      .map(outsideViolation);
  },
};

/** Whether a custom kind is inside namespaces, nobody says but its objects. */
function isInNamespace(object: KubernetesObject): boolean {
  const scope = scopeOf(object);
  return scope === "namespace" || (scope === "unknown" && namesNamespace(object));
}

function namesNamespace({ metadata }: KubernetesObject): boolean {
  return ![undefined, null, ""].includes(metadata["namespace"] as string);
}

function outsideViolation(object: KubernetesObject): StackViolation {
  const fault = outsideFault(object);
  const remedy =
    "Use the name of the namespace that the stack makes, such as `environment.namespaceName`.";
  return { resource: object.resource, ...problem("metadata.namespace", fault, remedy) };
}

function outsideFault(object: KubernetesObject): string {
  if (object.namespace === unreadable) {
    return "is not known before the update, and the object depends on no single namespace of the stack";
  }
  return namesNamespace(object)
    ? "is a namespace that the stack does not make"
    : "is left out, so the object is in the provider's default namespace";
}
