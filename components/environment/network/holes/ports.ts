import { type HolePortArgs, HoleProtocol } from "../networkArgs";
import { type OpenPort } from "./openHole";
import { isPort, portProblems } from "../../../core/ports";
import { problem, problemUnless, type Problem } from "../../../core/problems";
import { nameResolutionPorts } from "../../../core/rules";

/** Everything wrong with the ports of a hole. */
export function holePortProblems(property: string, ports: readonly HolePortArgs[]): Problem[] {
  if (ports.length === 0) {
    const remedy = "List the ports that are needed: no port would mean every port.";
    return [problem(property, "is empty", remedy)];
  }
  return ports.flatMap(({ port, endPort }, index) => [
    ...portProblems(`${property}[${index}].port`, port),
    ...portProblems(`${property}[${index}].endPort`, endPort),
    ...orderProblems(`${property}[${index}]`, port, endPort),
  ]);
}

/** Name resolution to addresses: a server that answers there can carry any traffic inside of it. */
export function nameResolutionProblems(
  property: string,
  ports: readonly HolePortArgs[],
): Problem[] {
  return ports.flatMap((port, index) => {
    const [open] = resolvePorts([port]);
    const tunnel = nameResolutionPorts.find(
      (resolver) => open !== undefined && holds(open, resolver),
    );
    const isValid = tunnel === undefined || port.protocol === HoleProtocol.Sctp;
    const fault = `opens port ${tunnel} to addresses, a tunnel for any traffic`;
    const remedy = "Leave the port out, and name the resolver in `dns`.";
    return problemUnless(isValid, `${property}[${index}]`, fault, remedy, port);
  });
}

/** The ports with everything that was left out filled in. */
export function resolvePorts(ports: readonly HolePortArgs[]): OpenPort[] {
  return ports.map(({ port, endPort = port, protocol = HoleProtocol.Tcp }) =>
    endPort === port ? { port, protocol } : { port, endPort, protocol },
  );
}

/** Whether the outer ports hold every one of the inner ones. */
export function coverPorts(outer: readonly OpenPort[], inner: readonly OpenPort[]): boolean {
  return inner.every((range) => {
    const candidates = outer
      .filter(({ protocol }) => protocol === range.protocol)
      .sort((one, other) => one.port - other.port);
    const uncovered = candidates.reduce(
      (next, candidate) => (holds(candidate, next) ? lastPort(candidate) + 1 : next),
      range.port,
    );
    return uncovered > lastPort(range);
  });
}

/** Whether both have a port in common. */
export function sharePorts(some: readonly OpenPort[], others: readonly OpenPort[]): boolean {
  return some.some((one) =>
    others.some(
      (other) =>
        one.protocol === other.protocol && (holds(one, other.port) || holds(other, one.port)),
    ),
  );
}

function holds(range: OpenPort, port: number): boolean {
  return range.port <= port && port <= lastPort(range);
}

function lastPort({ port, endPort = port }: OpenPort): number {
  return endPort;
}

function orderProblems(property: string, port: number, endPort: number | undefined): Problem[] {
  const isValid = endPort === undefined || !isPort(port) || !isPort(endPort) || endPort >= port;
  const fault = `is less than \`port\`, which is ${port}`;
  const remedy = "Write the first port of the range as `port` and the last one as `endPort`.";
  return problemUnless(isValid, `${property}.endPort`, fault, remedy, endPort);
}
