import {
  type IsolationObject,
  type Labels,
  type NetworkPolicy,
  type Pod,
} from "#isolation/objects";
import { type Endpoint, type TargetPort } from "#isolation/verdict";

/** Objects, and who reaches whom among them. */
export interface ConformanceCase {
  readonly name: string;
  readonly objects: readonly IsolationObject[];
  readonly expected: readonly Expectation[];
}

/**
 * Who reaches whom on one port: a line for every source, a column for every target, `.` where the
 * connection is made and `X` where it is refused. Ends with a slash are pods, others addresses.
 */
export interface Expectation {
  readonly port: TargetPort;
  readonly matrix: string;
}

export interface ExpectedConnection {
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly allowed: boolean;
}

/** The connections of a matrix. */
export function connectionsOf(matrix: string): ExpectedConnection[] {
  const [targets = [], ...lines] = matrix
    .split("\n")
    .map((line) => line.split(" ").filter((word) => word !== ""))
    .filter((words) => words.length > 0);
  return lines.flatMap(([source = "", ...cells]) => {
    if (cells.length !== targets.length) {
      throw new RangeError(`The line of ${source} has ${cells.length} cells.`);
    }
    return targets.map((target, index) => ({
      from: endpoint(source),
      to: endpoint(target),
      allowed: isAllowed(cells[index]),
    }));
  });
}

export function reaches(
  protocol: TargetPort["protocol"],
  port: number,
  matrix: string,
): Expectation {
  return { port: { port, protocol }, matrix };
}

/** The label that the control plane sets on every namespace. */
export function named(namespace: string): { readonly matchLabels: Labels } {
  return { matchLabels: { "kubernetes.io/metadata.name": namespace } };
}

export function labelled(labels: Labels): { readonly matchLabels: Labels } {
  return { matchLabels: labels };
}

export function namespace(name: string, labels: Labels = {}): IsolationObject {
  return { kind: "Namespace", metadata: { name, labels } };
}

export function pod(fullName: string, labels: Labels, address?: string): Pod {
  return { kind: "Pod", metadata: { ...nameOf(fullName), labels }, status: { podIP: address } };
}

export function policy(fullName: string, spec: NetworkPolicy["spec"]): NetworkPolicy {
  return { kind: "NetworkPolicy", metadata: nameOf(fullName), spec };
}

/**
 * The pods of the Kubernetes end-to-end tests: the label `pod` says the name, and one container has
 * a named port for each number and protocol, such as `serve-80-tcp`.
 */
export function servers(...fullNames: readonly string[]): Pod[] {
  return fullNames.map((fullName) => server(fullName));
}

export function server(
  fullName: string,
  labels: Labels = {},
  podIP: string = addressOf(fullName),
): Pod {
  const metadata = nameOf(fullName);
  return {
    kind: "Pod",
    metadata: { ...metadata, labels: { pod: metadata.name, ...labels } },
    spec: { containers: [{ ports: servedPorts }] },
    status: { podIP, podIPs: [{ ip: podIP }] },
  };
}

/** Such as `10.2.0.1` for `y/a`. */
export function addressOf(fullName: string): string {
  return `10.${numbersOf(fullName).join(".0.")}`;
}

/** Such as `fd00:2::1` for `y/a`. */
export function ipv6AddressOf(fullName: string): string {
  return `fd00:${numbersOf(fullName).join("::")}`;
}

const servedPorts = (["TCP", "UDP", "SCTP"] as const).flatMap((protocol) =>
  [80, 81].map((containerPort) => ({
    name: `serve-${containerPort}-${protocol.toLowerCase()}`,
    containerPort,
    protocol,
  })),
);

function numbersOf(fullName: string): [namespace: number, pod: number] {
  const { namespace, name } = nameOf(fullName);
  return [1 + "xyz".indexOf(namespace), 1 + "abc".indexOf(name)];
}

function nameOf(fullName: string): { readonly namespace: string; readonly name: string } {
  const [namespace = "", name = ""] = fullName.split("/");
  return { namespace, name };
}

function endpoint(text: string): Endpoint {
  return text.includes("/") ? { pod: text } : { address: text };
}

function isAllowed(cell: string | undefined): boolean {
  if (cell !== "." && cell !== "X") {
    throw new RangeError(`A cell is . or X, not ${cell}.`);
  }
  return cell === ".";
}
