import type { Duplex } from "node:stream";
import { Writable } from "node:stream";
import { libraryConfig } from "./access";
import { chosenCluster, type KubeconfigChoice } from "./kubeconfig";
import { firstLine } from "./messages";

/** What is used of a WebSocket. */
interface Socket {
  addEventListener(event: "close", listener: () => void): void;
  close(): void;
}

/** Connects what comes in here with a port of a pod. */
export interface PortForwarder {
  /**
   * Joins a connection with a port of a pod, until one of them ends it.
   *
   * @param onFault is told why the pod's port could not be reached.
   */
  join(
    connection: Duplex,
    pod: { readonly namespace: string; readonly name: string; readonly port: number },
    onFault: (fault: string) => void,
  ): Promise<void>;
}

/**
 * Forwards ports through the API server of the chosen cluster, over WebSockets: that takes `get` on
 * `pods/portforward`, and from Kubernetes 1.35 on `create` as well.
 *
 * @throws Error when the choice leads nowhere. It shows nothing of what a kubeconfig holds.
 */
export async function portForwarder(choice: KubeconfigChoice): Promise<PortForwarder> {
  const { PortForward } = await import("@kubernetes/client-node");
  const config = await libraryConfig(chosenCluster(choice));
  const forward = new PortForward(config);
  return {
    join: async (connection, { namespace, name, port }, onFault) => {
      connection.on("error", () => connection.destroy());
      const faults = faultsTo(onFault);
      try {
        const joined: unknown = await forward.portForward(
          namespace,
          name,
          [port],
          connection,
          faults,
          connection,
        );
        // Without retries, which would repeat what was sent already, it is the WebSocket.
        const socket = joined as Socket;
        socket.addEventListener("close", () => connection.end());
        connection.on("close", () => socket.close());
      } catch (error) {
        onFault(faultOf(error));
        connection.destroy();
      }
    },
  };
}

/** What the node says of the port, in one piece each. */
function faultsTo(onFault: (fault: string) => void): Writable {
  return new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      const fault = chunk.toString("utf8").trim();
      if (fault !== "") {
        onFault(fault);
      }
      done();
    },
  });
}

/** The library gives the event of the WebSocket, or an error. */
function faultOf(event: unknown): string {
  const { message } = (event ?? {}) as { readonly message?: unknown };
  return typeof message === "string" ? firstLine(new Error(message)) : firstLine(event);
}
