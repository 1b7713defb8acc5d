import { unreadable } from "secure-environment/core";
import { type JudgedResource } from "./judgedResource";
import { type KubernetesObject, kubernetesObject } from "./kubernetesObject";

/** All resources of a stack, as policies judge them together. */
export interface JudgedStack {
  /** The Pulumi stack; empty when there is no resource that tells. */
  readonly name: string;
  /** The Pulumi project. */
  readonly project: string;
  readonly resources: readonly JudgedResource[];
  /** All Kubernetes objects. */
  readonly objects: readonly KubernetesObject[];
  /** The namespaces that the stack makes, each with what is inside. */
  readonly namespaces: readonly JudgedNamespace[];
  /** The one of these namespaces that the object is in; `undefined` when the stack makes none for it. */
  namespaceOf(this: void, object: KubernetesObject): JudgedNamespace | undefined;
}

/** A namespace that a stack makes. */
export interface JudgedNamespace {
  readonly object: KubernetesObject;
  /** What the stack puts into it. */
  readonly inside: readonly KubernetesObject[];
}

/** Relates the resources of a stack to each other: once, as all policies judge the same. */
export function judgedStack(resources: readonly JudgedResource[]): JudgedStack {
  const isSame =
    latest.resources.length === resources.length &&
    resources.every((resource, index) => resource === latest.resources[index]);
  latest = isSame ? latest : related(resources);
  return latest;
}

function related(resources: readonly JudgedResource[]): JudgedStack {
  const objects = resources.flatMap((resource) => kubernetesObject(resource) ?? []);
  const own = objects.filter(isOwnNamespace);
  const namespaces = own.map((object) => ({
    object,
    inside: objects.filter((other) => isInside(other, object, own)),
  }));
  // The first of several with the same name counts, so it is written last.
  const namespaceByObject = new Map(
    namespaces
      .toReversed()
      .flatMap((namespace) => namespace.inside.map((object) => [object, namespace] as const)),
  );
  return {
    name: resources[0]?.stack ?? "",
    project: resources[0]?.project ?? "",
    resources,
    objects,
    namespaces,
    namespaceOf: (object) => namespaceByObject.get(object),
  };
}

/** What was judged last. */
let latest = related([]);

/** Whether the object is a namespace that the stack makes, and not a patch of somebody else's. */
function isOwnNamespace({ apiVersion, kind, isPatch }: KubernetesObject): boolean {
  return apiVersion === "v1" && kind === "Namespace" && !isPatch;
}

/** The namespaces of the stack that the object is in: by name, or else by what Pulumi knows. */
function isInside(
  object: KubernetesObject,
  namespace: KubernetesObject,
  namespaces: readonly KubernetesObject[],
): boolean {
  return object.namespace === unreadable
    ? relatedNamespace(object, namespaces) === namespace
    : object.namespace === namespace.name;
}

/**
 * The namespace that an object is in whose namespace is not known yet. What its metadata depends
 * on says most, then what it depends on as a whole, then the component that both are part of. As
 * long as there is more than one, nobody can tell.
 */
function relatedNamespace(
  { resource }: KubernetesObject,
  namespaces: readonly KubernetesObject[],
): KubernetesObject | undefined {
  const among = (urns: readonly string[]) =>
    namespaces.filter((namespace) => urns.includes(namespace.resource.urn));
  const siblings = namespaces.filter(
    (namespace) => isInComponent(resource) && namespace.resource.parent === resource.parent,
  );
  const candidates = [
    among(resource.propertyDependencies["metadata"] ?? []),
    among(resource.dependencies),
    siblings,
  ];
  return candidates.find(({ length }) => length === 1)?.[0];
}

/** The stack itself is the parent of all that is part of nothing. */
function isInComponent({ parent }: JudgedResource): boolean {
  return parent !== "" && !parent.includes("::pulumi:pulumi:Stack::");
}
