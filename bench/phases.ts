import { type ApiRequest, requestsOf } from "./apiRequests";
import type { CommandRun } from "./commands";
import { type Spread, spreadOf } from "./figures";
import { processesOf, type ProcessRecord, readProcessLog, type Role } from "./processes";

/** A part of a command's time, up to a moment that can be seen from outside. */
export interface Phase {
  readonly name: string;
  readonly seconds: number;
}

/** A part of a command's time in several runs. */
export interface PhaseSpread extends Spread {
  readonly name: string;
}

interface Milestone {
  readonly phase: string;
  /** Milliseconds since 1970; nothing when it was not seen, then its phase is part of the next. */
  readonly at: number | undefined;
}

/** The phases of all runs of one command, in order. Phases of single runs only are left out. */
export function phasesOf(runs: readonly CommandRun[], auditLog: string): readonly PhaseSpread[] {
  const timelines = runs.map((run) =>
    timeline(run, readProcessLog(run.processLog), requestsOf(auditLog, run.user)),
  );
  return (timelines[0] ?? [])
    .map(({ name }) => ({
      name,
      seconds: timelines.flatMap((phases) =>
        phases.filter((phase) => phase.name === name).map((phase) => phase.seconds),
      ),
    }))
    .filter(({ seconds }) => seconds.length === runs.length)
    .map(({ name, seconds }) => ({ name, ...spreadOf(seconds) }));
}

/** CPU seconds that the processes of a role took in each run; nothing where one was killed. */
export function cpuSecondsOf(runs: readonly CommandRun[], role: Role): readonly number[] {
  return runs.flatMap((run) => {
    const seconds = processesOf(readProcessLog(run.processLog), role).map(
      ({ cpuSeconds }) => cpuSeconds ?? NaN,
    );
    const total = seconds.reduce((sum, part) => sum + part, 0);
    return seconds.length === 0 || Number.isNaN(total) ? [] : [total];
  });
}

/** Cuts the time of a run at the moments that processes and requests have left behind. */
export function timeline(
  run: Pick<CommandRun, "startedAt" | "endedAt">,
  processes: readonly ProcessRecord[],
  requests: readonly ApiRequest[],
): readonly Phase[] {
  let before = run.startedAt;
  return milestones(run, processes, requests).flatMap(({ phase, at }) => {
    if (at === undefined) {
      return [];
    }
    const seconds = (at - before) / 1000;
    before = at;
    return [{ name: phase, seconds }];
  });
}

function milestones(
  run: Pick<CommandRun, "endedAt">,
  processes: readonly ProcessRecord[],
  requests: readonly ApiRequest[],
): readonly Milestone[] {
  const [firstHost, secondHost] = processesOf(processes, "language host");
  const [program] = processesOf(processes, "program");
  // What the program asks about its namespace comes before the provider's discovery of the types.
  const discovery = requests.findIndex(({ concernsObjects }) => !concernsObjects);
  const afterDiscovery = discovery < 0 ? requests : requests.slice(discovery);
  const answers = requests.map(({ answeredAt }) => answeredAt);
  return [
    { phase: "engine, until it starts the language host", at: firstHost?.startedAt },
    { phase: "language host, until it is started once more", at: secondHost?.startedAt },
    { phase: "language host, until it starts the program", at: program?.startedAt },
    {
      phase: `${program === undefined ? "engine" : "program"}, until the first request`,
      at: requests[0]?.receivedAt,
    },
    {
      phase: "look at the namespace and start of the provider, until its first request",
      at: discovery > 0 ? requests[discovery]?.receivedAt : undefined,
    },
    {
      phase: "discovery, until the first request about objects",
      at: afterDiscovery.find(({ concernsObjects }) => concernsObjects)?.receivedAt,
    },
    {
      phase: "objects, until the last answer",
      at: answers.length > 0 ? Math.max(...answers) : undefined,
    },
    { phase: "program, until it ends", at: program?.endedAt },
    { phase: "engine, until it ends", at: run.endedAt },
  ];
}
