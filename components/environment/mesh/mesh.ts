import { ambient, istio } from "./istio";
import { linkerd } from "./linkerd";
import { type Mesh } from "./meshArgs";
import { type MeshObject, type MeshPolicy, type MeshRules, tcpPorts } from "./meshRules";
import { HoleDirection } from "../network/networkArgs";
import { holeObjectName, type OpenHole } from "../network/holes/openHole";
import { podPeer, podSelector } from "../network/networkPolicyPeers";

const rulesOf: Readonly<Record<Mesh, MeshRules>> = { linkerd, istio, ambient };

/** Labels that make the namespace part of the mesh: a closed list. */
export function meshNamespaceLabels(mesh: Mesh | undefined): Readonly<Record<string, string>> {
  return mesh === undefined ? {} : rulesOf[mesh].namespaceLabels;
}

/** Annotations that make the namespace part of the mesh: a closed list. */
export function meshNamespaceAnnotations(mesh: Mesh | undefined): Readonly<Record<string, string>> {
  return mesh === undefined ? {} : rulesOf[mesh].namespaceAnnotations;
}

/** The network policies that an environment has because it is part of the mesh. */
export function meshPolicySpecs(mesh: Mesh, holes: readonly OpenHole[]): MeshPolicy[] {
  const { policies, tunnelPort } = rulesOf[mesh];
  return tunnelPort === undefined
    ? [...policies]
    : [...policies, ...holes.flatMap((hole) => tunnelPolicies(hole, tunnelPort))];
}

/**
 * The mesh's own objects: mutual TLS for everybody who is part of the mesh, and authorization that
 * says what the network policies say.
 *
 * @param ownPorts ports on which the environment's pods serve each other: Linkerd wants to know.
 */
export function meshObjects(
  mesh: Mesh,
  holes: readonly OpenHole[],
  ownPorts: readonly number[] = [],
): MeshObject[] {
  return rulesOf[mesh].objects(holes, ownPorts);
}

/** Between meshed pods packets go to the tunnel's port, not to the application's. */
function tunnelPolicies(hole: OpenHole, tunnelPort: number): MeshPolicy[] {
  const { direction, podLabels, podPeer: pods } = hole;
  if (pods?.meshed !== true || tcpPorts(hole).length === 0) {
    return [];
  }
  const selector = podSelector(podLabels);
  const peers = [podPeer(pods.namespace, pods.podLabels)];
  const ports = [{ port: tunnelPort, protocol: "TCP" }];
  const spec =
    direction === HoleDirection.Ingress
      ? { podSelector: selector, policyTypes: ["Ingress"], ingress: [{ from: peers, ports }] }
      : { podSelector: selector, policyTypes: ["Egress"], egress: [{ to: peers, ports }] };
  return [{ objectName: `mesh-${holeObjectName(hole)}`, spec }];
}
