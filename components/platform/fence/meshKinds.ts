import { meshObjects } from "../../mesh/mesh";
import { type Mesh } from "../../mesh/meshArgs";
import { type OpenHole } from "../../network/openHole";

/** A hole for which a mesh makes every kind of object that it has. */
const everyKindOfHole: readonly OpenHole[] = [true, false].map((meshed) => ({
  name: "example",
  direction: "ingress",
  podLabels: { app: "example" },
  podPeer: { namespace: "example", podLabels: {}, meshed },
  addressPeers: [],
  ports: [{ port: 80, protocol: "TCP" }],
  reason: "example",
}));

/** The kinds of the meshes' own objects, as `group/resource`. */
export function meshKinds(meshes: readonly Mesh[]): string[] {
  const kinds = meshes.flatMap((mesh) =>
    meshObjects(mesh, everyKindOfHole, [80]).map(({ apiVersion, kind }) =>
      resourceOf(apiVersion, kind),
    ),
  );
  return [...new Set(kinds)].toSorted();
}

function resourceOf(apiVersion: string, kind: string): string {
  const [group = ""] = apiVersion.split("/");
  return `${group}/${plural(kind.toLowerCase())}`;
}

function plural(kind: string): string {
  return kind.endsWith("y") ? `${kind.slice(0, -1)}ies` : `${kind}s`;
}
