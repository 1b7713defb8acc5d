import { type HeldLease } from "../cluster/lease";
import { type Progress } from "../console";
import { requireUninterrupted } from "../engine/interruption";
import { removeEnvironment } from "../environment/removal";
import { type ExitCode, exitCodes, ReviewError } from "../exitCodes";
import { type ReviewSettings } from "../settings/reviewSettings";
import { sideBySide } from "../sideBySide";
import { type Due, type ReapOptions } from "./reapable";
import { NotDueError, requireStillDue } from "./stillDue";

/** By what environments are removed. */
export interface RemovalRun {
  readonly settings: ReviewSettings;
  /** What namespaces of the project name as theirs. */
  readonly labelledProject: string;
  readonly options: ReapOptions;
  /** How long to wait until a namespace is gone, in milliseconds. */
  readonly limit: number;
  /** What says the time. */
  readonly now: () => string;
  readonly progress: Progress;
}

/** What became of an environment that was to go. */
export type Fate =
  | { readonly fate: "gone" }
  | { readonly fate: "left"; readonly why: string }
  | { readonly fate: "failed"; readonly why: string; readonly exitCode: ExitCode };

/** How many environments are removed at a time. */
const removalsAtATime = 4;

/**
 * Removes environments, some at a time, each as `review destroy` does. What fails stops no other; after a
 * signal nothing more is begun.
 *
 * @returns what became of each, in their order.
 */
export function removeAll(
  due: readonly Due[],
  run: RemovalRun,
  held: HeldLease,
): Promise<readonly Fate[]> {
  return sideBySide(due, removalsAtATime, (one) => fateOf(one, run, held));
}

async function fateOf(due: Due, run: RemovalRun, held: HeldLease): Promise<Fate> {
  const { settings, labelledProject, options, limit, now, progress } = run;
  const { stack, branch = stack } = due;
  let lost: unknown;
  const confirmHeld = () =>
    held.confirm().catch((error: unknown) => {
      lost = error;
      throw error;
    });
  try {
    requireUninterrupted();
    const { destroyed } = await removeEnvironment(
      { settings, branch, stack, labelledProject },
      {
        // A run that is at work now may be one that brings it back to life.
        wait: 0,
        limit,
        confirm: async (found) => {
          await confirmHeld();
          await requireStillDue(due, found, options, now());
        },
      },
      progress,
    );
    return destroyed ? { fate: "gone" } : { fate: "left", why: "another run has removed it" };
  } catch (error) {
    if (!(error instanceof ReviewError)) {
      throw error;
    }
    return error === lost ? failed(error) : fateBy(error);
  }
}

/** What another run holds, or a signal has stopped, is for a later run. */
function fateBy(error: ReviewError): Fate {
  const { message: why, exitCode } = error;
  const isForLater = exitCode === exitCodes.locked || exitCode === exitCodes.cancelled;
  return isForLater || error instanceof NotDueError ? { fate: "left", why } : failed(error);
}

function failed({ message, exitCode }: ReviewError): Fate {
  return { fate: "failed", why: message, exitCode };
}
