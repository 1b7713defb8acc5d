import { setTimeout as sleep } from "node:timers/promises";

const pause = 50;
const longest = 60_000;

/**
 * Waits until the check holds.
 *
 * @throws Error after a minute: a wait without an end would outlive the test that failed.
 */
export async function eventually(check: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + longest;
  while (!(await check())) {
    if (Date.now() > end) {
      throw new Error(`Waited ${longest / 1000} seconds in vain.`);
    }
    await sleep(pause);
  }
}
