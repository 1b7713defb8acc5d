import type { IsolationModel } from "./model";
import type { Direction } from "./policies";
import type { Endpoint, TargetPort } from "./verdict";

/** A connection that is to be tried with real packets, and what should come of it. */
export interface PacketCase {
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly port: TargetPort;
  /** Whether the network policies let it through. */
  readonly open: boolean;
}

const directions: readonly Direction[] = ["Ingress", "Egress"];
const lastPort = 65535;

/** What the model says of some pairs, each on the same ports. What a pod says to itself is left out. */
export function packetCases(
  model: IsolationModel,
  pairs: readonly (readonly [from: Endpoint, to: Endpoint])[],
  ports: readonly TargetPort[],
): readonly PacketCase[] {
  return pairs
    .filter(([from, to]) => nameOfEndpoint(from) !== nameOfEndpoint(to))
    .flatMap(([from, to]) =>
      ports.map((port) => ({ from, to, port, open: model.verdict(from, to, port).allowed })),
    );
}

/**
 * The numbers at which rules of a namespace begin and end, each with its neighbours: a rule that is
 * carried out wrongly shows at its edges first. Ports by name are left out.
 */
export function portsAtEdges(model: IsolationModel, namespace: string): readonly number[] {
  const ends = directions
    .flatMap((direction) => model.deniesByDefault(namespace, direction).openings)
    .flatMap(({ ports }) => ports)
    .flatMap((port) => ("name" in port ? [] : [port.port, port.endPort]));
  const ports = ends.flatMap((port) => [port - 1, port, port + 1]);
  return [...new Set(ports)]
    .filter((port) => port >= 1 && port <= lastPort)
    .sort((one, other) => one - other);
}

/** A pod as `namespace/name`, or an address. */
export function nameOfEndpoint(endpoint: Endpoint): string {
  return "pod" in endpoint ? endpoint.pod : endpoint.address;
}
