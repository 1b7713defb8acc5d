import { setTimeout as sleep } from "node:timers/promises";
import { type Admission, type Rehearsal } from "secure-environment";
import { failure } from "secure-environment-cluster/failure";
import { type Cluster } from "./cluster";
import { describeHoles, holesIn } from "./holes";
import { describeObstacles, describeStrangers, obstaclesIn, reasonOf } from "./obstacles";

/** How often in a row each request has to be refused: API servers obey a new policy one by one. */
const timesInARow = 5;

/** How long to wait, and between two tries, in milliseconds. */
export interface Patience {
  readonly longest: number;
  readonly pause: number;
}

const patience: Patience = { longest: 60_000, pause: 200 };

/** What is tried before pipelines get rights. */
export interface Repertoire {
  /** What has to be refused. */
  readonly refused: readonly Rehearsal[];
  /** What has to be admitted. */
  readonly admitted: readonly Admission[];
}

/**
 * Waits until everything is refused that has to be, and everything admitted that an environment
 * consists of. All requests are dry runs.
 *
 * @returns what others than the platform refuse of an application, in words.
 * @throws RunError with everything that was not as it has to be, once the patience is over.
 */
export async function rehearse(
  cluster: Cluster,
  { refused, admitted }: Repertoire,
  { longest, pause }: Patience = patience,
): Promise<string[]> {
  const found = await remaining(() => holesIn(cluster, refused), timesInARow, { longest, pause });
  // What stands in the way of environments may be why the fence says something else.
  const wait = { longest: found.length > 0 ? 0 : longest, pause };
  const obstacles = await remaining(() => obstaclesIn(cluster, admitted), 1, wait);
  const blocking = obstacles.filter(({ isBlocking }) => isBlocking);
  const reasons = blocking.map(({ message }) => reasonOf(message));
  const holes = found.filter(({ message }) => !reasons.includes(reasonOf(message)));
  const faults = [
    ...(blocking.length === 0 ? [] : [await describeObstacles(cluster, blocking)]),
    ...(holes.length === 0 ? [] : [describeHoles(holes)]),
  ];
  if (faults.length > 0) {
    throw failure(faults.join("\n"));
  }
  return describeStrangers(obstacles);
}

/** What is still found when the patience is over; nothing once nothing was found so often in a row. */
async function remaining<Fault>(
  look: () => Promise<readonly Fault[]>,
  times: number,
  { longest, pause }: Patience,
): Promise<readonly Fault[]> {
  const end = Date.now() + longest;
  for (let inARow = 0; inARow < times;) {
    const faults = await look();
    inARow = faults.length === 0 ? inARow + 1 : 0;
    if (faults.length > 0 && Date.now() > end) {
      return faults;
    }
    await sleep(pause);
  }
  return [];
}
