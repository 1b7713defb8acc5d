import { namespaceAnnotations, namespaceLabels, protectionLabels } from "../core/metadata";
import { type KubernetesObject, type Reference, valueOf } from "../core/plan";
import { meshNamespaceAnnotations, meshNamespaceLabels } from "./mesh/mesh";
import { nodePoolAnnotations, nodePoolLabels } from "./nodePool/nodePool";
import { type ResolvedEnvironment } from "./resolvedEnvironment";

/** The namespace, before any access to it is granted. */
export function namespaceObject(environment: ResolvedEnvironment): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: {
      name: valueOf("namespaceName"),
      labels: labelsOf(environment),
      ...nonEmpty("annotations", annotationsOf(environment)),
    },
  };
}

function labelsOf(environment: ResolvedEnvironment): Record<string, unknown> {
  const { identity, description, isUnderPlatform, mesh, nodePool } = environment;
  return {
    ...namespaceLabels(identity, description),
    ...(isUnderPlatform ? protectionLabels(identity) : {}),
    ...meshNamespaceLabels(mesh),
    ...withName((name) => nodePoolLabels(nodePool, name)),
  };
}

function annotationsOf(environment: ResolvedEnvironment): Record<string, unknown> {
  const { branch, description, mesh, nodePool } = environment;
  return {
    ...namespaceAnnotations(branch, description),
    ...meshNamespaceAnnotations(mesh),
    ...withName((name) => nodePoolAnnotations(nodePool, name)),
  };
}

/** The keys are known even where the name is not yet: only what depends on it waits for it. */
function withName(build: (name: string) => Record<string, string>): Record<string, Reference> {
  const later = (key: string) => valueOf("namespaceName", (name: string) => build(name)[key] ?? "");
  return Object.fromEntries(Object.keys(build("")).map((key) => [key, later(key)]));
}

/** The API server stores no empty map: sending one would look like a change in every run. */
function nonEmpty<Value>(key: string, map: Record<string, Value>) {
  return Object.keys(map).length === 0 ? {} : { [key]: map };
}
