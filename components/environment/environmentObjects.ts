import { identityLabels } from "../core/metadata";
import { type KubernetesObject, nameOf, type PlannedObject, type Reference } from "../core/plan";
import { type ResolvedEnvironment } from "./resolvedEnvironment";

/** When an object inside an environment is made. */
export type EnvironmentTier = "walls" | "secrets" | "accounts" | "roles" | "bindings";

/** An object inside an environment. */
export interface EnvironmentObject {
  /** What Pulumi calls it after the component's own name. */
  readonly child: string;
  readonly tier: EnvironmentTier;
  readonly action?: "create" | "patch";
  readonly object: KubernetesObject;
}

/** How objects inside the namespace are made: where, and with which labels. */
export interface Inside {
  readonly namespace: Reference;
  readonly object: (
    apiVersion: string,
    kind: string,
    objectName: string,
    fields: object,
    annotations?: Readonly<Record<string, string>>,
  ) => KubernetesObject;
}

export function insideOf(entry: PlannedObject, { identity }: ResolvedEnvironment): Inside {
  const namespace = nameOf(entry);
  const labels = identityLabels(identity);
  return {
    namespace,
    object: (apiVersion, kind, objectName, fields, annotations) => ({
      apiVersion,
      kind,
      metadata: { name: objectName, namespace, labels, ...(annotations && { annotations }) },
      ...fields,
    }),
  };
}

/** A NetworkPolicy of the environment. */
export function networkPolicy(
  inside: Inside,
  objectName: string,
  spec: object,
  annotations?: Readonly<Record<string, string>>,
): EnvironmentObject {
  return {
    child: objectName,
    tier: "walls",
    object: inside.object(
      "networking.k8s.io/v1",
      "NetworkPolicy",
      objectName,
      { spec },
      annotations,
    ),
  };
}
