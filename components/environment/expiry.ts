import { hasPassed, isInstant } from "../core/metadata";

/**
 * What is worth a sentence about the end of an environment: that it has passed, and nothing here
 * removes it. Without the present instant nothing can be said.
 */
export function expiryReports(expiresAt: string | undefined, now: string | undefined): string[] {
  if (expiresAt === undefined || now === undefined || !isInstant(expiresAt)) {
    return [];
  }
  return hasPassed(expiresAt, now)
    ? [
        `The environment expired at ${expiresAt}, so it may be removed at any time. Set a later \`expiresAt\`, or destroy its stack.`,
      ]
    : [];
}
