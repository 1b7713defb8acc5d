import { type types } from "@pulumi/kubernetes";
import { type Reference } from "../../core/plan";
import { HoleDirection, HoleProtocol } from "../network/networkArgs";
import { type OpenHole } from "../network/holes/openHole";

type NetworkPolicySpec = types.input.networking.v1.NetworkPolicySpec;

/** What one mesh asks of an environment. Each mesh has a file of its own. */
export interface MeshRules {
  /** Labels that make the namespace part of the mesh: a closed list. */
  readonly namespaceLabels: Readonly<Record<string, string>>;
  /** Annotations that make the namespace part of the mesh: a closed list. */
  readonly namespaceAnnotations: Readonly<Record<string, string>>;
  /** Network policies without which the mesh cannot work, besides those of its tunnel. */
  readonly policies: readonly MeshPolicy[];
  /** The port on which meshed pods reach each other, where it is not the application's own. */
  readonly tunnelPort?: number;
  /** The mesh's own objects: mutual TLS, and authorization that says what network policies say. */
  readonly objects: (holes: readonly OpenHole[], ownPorts: readonly number[]) => MeshObject[];
}

/** A NetworkPolicy of the mesh. */
export interface MeshPolicy {
  readonly objectName: string;
  readonly spec: NetworkPolicySpec;
}

/** A custom resource of the mesh. Some name the namespace, which may be known only later: the rest is known before. */
export interface MeshObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly objectName: string;
  readonly specIn: (namespace: string | Reference) => Readonly<Record<string, unknown>>;
}

/** Ports of the hole that pass a mesh, each once. Meshes carry TCP; other protocols go past them. */
export function tcpPorts(hole: OpenHole): number[] {
  const ports = hole.ports.filter(({ protocol }) => protocol === HoleProtocol.Tcp);
  return [...new Set(ports.map(({ port }) => port))];
}

/** Holes through which the mesh must let traffic in. */
export function meshIngressHoles(holes: readonly OpenHole[]): OpenHole[] {
  return holes.filter(
    (hole) => hole.direction === HoleDirection.Ingress && tcpPorts(hole).length > 0,
  );
}

/** Whether the hole lets in clients that are no part of the mesh. */
export function admitsPlainText(hole: OpenHole): boolean {
  return hole.addressPeers.length > 0 || hole.podPeer?.meshed === false;
}
