import { setTimeout as sleep } from "node:timers/promises";
import { type FoundNamespace } from "secure-environment-cluster/namespaceVerdict";
import { type Cluster } from "../cluster/cluster";
import { heldObjectMessages } from "../cluster/heldObjects";
import { type Progress } from "../console";
import { pause } from "../engine/interruption";
import { exitCodes, ReviewError } from "../exitCodes";

/** Milliseconds before it is told what holds a namespace that is being deleted, and between two looks. */
const toldPause = 15_000;

/** Milliseconds between two looks at a namespace that is waited for. */
const lookPause = 1_000;

/** Those namespaces of these names that stand. */
export async function namespacesNamed(
  cluster: Cluster,
  names: readonly string[],
): Promise<FoundNamespace[]> {
  const found = await Promise.all(names.map((name) => cluster.namespace(name)));
  return found.flatMap((namespace) => namespace ?? []);
}

/** A message for each namespace that is being deleted: since when, what holds it, what to do. */
export function namespacesHeld(namespaces: readonly FoundNamespace[]): string[] {
  return heldObjectMessages(namespaces.map((one) => ({ kind: "Namespace", ...one })));
}

/** While work takes long, it is told what holds namespaces, each time that this is something else. */
export async function tellingWhatHolds<Result>(
  standing: () => Promise<readonly FoundNamespace[]>,
  progress: Progress,
  work: () => Promise<Result>,
): Promise<Result> {
  const over = new AbortController();
  const watch = tellWhatHolds(standing, progress, over.signal);
  const result = await work().finally(() => over.abort());
  await watch;
  return result;
}

async function tellWhatHolds(
  standing: () => Promise<readonly FoundNamespace[]>,
  progress: Progress,
  over: AbortSignal,
): Promise<void> {
  let told = "";
  const paused = () =>
    sleep(toldPause, undefined, { signal: over, ref: false }).then(
      () => true,
      () => false,
    );
  while (await paused()) {
    const message = namespacesHeld(await standing().catch(() => [])).join("\n");
    if (message !== "" && message !== told) {
      progress.say(message);
      told = message;
    }
  }
}

/**
 * Waits until no namespace of an environment is being deleted: nothing can come up in one before.
 *
 * @param standing finds the namespaces of the environment.
 * @param wait how long, in milliseconds.
 * @returns those that stand then.
 * @throws ReviewError with 9 when the wait is over; it says what holds them.
 */
export async function standingOnceDeleted(
  standing: () => Promise<readonly FoundNamespace[]>,
  wait: number,
  progress: Progress,
): Promise<readonly FoundNamespace[]> {
  const first = await standing();
  if (namespacesHeld(first).length === 0) {
    return first;
  }
  const names = first.flatMap(({ metadata }) => metadata?.name ?? []).join(", ");
  progress.step(`Waiting until ${names} is gone, which is being deleted`);
  return tellingWhatHolds(standing, progress, async () => {
    const deadline = performance.now() + wait;
    for (let found = first; ; found = await standing()) {
      const held = namespacesHeld(found);
      if (held.length === 0) {
        return found;
      }
      if (performance.now() >= deadline) {
        const next =
          "Nothing was done. Run the command again once it is gone, or wait longer with --wait.";
        throw new ReviewError([...held, next].join("\n"), exitCodes.timedOut);
      }
      await pause(Math.min(lookPause, deadline - performance.now()));
    }
  });
}
