import { setTimeout as sleep } from "node:timers/promises";

const pause = 50;

/** Waits until the check holds; mocha's own time limit ends a wait that never does. */
export async function eventually(check: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await check())) {
    await sleep(pause);
  }
}
