import { requireUninterrupted } from "../engine/interruption";
import { refusals } from "../engine/engineReport";
import { withScratchFolder } from "../scratchFolder";
import { type ReviewSettings } from "../settings/reviewSettings";
import { forPermanentStacks, judgementOf } from "./judgement";
import { type Claim, claimsOf } from "./namespaceMatch";
import { readState } from "./stackStates";

/** What became of the look at one stack. */
export interface StackLook {
  /** Its full name. */
  readonly stack: string;
  /** Whether the policy pack has judged it. */
  readonly isJudged: boolean;
  /** What the policy pack refuses. */
  readonly violations: readonly string[];
  /** Why its state could not be read, or could not be judged. */
  readonly faults: readonly string[];
  /** Its namespaces; `undefined` when they are not known. */
  readonly claims?: readonly Claim[];
}

/**
 * Reads the state of a stack, and has the policy pack judge it, in a folder that is removed afterwards:
 * states are nobody else's to read. Of a stack that was destroyed meanwhile there is nothing to say.
 */
export function lookAtStack(stack: string, settings: ReviewSettings): Promise<StackLook> {
  return withScratchFolder(async (folder) => {
    const look = await lookIn(folder, stack, settings);
    requireUninterrupted();
    return look;
  });
}

async function lookIn(
  folder: string,
  stack: string,
  { policies, permanent }: ReviewSettings,
): Promise<StackLook> {
  const unjudged = { stack, isJudged: false, violations: [], faults: [] };
  const { state, unread } = await readState(stack, folder);
  if (state === undefined) {
    return unread === undefined ? { ...unjudged, claims: [] } : { ...unjudged, faults: [unread] };
  }
  const isPermanent = permanent.includes(stack);
  const configuration = isPermanent ? forPermanentStacks(policies) : policies;
  const { violations, errors } = await judgementOf(state, configuration, folder);
  return {
    stack,
    isJudged: violations.length > 0 || errors.length === 0,
    violations: refusals(violations),
    faults: errors.map((error) => `Stack ${stack} could not be judged: ${error}`),
    claims: isPermanent ? [] : claimsOf(state),
  };
}
