import { type JudgedNamespace } from "./judgedStack";
import { type KubernetesObject } from "./kubernetesObject";

/** Kinds of walls, with the version of the API that has them. */
const walls = {
  ResourceQuota: "v1",
  LimitRange: "v1",
  NetworkPolicy: "networking.k8s.io/v1",
} as const;

/** The walls of the kind that the stack itself builds in the namespace. */
export function wallsOf(
  { inside }: JudgedNamespace,
  wantedKind: keyof typeof walls,
): readonly KubernetesObject[] {
  return inside.filter(
    ({ apiVersion, kind, isPatch }) =>
      kind === wantedKind && apiVersion === walls[wantedKind] && !isPatch,
  );
}

/** The specifications of walls. */
export function specsOf(objects: readonly KubernetesObject[]): readonly unknown[] {
  return objects.map(({ properties }) => properties["spec"]);
}

/** How every message ends that misses a wall. */
export const orComponent = "or use the component SecureEnvironment, which has it";
