import { isMissing, problem, problemIf, problemUnless, unreadable } from "secure-environment/core";
import { type Violation, type ResourcePolicy } from "../policy";
import { type JudgedResource } from "../judgedResource";
import { type KubernetesObject, kubernetesObject, kubernetesType } from "../kubernetesObject";
import { isMeshKind, isOfKind, scopeOf } from "../kinds";

/** Types say what is made: rules go by the kind, and a token may lie about it. */
export const typesAreTrue: ResourcePolicy<object> = {
  name: "types-are-true",
  description: "The type of a resource says what its `apiVersion` and `kind` say.",
  threat:
    "The provider makes what the properties say, so a network policy could turn out to be a role.",
  remediation: "Leave out `apiVersion` and `kind`: the class sets them.",
  severity: "high",
  url: "https://www.pulumi.com/docs/iac/concepts/resources/names/#types",
  example: {
    bad: 'new k8s.core.v1.ConfigMap("x", { kind: "Secret", … })',
    good: 'new k8s.core.v1.Secret("x", { … })',
  },
  settings: {},
  judge: ({ type, properties }) => {
    const stated = kubernetesType(type);
    return stated === undefined
      ? []
      : (["apiVersion", "kind"] as const).flatMap((property) =>
          differenceOf(property, properties[property], stated[property]),
        );
  },
};

function differenceOf(property: string, value: unknown, stated: string): Violation[] {
  const remedy = "Leave it out, or use the class that is made for it.";
  if (isMissing(value) || value === stated) {
    return [];
  }
  const fault =
    value === unreadable
      ? "is not known before the update, so nobody can tell what is made"
      : "is not what the type of the resource stands for";
  return [problem(property, fault, remedy)];
}

interface VisibilitySettings {
  readonly allowedPackages: readonly string[];
}

/** What is made is there to be judged, as an object and not as something that makes objects. */
export const objectsAreVisible: ResourcePolicy<VisibilitySettings> = {
  name: "objects-are-visible",
  description: "Whatever a stack makes is a resource of a package that the rules can judge.",
  threat:
    "A Helm release, a command or a dynamic provider makes objects that no other rule gets to see.",
  remediation:
    "Make the objects with the classes of the Kubernetes package; render charts with `helm.v4.Chart`.",
  severity: "critical",
  url: "https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/choosing-the-right-helm-resource-for-your-use-case/",
  example: {
    bad: 'new k8s.helm.v3.Release("redis", { chart: "redis" })',
    good: 'new k8s.helm.v4.Chart("redis", { chart: "redis" })',
  },
  settings: {
    allowedPackages: {
      type: "array",
      description: "Packages of which a stack may make resources. Components are always allowed.",
      items: { type: "string", minLength: 1 },
      default: ["kubernetes", "random", "pulumi"],
    },
  },
  judge: (resource, { allowedPackages }) => {
    const hiding = hidingViolation(resource);
    if (hiding !== undefined) {
      return [hiding];
    }
    const fault = "belongs to a package whose resources nobody judges here";
    const remedy =
      "Make it in a stack of its own, or have the platform's administrators add the package to the setting `allowedPackages`.";
    const isValid = packagesOf(resource).every((name) => allowedPackages.includes(name));
    return problemUnless(isValid, "", fault, remedy);
  },
};

/** A type of the Kubernetes package by which objects cannot be judged. */
function hidingViolation({ type, provider }: JudgedResource): Violation | undefined {
  const stated = kubernetesType(type);
  if (stated === undefined) {
    const fault = "has a type that names no group, version and kind of Kubernetes";
    const remedy = "Use the class that is made for the kind.";
    return isOfKubernetes(type) && provider !== undefined ? problem("", fault, remedy) : undefined;
  }
  if (isOfKind(stated, helmKinds)) {
    const fault = "is a Helm release, whose objects nobody sees before they are made";
    const remedy = "Use `helm.v4.Chart`: it makes each object of the chart a resource of its own.";
    return problem("", fault, remedy);
  }
  const fault = "is a list, whose objects nobody judges one by one";
  const remedy = "Make each object a resource of its own.";
  return isListType(stated) ? problem("", fault, remedy) : undefined;
}

