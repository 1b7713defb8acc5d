import { createServer } from "node:net";

import { SandboxError } from "./errors";

/** Thrown by an attempt that found its port taken by someone else in the meantime. */
export class PortTakenError extends SandboxError {
  override readonly name = "PortTakenError";
}

const attempts = 5;

/** A port of the loopback address on which no process listens at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen({ host: "127.0.0.1", port: 0 }, () => {
      const address = server.address();
      server.close(() => resolve((address as { port: number }).port));
    });
  });
}

/**
 * Runs `attempt` with a free port; again with another one (five times in all) when another process
 * took the port between the look and its use.
 *
 * @throws PortTakenError of the last attempt.
 */
export async function onFreePort<T>(
  attempt: (port: number) => Promise<T>,
  pick: () => Promise<number> = freePort,
): Promise<T> {
  for (let remaining = attempts - 1; ; remaining--) {
    try {
      return await attempt(await pick());
    } catch (error) {
      if (!(error instanceof PortTakenError) || remaining === 0) {
        throw error;
      }
    }
  }
}
