import { connect, type Server, type Socket } from "node:net";
import { pipeline } from "node:stream";

import type { ForwarderTarget } from "./forwarder";

/**
 * Runs in the network that it leads into. It is given sockets that listen elsewhere, and connects
 * the callers of each with its target here.
 */
process.on("message", (target: ForwarderTarget, server: Server) => {
  server.on("connection", (caller: Socket) => join(caller, target));
  process.send?.(target);
});

function join(caller: Socket, { host, port }: ForwarderTarget): void {
  const target = connect({ host, port });
  const ignore = (): void => undefined;
  // Either end may go away at any time; a pipeline then ends the other one, too.
  pipeline(caller, target, ignore);
  pipeline(target, caller, ignore);
}