const helmKinds = { "helm.sh": ["Release"] };

function isOfKubernetes(type: string): boolean {
  return type.startsWith("kubernetes:");
}

function isListType({ apiVersion, kind }: { apiVersion: string; kind: string }): boolean {
  const element = kind.replace(/List$/, "");
  return (
    element !== kind && (element === "" || scopeOf({ apiVersion, kind: element }) !== "unknown")
  );
}

/**
 * The packages that make the resource: that of its type, and that of its provider. None for
 * components: they have no provider.
 */
function packagesOf({ type, provider }: JudgedResource): string[] {
  const ownPackage = providerPackage(type);
  if (ownPackage !== undefined) {
    return [ownPackage];
  }
  return provider === undefined
    ? []
    : [type.split(":")[0] ?? "", providerPackage(provider.type) ?? ""];
}

/** The package of a provider's type: `pulumi:providers:<package>`. */
function providerPackage(type: string): string | undefined {
  const prefix = "pulumi:providers:";
  return type.startsWith(prefix) ? type.slice(prefix.length) : undefined;
}

interface ScopeSettings {
  readonly allowedKinds: readonly string[];
}

/** The whole cluster belongs to its administrators. */
export const objectsAreInNamespaces: ResourcePolicy<ScopeSettings> = {
  name: "objects-are-in-namespaces",
  description:
    "A stack makes objects inside namespaces, namespaces, and the FlowSchemas of environments, but nothing else.",
  threat:
    "An object of the whole cluster reaches every namespace: a cluster role, a webhook, a volume of a node's disk.",
  remediation:
    "Leave objects of the whole cluster to its administrators; use the kind for one namespace where there is one.",
  severity: "critical",
  url: "https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/#not-all-objects-are-in-a-namespace",
  example: {
    bad: 'new k8s.rbac.v1.ClusterRole("reader", { rules })',
    good: 'new k8s.rbac.v1.Role("reader", { metadata: { namespace }, rules })',
  },
  settings: {
    allowedKinds: {
      type: "array",
      description:
        "Custom kinds that a stack may make objects of, such as `monitoring.coreos.com/v1/ServiceMonitor`. Give only kinds that are inside namespaces.",
      items: { type: "string", pattern: "^[^/]+/[^/]+/[A-Z][A-Za-z0-9]*$" },
      default: [],
    },
  },
  judge: (resource, { allowedKinds }) => {
    const object = kubernetesObject(resource);
    if (object === undefined || hidingViolation(resource) !== undefined) {
      return [];
    }
    return isOfKind(object, environmentKinds) ? [] : scopeViolations(object, allowedKinds);
  },
};

/** What an environment has of the whole cluster; policies of their own judge these. */
const environmentKinds = { "": ["Namespace"], "flowcontrol.apiserver.k8s.io": ["FlowSchema"] };

function scopeViolations(object: KubernetesObject, allowedKinds: readonly string[]): Violation[] {
  const scope = scopeOf(object);
  if (scope === "namespace") {
    return [];
  }
  if (scope === "cluster") {
    const fault = "is an object of the whole cluster";
    const remedy = "Leave it to the cluster's administrators, or use the kind for one namespace.";
    return [problem("", fault, remedy)];
  }
  const fault = "is of a custom kind, of which nobody has said that it is inside namespaces";
  const remedy =
    "If it is, have the platform's administrators add `<group>/<version>/<kind>` to the setting `allowedKinds`.";
  return isMeshKind(object) || allowedKinds.includes(`${object.apiVersion}/${object.kind}`)
    ? missingNamespaceViolations(object)
    : [problem("", fault, remedy)];
}

/** The pack does not know the scope of custom kinds, so their objects have to say it. */
function missingNamespaceViolations({ metadata }: KubernetesObject): Violation[] {
  const fault = "is left out, so nobody can tell where the object is";
  const remedy = "Give the namespace that the stack makes.";
  return problemIf(isMissing(metadata["namespace"]), "metadata.namespace", fault, remedy);
}
