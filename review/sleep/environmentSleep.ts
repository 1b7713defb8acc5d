import { type KubernetesApi } from "secure-environment-kubernetes";
import { pause } from "../engine/interruption";
import { exitCodes, ReviewError } from "../exitCodes";
import { carryOut } from "./carryOut";
import { podsThatGo } from "./leftovers";
import { everythingIn } from "./look";
import { sleepOutcomes, wakeOutcomes, type WorkloadOutcome } from "./outcomes";
import { sleepStep, wakeStep } from "./steps";

/** Milliseconds between two looks at pods that are going. */
const lookPause = 1_000;

/** Is told what is being worked on. */
type Tell = (what: string) => void;

/**
 * Puts the workloads of an environment to sleep: it has no pods then but those that are told. Safe to repeat,
 * and to interrupt.
 *
 * @param api as the environment's deployer.
 * @throws ReviewError when the cluster does not answer, with 8 after a signal.
 */
export async function putToSleep(
  api: KubernetesApi,
  namespace: string,
  tell: Tell,
): Promise<WorkloadOutcome[]> {
  const carriedOut = await carryOut(api, namespace, sleepStep, tell);
  return sleepOutcomes(carriedOut, await everythingIn(api, namespace));
}

/** Wakes what `putToSleep` put to sleep: it runs as it did before, and nothing is remembered. As `putToSleep`. */
export async function wakeUp(
  api: KubernetesApi,
  namespace: string,
  tell: Tell,
): Promise<WorkloadOutcome[]> {
  return wakeOutcomes(await carryOut(api, namespace, wakeStep, tell));
}

/**
 * Waits until the pods of what was put to sleep are gone.
 *
 * @param wait how long, in milliseconds.
 * @throws ReviewError with 9 when some are left by then, with 8 after a signal.
 */
export async function podsGone(api: KubernetesApi, namespace: string, wait: number): Promise<void> {
  const deadline = performance.now() + wait;
  for (;;) {
    const pods = podsThatGo(await everythingIn(api, namespace));
    if (pods.length === 0) {
      return;
    }
    if (performance.now() >= deadline) {
      const message = `The workloads of ${namespace} sleep, and ${pods.length} of their pods are not gone yet: ${pods.join(", ")}. Wait longer with --wait, or see what holds them: kubectl get pods --namespace ${namespace}`;
      throw new ReviewError(message, exitCodes.timedOut);
    }
    await pause(Math.min(lookPause, deadline - performance.now()));
  }
}
