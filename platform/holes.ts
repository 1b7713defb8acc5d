import { type Rehearsal } from "secure-environment";
import { shownWords } from "secure-environment/core";
import { type KubernetesResponse, messageOf } from "secure-environment-kubernetes";
import { type Cluster } from "./cluster";

/** A request that was not refused as it has to be. */
export interface Hole {
  readonly rehearsal: Rehearsal;
  /** What the API server answered; an answer that is no error may hold what is secret. */
  readonly message: string;
}

/**
 * What was not refused as it has to be. The requests are in the name of a user who may do everything,
 * so that nothing but admission refuses them.
 */
export async function holesIn(cluster: Cluster, rehearsals: readonly Rehearsal[]): Promise<Hole[]> {
  const holes = await Promise.all(
    rehearsals.map(async (rehearsal) => {
      const groups = ["system:masters", rehearsal.group];
      const as = { user: "secure-environment-rehearsal", groups };
      const answer = await cluster.tryCreate(rehearsal.path, rehearsal.object, as);
      return isRefusal(rehearsal, answer) ? [] : [{ rehearsal, message: answerOf(answer) }];
    }),
  );
  return holes.flat();
}

/** One message with all holes, a line each. */
export function describeHoles(holes: readonly Hole[]): string {
  return [
    "The fence around the pipelines does not hold, so none of them was given a right in this run.",
    ...holes.map(describeHole),
    "Are the admission plugins ValidatingAdmissionPolicy, LimitRanger and ResourceQuota on, and may you impersonate system:masters?",
  ].join("\n");
}

function isRefusal({ refusal }: Rehearsal, { status, body }: KubernetesResponse): boolean {
  return status >= 400 && messageOf(body).includes(refusal);
}

function answerOf({ status, body }: KubernetesResponse): string {
  return status >= 400 ? messageOf(body) : "it was let through";
}

function describeHole({ rehearsal: { refusedBy, group, path }, message }: Hole): string {
  return `  - ${refusedBy}: a POST to ${path} by ${group} was not refused by it: ${shownWords(message)}.`;
}
