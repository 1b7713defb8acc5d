import { meshObjects } from "../../../environment/mesh/mesh";
import { type Mesh } from "../../../environment/mesh/meshArgs";
import { type OpenHole } from "../../../environment/network/holes/openHole";

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

/** Resources of one API group. */
export interface WrittenKinds {
  readonly apiGroup: string;
  readonly resources: readonly string[];
}

/** What pipelines write, and nothing else: the namespaces of environments and their walls. */
export function writtenKinds(meshes: readonly Mesh[]): WrittenKinds[] {
  return [{ apiGroup: "", resources: ["namespaces"] }, ...wallKinds(meshes)];
}

/** The walls of environments. */
export function wallKinds(meshes: readonly Mesh[]): WrittenKinds[] {
  return [
    { apiGroup: "", resources: ["limitranges", "resourcequotas", "serviceaccounts"] },
    { apiGroup: "networking.k8s.io", resources: ["networkpolicies"] },
    { apiGroup: "rbac.authorization.k8s.io", resources: ["rolebindings"] },
    { apiGroup: "flowcontrol.apiserver.k8s.io", resources: ["flowschemas"] },
    ...meshKinds(meshes),
  ];
}

/** The meshes' own objects. */
function meshKinds(meshes: readonly Mesh[]): WrittenKinds[] {
  const objects = meshes.flatMap((mesh) => meshObjects(mesh, everyKindOfHole, [80]));
  const apiGroups = new Set(objects.map(({ apiVersion }) => groupOf(apiVersion)));
  return [...apiGroups].map((apiGroup) => ({
    apiGroup,
    resources: [
      ...new Set(
        objects
          .filter(({ apiVersion }) => groupOf(apiVersion) === apiGroup)
          .map(({ kind }) => plural(kind.toLowerCase())),
      ),
    ],
  }));
}

function groupOf(apiVersion: string): string {
  return apiVersion.split("/")[0] ?? "";
}

function plural(kind: string): string {
  return kind.endsWith("y") ? `${kind.slice(0, -1)}ies` : `${kind}s`;
}
