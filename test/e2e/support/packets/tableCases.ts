import {
  type Endpoint,
  type IsolationModel,
  nameOfEndpoint,
  type PacketCase,
  packetCases,
  portsAtEdges,
  type TargetPort,
} from "#isolation/index";
import { actorsAround, neighbour } from "../reachability/scene";

type Pair = readonly [from: Endpoint, to: Endpoint];

/** A port that no configuration opens. */
export const unopenedPort = 7777;

/** Without policies, so that it reaches all who have none either. */
export const neutral: Endpoint = { pod: "production/shop" };
const otherNeutral: Endpoint = { pod: "production/database" };

export const cacheOfTheNode = "169.254.20.10";
export const apiServer = "52.40.0.1";
const apiServerService = "10.96.0.1";
const dnsService = "10.96.0.10";

const protocols = ["TCP", "UDP"] as const;

/** Rows that packets do not show here, and why. */
const unshown: Readonly<Record<string, string>> = {
  [dnsService]: "a Service's address is decided by the pods behind it, which have a row",
  "fd00:ec2::254": "the sandbox has no IPv6",
  "2606:4700::1111": "the sandbox has no IPv6",
};

/** Addresses that packets do not come from: those of services, and of the pods' own node. */
const silent: readonly string[] = [apiServerService, cacheOfTheNode];

/** The addresses outside of the cluster that probes answer at. */
export function outsideAddresses(): readonly string[] {
  return actorsAround("").flatMap(({ endpoint }) =>
    "address" in endpoint && isShown(endpoint) && !silent.includes(endpoint.address)
      ? [endpoint.address]
      : [],
  );
}

/**
 * All rows of an environment's table in both directions, at the edges of each opening of it, and what
 * tells a wall from a target that is down and from a client without a network.
 */
export function tableCases(model: IsolationModel, namespace: string): readonly PacketCase[] {
  const numbers = [...portsAtEdges(model, namespace), unopenedPort];
  const ports = portsOf(numbers);
  const ends = actorsAround(namespace)
    .map(({ endpoint }) => endpoint)
    .filter(isShown);
  const own = ends.filter((end) => isIn(namespace, end));
  const others = ends.filter((end) => !isIn(namespace, end));
  const clients = others.filter((end) => !silent.includes(nameOfEndpoint(end)));
  const walled = others.filter((end) => isIn(neighbour, end));
  const rows = own.flatMap((pod): Pair[] => [
    ...clients.map((client): Pair => [client, pod]),
    ...[...own, ...others].map((target): Pair => [pod, target]),
  ]);
  const controls = others.map((target): Pair => [neutralTo(target), target]);
  const siblings = walled.flatMap((from) => walled.map((to): Pair => [from, to]));
  return [
    ...[...rows, ...controls, ...siblings].flatMap((pair) =>
      packetCases(model, [pair], portsTo(pair[1], ports)),
    ),
    ...packetCases(
      model,
      clients.map((client): Pair => [client, neutral]),
      portsOf([unopenedPort]),
    ),
  ];
}

function neutralTo(target: Endpoint): Endpoint {
  return nameOfEndpoint(target) === nameOfEndpoint(neutral) ? otherNeutral : neutral;
}

function portsOf(numbers: readonly number[]): readonly TargetPort[] {
  return numbers.flatMap((port) => protocols.map((protocol) => ({ port, protocol })));
}

/** A Service has no other ports than its own. */
function portsTo(target: Endpoint, ports: readonly TargetPort[]): readonly TargetPort[] {
  return nameOfEndpoint(target) === apiServerService ? [{ port: 443, protocol: "TCP" }] : ports;
}

function isIn(namespace: string, end: Endpoint): boolean {
  return "pod" in end && end.pod.startsWith(`${namespace}/`);
}

function isShown(end: Endpoint): boolean {
  return !(nameOfEndpoint(end) in unshown);
}
