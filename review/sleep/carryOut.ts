import { shownWords } from "secure-environment/core";
import { type KubernetesApi, messageOf } from "secure-environment-kubernetes";
import { answerTo } from "../cluster/answer";
import { requireUninterrupted } from "../engine/interruption";
import { workloadPath, workloadsIn } from "./look";
import { fieldManager, type NextStep, type Step } from "./steps";
import { type FoundWorkload, keyOf, type Workload } from "./workload";

/** What came of a workload to which something was to be done. */
export interface Work {
  /** As it was found. */
  readonly workload: Workload;
  readonly done: readonly Step["does"][];
  /** Why not all was done that was to be. */
  readonly fault?: string;
}

/** How often steps are taken after a look: while they are, others may become due, such as a last Job's. */
const looks = 3;

/** How many requests one workload may take. */
const attempts = 10;

/** What came of all that was due. */
export interface CarriedOut {
  readonly works: readonly Work[];
  /** All workloads as they are afterwards. */
  readonly workloads: readonly Workload[];
}

/**
 * Takes all steps that are due in a namespace, one after the other, and looks again until none is. Each
 * request leaves a workload either as it was or as it is to be, so that whoever is interrupted begins again.
 *
 * @throws ReviewError when the cluster does not answer, with 8 after a signal.
 */
export async function carryOut(
  api: KubernetesApi,
  namespace: string,
  nextStep: NextStep,
  tell: (what: string) => void,
): Promise<CarriedOut> {
  const works = new Map<string, Work>();
  for (let look = 0; ; look++) {
    const workloads = await workloadsIn(api, namespace);
    const due = workloads.filter(
      (workload) =>
        nextStep(workload) !== undefined && works.get(keyOf(workload))?.fault === undefined,
    );
    if (due.length === 0) {
      return { works: [...works.values()], workloads };
    }
    for (const workload of due) {
      tell(`${workload.kind} ${workload.metadata?.name ?? ""}`);
      const work =
        look < looks
          ? await taken(api, namespace, workload, nextStep)
          : { workload, done: [], fault: changedBack };
      works.set(keyOf(workload), joined(works.get(keyOf(workload)), work));
    }
  }
}

/** A workload is told as it was first found. */
function joined(earlier: Work | undefined, { workload, done, fault }: Work): Work {
  return earlier === undefined
    ? { workload, done, fault }
    : { workload: earlier.workload, done: [...earlier.done, ...done], fault };
}

const changedBack =
  "others change it each time; something else decides what it is, such as Argo CD, Flux or an operator";

async function taken(
  api: KubernetesApi,
  namespace: string,
  workload: Workload,
  nextStep: NextStep,
): Promise<Work> {
  const path = workloadPath(namespace, workload.kind, workload.metadata?.name);
  const done: Step["does"][] = [];
  let current: Workload = workload;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const step = nextStep(current);
    if (step === undefined) {
      return { workload, done };
    }
    requireUninterrupted();
    const answer = await send(api, "PATCH", path, step.patch);
    const isChanged = answer.status === 409;
    const { status, body } = isChanged ? await send(api, "GET", path) : answer;
    if (status === 404) {
      return { workload, done };
    }
    if (status !== 200) {
      return { workload, done, fault: refusal(status, body) };
    }
    done.push(...(isChanged ? [] : [step.does]));
    current = { ...body, kind: workload.kind };
  }
  return { workload, done, fault: changedBack };
}

function send(api: KubernetesApi, method: "GET" | "PATCH", path: string, body?: object) {
  const patch = { contentType: "application/merge-patch+json", query: { fieldManager } };
  return answerTo<FoundWorkload>(path, api, { method, path, body, ...(body && patch) });
}

function refusal(status: number, body: unknown): string {
  return `the API server refuses it, HTTP status ${status}: ${shownWords(messageOf(body))}`;
}
