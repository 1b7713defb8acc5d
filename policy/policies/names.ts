import {
  clusterOwnedNames,
  isMissing,
  problemUnless,
  protectedNamespaceProblems,
  reservedNameOf,
  unreadable,
} from "secure-environment/core";
import { type Violation, type ResourcePolicy } from "../policy";
import { isOfKind, namespaceKinds, scopeOf } from "../kinds";
import { type KubernetesObject, kubernetesObject, type MaybeKnown } from "../kubernetesObject";
import { isNamespaceOf } from "../ownNamespaces";

interface NameSettings {
  readonly profile: "review" | "permanent";
  readonly protectedNamespaces: readonly string[];
}

/** Long-lived environments and the cluster's own namespaces are out of reach. */
export const namespacesAreNotProtected: ResourcePolicy<NameSettings> = {
  name: "namespaces-are-not-protected",
  description: "A stack makes and fills no namespace that is protected or belongs to the cluster.",
  threat: "A review environment puts its objects into staging, production or kube-system.",
  remediation: "Put objects into the namespace that the stack makes.",
  severity: "critical",
  url: "https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/#initial-namespaces",
  example: {
    bad: 'new k8s.core.v1.ConfigMap("x", { metadata: { namespace: "staging" } })',
    good: 'new k8s.core.v1.ConfigMap("x", { metadata: { namespace: environment.namespaceName } })',
  },
  settings: {
    profile: {
      type: "string",
      enum: ["review", "permanent"],
      description:
        "What the stack is. A permanent environment may have its own protected name, such as `staging`.",
      default: "review",
    },
    protectedNamespaces: {
      type: "array",
      description:
        "Namespaces that are protected too: names, or patterns in which `*` stands for any text.",
      items: { type: "string", pattern: "^[a-z0-9*]([a-z0-9*-]{0,61}[a-z0-9*])?$" },
      default: [],
    },
  },
  judge: (resource, settings) => {
    const object = kubernetesObject(resource);
    if (object === undefined) {
      return [];
    }
    return isOfKind(object, namespaceKinds)
      ? nameViolations(object, settings)
      : placeViolations(object, settings);
  },
};

function nameViolations({ name, resource }: KubernetesObject, settings: NameSettings): Violation[] {
  const protection = protectionOf(name, resource.stack, settings);
  const fault = `is a name that ${protection}`;
  const remedy = "Use another name: a review environment's namespace is named like its stack.";
  return problemUnless(protection === undefined, "metadata.name", fault, remedy);
}

function placeViolations(object: KubernetesObject, settings: NameSettings): Violation[] {
  const isGiven = !isMissing(object.metadata["namespace"]);
  if (!isGiven && scopeOf(object) !== "namespace") {
    return [];
  }
  const protection = protectionOf(object.namespace, object.resource.stack, settings);
  const fault = isGiven
    ? `is a namespace that ${protection}`
    : `is left out, and the namespace taken instead ${protection}`;
  const remedy = "Use the namespace that the stack makes.";
  return problemUnless(protection === undefined, "metadata.namespace", fault, remedy);
}

/**
 * Why nobody's stack may have the namespace, with the pattern by which it is. A name that is not
 * known yet is judged when it is.
 */
function protectionOf(
  namespace: MaybeKnown | undefined,
  stack: string,
  { profile, protectedNamespaces }: NameSettings,
): string | undefined {
  if (namespace === undefined || namespace === unreadable) {
    return undefined;
  }
  const owned = reservedNameOf(namespace, clusterOwnedNames);
  if (owned !== undefined) {
    return `belongs to the cluster (${owned})`;
  }
  if (profile === "permanent" && isNamespaceOf(stack, namespace)) {
    return undefined;
  }
  return isProtected(namespace, protectedNamespaces) ? "is protected" : undefined;
}

function isProtected(namespace: string, protectedNamespaces: readonly string[]): boolean {
  const namespaces = [...protectedNamespaces];
  return protectedNamespaceProblems("", namespace, { namespaces }).length > 0;
}
