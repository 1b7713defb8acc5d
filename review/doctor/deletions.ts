import { firstLine } from "secure-environment-kubernetes";
import { type Cluster } from "../cluster/cluster";
import { heldObjectMessages } from "../cluster/heldObjects";
import { withProjectFolder } from "../engine/projectFolder";
import { fullStackName, targetOf } from "../environment/target";
import { exitCodes, ReviewError } from "../exitCodes";
import { type Checkpoint, objectsOf } from "../state/checkpoint";
import { clusterOfState } from "../state/exportedState";
import { type Check, type Surroundings } from "./examination";
import { fine, type Finding, unknown, wrong } from "./finding";
import { askPulumi, jsonOf } from "./programs";

const subject = "deletions";

/** What is seen of the objects of a stack. */
export interface SeenDeletions {
  /** A message for each object that is being deleted. */
  readonly held: readonly string[];
  /** Why an object could not be looked at. */
  readonly unseen: readonly string[];
}

/** What holds the deletion of the objects of the branch's stack, where a branch was named. */
export const deletions: Check = {
  subject,
  look: async (surroundings) => {
    const { settings, branch } = surroundings;
    if (settings === undefined || branch === undefined) {
      return [];
    }
    const stack = fullStackName(targetOf(settings, branch));
    return withProjectFolder(settings, {}, async ({ folder }) => {
      const checkpoint = await exported(stack, folder, surroundings);
      if (checkpoint === undefined) {
        return [fine(subject, `there is no stack ${stack}; \`review up\` makes it`)];
      }
      const shown = () => exported(stack, folder, surroundings, "--show-secrets");
      const cluster = await clusterOfState(checkpoint, shown);
      return judgeDeletions(stack, await lookAtDeletions(checkpoint, cluster));
    });
  },
};

/** The state of a stack; `undefined` when there is none. */
async function exported(
  stack: string,
  folder: string,
  how: Pick<Surroundings, "environment" | "over">,
  ...flags: readonly string[]
): Promise<Checkpoint | undefined> {
  const args = ["stack", "export", "--stack", stack, ...flags];
  const { end, output, words } = await askPulumi(args, { ...how, folder });
  if (end === exitCodes.noStack) {
    return undefined;
  }
  const checkpoint = end === 0 ? jsonOf(output) : undefined;
  if (checkpoint === undefined) {
    const message = `the state of ${stack} could not be read: ${firstLine(words) || "no reason was given"}`;
    throw new ReviewError(message, exitCodes.failed);
  }
  return checkpoint as Checkpoint;
}

/**
 * Looks at the objects that a state has, one at a time, and at no Secret. An object that cannot be read is
 * told, and the others are looked at.
 */
export async function lookAtDeletions(
  checkpoint: Checkpoint,
  cluster: Cluster,
): Promise<SeenDeletions> {
  const looks = await Promise.allSettled(objectsOf(checkpoint).map((one) => cluster.endOf(one)));
  const seen = looks.flatMap((look) => (look.status === "fulfilled" ? (look.value ?? []) : []));
  const unseen = looks.flatMap((look) =>
    look.status === "rejected" ? [wordsOf(look.reason)] : [],
  );
  return { held: heldObjectMessages(seen), unseen };
}

/** Any reason but a failed look at an object is a fault of this program, and ends it. */
function wordsOf(reason: unknown): string {
  if (!(reason instanceof ReviewError)) {
    throw reason;
  }
  return reason.message;
}

/** A finding for each object that is held, and for each that was not seen. */
export function judgeDeletions(stack: string, { held, unseen }: SeenDeletions): readonly Finding[] {
  const remedy = "Do what is said above; then run `review up` or `review destroy` again.";
  const findings = [
    ...held.map((message) => wrong(subject, message, remedy)),
    ...unseen.map((reason) => unknown(subject, reason)),
  ];
  return findings.length > 0 ? findings : [fine(subject, `no object of ${stack} is being deleted`)];
}
