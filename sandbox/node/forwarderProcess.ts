import { connect, type Server, type Socket } from "node:net";
import { pipeline } from "node:stream";

/**
 * Runs in the network that it leads into. It is given sockets that listen elsewhere, and connects
 * each caller with the same port of the loopback address here.
 */
process.on("message", ({ port }: { port: number }, server: Server) => {
  server.on("connection", (caller: Socket) => join(caller, port));
  process.send?.({ port });
});

function join(caller: Socket, port: number): void {
  const target = connect({ host: "127.0.0.1", port });
  const ignore = (): void => undefined;
  // Either end may go away at any time; a pipeline then ends the other one, too.
  pipeline(caller, target, ignore);
  pipeline(target, caller, ignore);
}
