import { once } from "node:events";
import { createServer, type AddressInfo, type Server } from "node:net";
import { resolve } from "node:path";

import { startPart, type StartingPart } from "../part";
import type { PartRecord, StatePaths } from "../state";
import type { Namespaces } from "./namespaces";

/** A process that gives the machine ways into a network that is not its own. */
export interface Forwarder {
  /** Ports of the machine's loopback address, one for each target. */
  readonly ports: readonly number[];
  readonly part: StartingPart;
}

/** Where a way into a network ends. */
export interface ForwarderTarget {
  readonly host: string;
  readonly port: number;
}

const program = resolve(__dirname, "forwarderProcess.js");

/**
 * Opens ports of the machine's loopback address that lead to targets in another network. The sockets are the machine's and the process lives in that network: no route, no
 * address and no rule joins the two.
 */
export async function startForwarder(
  network: Namespaces,
  targets: readonly ForwarderTarget[],
  paths: StatePaths,
  onStarted: (record: PartRecord) => void,
): Promise<Forwarder> {
  const servers = await Promise.all(targets.map(listenOnLoopback));
  const part = await startPart("forwarder", process.execPath, [program], paths, onStarted, {
    enter: network.enter,
    channel: true,
  });
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  for (const [index, server] of servers.entries()) {
    const taken = once(part.child, "message");
    part.child.send(targets[index] ?? {}, server);
    await Promise.race([taken, part.crash]);
    server.close();
  }
  part.child.disconnect();
  return { ports, part };
}

async function listenOnLoopback(): Promise<Server> {
  const server = createServer();
  server.listen({ host: "127.0.0.1", port: 0 });
  await once(server, "listening");
  return server;
}
