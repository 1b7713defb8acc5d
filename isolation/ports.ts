import type { DoubtCollector } from "./doubts";
import { isElement, isMissing, listOf, recordOf } from "secure-environment/core";
import type { TargetPort } from "./verdict";

export type Protocol = TargetPort["protocol"];

/** A run of ports of one protocol, both ends included. */
export interface PortRange {
  readonly protocol: Protocol;
  readonly port: number;
  readonly endPort: number;
}

/** A port by its name, which each target gives to a number of its own. */
export interface PortName {
  readonly protocol: Protocol;
  readonly name: string;
}

/** What one entry of a rule's ports opens. */
export type PolicyPort = PortRange | PortName;

/** Looks up the numbers that a target gives to the name of a port. */
export type PortNames = ReadonlyMap<string, readonly number[]>;

/** An address outside the cluster names no ports. */
export const noNames: PortNames = new Map();

const protocols: readonly Protocol[] = ["TCP", "UDP", "SCTP"];
const [firstPort, lastPort] = [1, 65535];

export const everyPort: readonly PortRange[] = protocols.map((protocol) => ({
  protocol,
  port: firstPort,
  endPort: lastPort,
}));

/** Reads the ports of a rule. Missing or empty, they are all ports of all protocols. */
export function readPorts(value: unknown, property: string, doubts: DoubtCollector): PolicyPort[] {
  if (isMissing(value) || (Array.isArray(value) && value.length === 0)) {
    return [...everyPort];
  }
  if (!Array.isArray(value)) {
    doubts.add(property, value, "is no list of ports; it counts as every port");
    return [...everyPort];
  }
  return value.flatMap((element: unknown, index) => {
    const port = isElement(element) ? readPort(recordOf(element)) : undefined;
    if (port === undefined) {
      const fault = "is not a port that Kubernetes takes; it counts as every port";
      doubts.add(`${property}[${index}]`, element, fault);
    }
    return port ?? everyPort;
  });
}

/** Whether a rule says which ports it opens, each by a number or a name, instead of leaving some out. */
export function namesPorts(value: unknown): boolean {
  const ports = listOf(value);
  return ports.length > 0 && ports.every((port) => !isMissing(recordOf(port)["port"]));
}

/** The ports that the entries open on a target with these names. */
export function rangesOn(ports: readonly PolicyPort[], names: PortNames): PortRange[] {
  return ports.flatMap((port) =>
    "name" in port
      ? (names.get(portKey(port.protocol, port.name)) ?? []).map((number) => ({
          protocol: port.protocol,
          port: number,
          endPort: number,
        }))
      : [port],
  );
}

/** Whether one of the entries opens the port on a target with these names. */
export function opensPort(
  ports: readonly PolicyPort[],
  { port, protocol }: TargetPort,
  names: PortNames,
): boolean {
  return ports.some(
    (entry) =>
      entry.protocol === protocol &&
      ("name" in entry
        ? (names.get(portKey(protocol, entry.name))?.includes(port) ?? false)
        : entry.port <= port && port <= entry.endPort),
  );
}

/** One text for a name of a port and its protocol: the same name may stand for both of two. */
export function portKey(protocol: string, name: string): string {
  return `${protocol} ${name}`;
}

export function isPortNumber(value: unknown): value is number {
  return Number.isInteger(value) && firstPort <= Number(value) && Number(value) <= lastPort;
}

/** @throws RangeError when the number is none of a port. */
export function assertPort(target: TargetPort): void {
  const isPort: boolean = isPortNumber(target.port);
  if (!isPort) {
    throw new RangeError(`${target.port} is no port. Give a number from 1 to 65535.`);
  }
}

function isProtocol(value: unknown): value is Protocol {
  return protocols.some((protocol) => protocol === value);
}

/** See ValidateNetworkPolicyPort in k8s.io/kubernetes/pkg/apis/networking/validation */
function readPort(element: Readonly<Record<string, unknown>>): PolicyPort | undefined {
  const { port, endPort } = element;
  const protocol = element["protocol"] ?? "TCP";
  if (!isProtocol(protocol)) {
    return undefined;
  }
  if (isPortNumber(port)) {
    const end = endPort ?? port;
    return isPortNumber(end) && end >= port ? { protocol, port, endPort: end } : undefined;
  }
  if (!isMissing(endPort)) {
    return undefined;
  }
  if (isMissing(port)) {
    return { protocol, port: firstPort, endPort: lastPort };
  }
  return isPortName(port) ? { protocol, name: port } : undefined;
}

/** See IsValidPortName in k8s.io/apimachinery/pkg/util/validation */
function isPortName(value: unknown): value is string {
  return (
    typeof value === "string" &&
    /^(?=.*[a-z])[a-z0-9-]{1,15}$/.test(value) &&
    !/^-|-$|--/.test(value)
  );
}
