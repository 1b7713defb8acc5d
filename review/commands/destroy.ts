import { type Target } from "../environment/target";
import { type Removal, removeEnvironment } from "../environment/removal";
import { durationOf } from "../duration";
import { recorded } from "./recorded";
import { reported } from "./reported";

/** How an environment is destroyed. */
export interface DestroyOptions {
  /** The folder of the settings. */
  readonly settings: string;
  /** How long to wait for another run, and for the namespace to be gone, such as `10m`. */
  readonly wait: string;
  /** Whether a namespace goes that no state has, if it names the branch's stack. */
  readonly lostState?: boolean;
  /** A file for what came of it, for later steps of a pipeline. */
  readonly result?: string;
  readonly json?: boolean;
}

/**
 * Removes the environment of a branch with its stack, from the state alone: neither the branch nor a
 * program is needed.
 *
 * @throws ReviewError when it was refused, did not end, or another run is at work on it.
 */
export async function destroy(given: string | undefined, options: DestroyOptions): Promise<void> {
  await recorded("destroy", given, options, async (target) => {
    const wait = durationOf(options.wait, "--wait");
    const { lostState } = options;
    const result = await reported(
      options,
      (progress) => removeEnvironment(target, { wait, limit: wait, lostState }, progress),
      (gone) => describe(target, gone),
    );
    return { result };
  });
}

function describe({ stack, branch }: Target, { destroyed, namespaces }: Removal): string {
  return destroyed
    ? `${stack} is gone, and with it ${namespaces.join(", ") || "no namespace, as it had none"}.`
    : `There is nothing of the branch ${JSON.stringify(branch)}: neither the stack ${stack} nor a namespace of it.`;
}
