import { type ContainerResources } from "./containerDefaults";
import { recordOf, type UnknownRecord } from "./values";

/** The service meshes of which an environment may be part. */
export type MeshName = "linkerd" | "istio" | "ambient";

/**
 * What the proxy says of itself that a mesh puts into each pod; what it leaves open, it gets as any
 * container does that asks for nothing. Linkerd's says nothing unless its installation does. In the
 * ambient mode the proxy is the node's.
 * See `global.proxy.resources` of Istio's chart `istiod`, and `proxy.resources` of Linkerd's chart
 * `linkerd-control-plane`.
 */
const sidecars: Readonly<Record<MeshName, ContainerResources | undefined>> = {
  linkerd: { requests: {}, limits: {} },
  istio: {
    requests: { cpu: "100m", memory: "128Mi" },
    limits: { cpu: "2", memory: "1Gi" },
  },
  ambient: undefined,
};

/** What makes a namespace part of a mesh: a closed list. */
export interface MeshMarks {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** By these marks a mesh takes the pods of a namespace in. */
export const meshMarks: Readonly<Record<MeshName, MeshMarks>> = {
  linkerd: { labels: {}, annotations: { "linkerd.io/inject": "enabled" } },
  istio: { labels: { "istio-injection": "enabled" }, annotations: {} },
  ambient: { labels: { "istio.io/dataplane-mode": "ambient" }, annotations: {} },
};

/** The mesh of which a namespace with such metadata is part. */
export function meshOf(metadata: UnknownRecord): MeshName | undefined {
  const meshes = Object.keys(meshMarks) as MeshName[];
  return meshes.find((mesh) =>
    (["labels", "annotations"] as const).some((field) => {
      const found = recordOf(metadata[field]);
      return Object.entries(meshMarks[mesh][field]).some(([key, value]) => found[key] === value);
    }),
  );
}

/** The proxy that the mesh puts into each pod, if it puts one there, with the defaults filled in. */
export function sidecarOf(
  mesh: MeshName | undefined,
  defaults: ContainerResources,
): ContainerResources | undefined {
  const sidecar = mesh === undefined ? undefined : sidecars[mesh];
  return (
    sidecar && {
      requests: { ...defaults.requests, ...sidecar.requests },
      limits: { ...defaults.limits, ...sidecar.limits },
    }
  );
}
