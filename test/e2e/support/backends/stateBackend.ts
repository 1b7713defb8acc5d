import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { eventually } from "../../../support/eventually";

/** Where Pulumi keeps the states of stacks. */
export interface StateBackend {
  /** What Pulumi and the command need to reach it. */
  readonly variables: NodeJS.ProcessEnv;
  readonly stop: () => Promise<void>;
}

/** How a server of this machine is started. */
export interface ServerProcess {
  readonly command: string;
  readonly args: readonly string[];
  /** The user that it runs as, where that is not this one. */
  readonly userId?: number;
}

/** Starts a server that listens on a port of loopback, and waits until it does. */
export async function startServer(
  port: number,
  { command, args, userId }: ServerProcess,
): Promise<() => Promise<void>> {
  const child = spawn(command, args, { stdio: "ignore", uid: userId, gid: userId });
  await once(child, "spawn");
  const isThere = async () => {
    if (child.exitCode !== null) {
      throw new Error(`${command} ended with ${child.exitCode}.`);
    }
    return answers(port);
  };
  await eventually(isThere).catch(async (error: unknown) => {
    await end(child);
    throw error;
  });
  return () => end(child);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill("SIGINT");
    await once(child, "exit");
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("error", () => resolve(false));
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
  });
}
