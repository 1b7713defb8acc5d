import { type ChildProcess, execFile, spawn } from "node:child_process";
import { promisify } from "node:util";
import { type Sandbox } from "secure-environment-sandbox";

/**
 * Gives a network of the sandbox addresses that nothing else in it has, and servers at each that say
 * its name. All of them end with the sandbox.
 *
 * @param node takes the addresses; without one, the network outside of the cluster does.
 * @param probe is the path of the program that answers.
 * @param listeners are such as `tcp:8080`.
 */
export async function serveAddresses(
  sandbox: Sandbox,
  node: string | undefined,
  probe: string,
  addresses: readonly string[],
  listeners: readonly string[],
): Promise<void> {
  const enter = sandbox.enter(node);
  const commands = addresses.map((address) => `ip address add ${address}/32 dev lo 2>&1 || true`);
  await run([...enter, "sh", "-ec", commands.join("\n")]);
  await Promise.all(
    addresses.map((address) => {
      const own = listeners.map((listener) => listener.replace(":", `:${address}:`));
      return untilListening(start([...enter, probe, "serve", "--name", address, ...own]));
    }),
  );
}

/** What a probe listens on for these ports, over both protocols. */
export function listenersOn(ports: readonly number[]): readonly string[] {
  return ports.flatMap((port) => [`tcp:${port}`, `udp:${port}`]);
}

/** Asks from outside of the cluster, and gives what the probe says. */
export function askFromOutside(
  sandbox: Sandbox,
  probe: string,
  asking: readonly string[],
): Promise<string> {
  return run([...sandbox.enter(), probe, "ask", ...asking]);
}

async function run([program = "", ...rest]: readonly string[]): Promise<string> {
  return (await promisify(execFile)(program, rest, { maxBuffer: 64 * 1024 * 1024 })).stdout;
}

function start([program = "", ...rest]: readonly string[]): ChildProcess {
  return spawn(program, rest, { stdio: ["ignore", "pipe", "inherit"] });
}

function untilListening(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    server.stdout?.once("data", () => resolve());
    server.once("exit", (code) => reject(new Error(`A server ended with ${code}.`)));
  });
}
