import { setTimeout as sleep } from "node:timers/promises";

import { type Rehearsal } from "secure-environment";
import { failure } from "secure-environment-cluster/failure";
import { type KubernetesResponse, messageOf } from "secure-environment-kubernetes";
import { type Cluster } from "./cluster";

/** How often in a row each request has to be refused: API servers obey a new policy one by one. */
const timesInARow = 5;

/** How long to wait, and between two tries, in milliseconds. */
export interface Patience {
  readonly longest: number;
  readonly pause: number;
}

const patience: Patience = { longest: 60_000, pause: 200 };

/**
 * Waits until everything is refused that has to be. The requests are dry runs in the name of a user
 * who may do everything, so that nothing but admission refuses them.
 *
 * @throws RunError with everything that was not refused, once the patience is over.
 */
export async function rehearse(
  cluster: Cluster,
  rehearsals: readonly Rehearsal[],
  { longest, pause }: Patience = patience,
): Promise<void> {
  const end = Date.now() + longest;
  for (let refusedInARow = 0; refusedInARow < timesInARow;) {
    const holes = await holesIn(cluster, rehearsals);
    refusedInARow = holes.length === 0 ? refusedInARow + 1 : 0;
    if (holes.length > 0 && Date.now() > end) {
      throw failure(describeHoles(holes));
    }
    await sleep(pause);
  }
}

/** What was not refused as it has to be, in words. */
async function holesIn(cluster: Cluster, rehearsals: readonly Rehearsal[]): Promise<string[]> {
  const holes = await Promise.all(
    rehearsals.map(async (rehearsal) => {
      const groups = ["system:masters", rehearsal.group];
      const as = { user: "secure-environment-rehearsal", groups };
      const answer = await cluster.tryCreate(rehearsal.path, rehearsal.object, as);
      return isRefusal(rehearsal, answer) ? [] : [describeHole(rehearsal, answer)];
    }),
  );
  return holes.flat();
}

function isRefusal({ refusal }: Rehearsal, { status, body }: KubernetesResponse): boolean {
  return status >= 400 && messageOf(body).includes(refusal);
}

function describeHoles(holes: readonly string[]): string {
  return [
    "The fence around the pipelines does not hold, so none of them was given a right in this run.",
    ...holes,
    "Are the admission plugins ValidatingAdmissionPolicy, LimitRanger and ResourceQuota on, and may you impersonate system:masters?",
  ].join("\n");
}

/** An answer that is no error may hold what is secret, such as a token. */
function describeHole(
  { refusedBy, group, path }: Rehearsal,
  { status, body }: KubernetesResponse,
): string {
  const answer = status >= 400 ? messageOf(body) : "it was let through";
  return `  - ${refusedBy}: a POST to ${path} by ${group} was not refused by it: ${answer}.`;
}
