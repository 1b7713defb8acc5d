import { cpus, release, totalmem, type } from "node:os";
import type { ToolDescription } from "secure-environment-sandbox";

import { countObjects, judgeRequests, type ObjectCount, type RequestGate } from "./apiRequests";
import {
  type ApiShareMeasurements,
  type ApiShareRound,
  type FeltFlood,
  feltFloodOf,
} from "./apiShare";
import { type CommandRun, cpuSecondsOf, type PhaseSpread, phasesOf } from "./commands";
import {
  type BudgetFigure,
  type Figure,
  type FigureResult,
  type Pair,
  resultOf,
  type Spread,
  spreadOf,
} from "./figures";
import { type LifePair, pipelineFigures, type Round } from "./life";
import type { ControllerWaits, NeighbourFigure } from "./neighbours";
import { type JudgedUps, pairsOf, policyPackOverhead } from "./policyPack";
import type { Role } from "./processes";
import { reviewFigures, type ReviewPairs } from "./reviewCommand";
import { reviewListFigure } from "./reviewList";

/** All that was measured, before anything is made of it. */
export interface Measurements {
  /** CPU seconds. */
  readonly programStarts: readonly Pair[];
  readonly warmUp: Round;
  readonly rounds: readonly Round[];
  /** Nothing where CPU seconds cannot be counted. */
  readonly judgedUps?: JudgedUps;
  readonly sandboxStarts: readonly Pair[];
  readonly versions: readonly CommandRun[];
  readonly apiShare: ApiShareMeasurements;
  readonly pipelineLives: readonly LifePair[];
  readonly reviews: ReviewPairs;
  readonly reviewLists: readonly Pair[];
}

/** CPU seconds of all processes of one role. */
export interface ProcessorTime extends Spread {
  readonly role: Role;
}

/** The parts of a command's time. */
export interface CommandPhases {
  readonly command: string;
  readonly total: Spread;
  /** Of all processes, those without a role too. */
  readonly cpuSeconds: Spread;
  readonly phases: readonly PhaseSpread[];
  readonly processorTimes: readonly ProcessorTime[];
}

/** Everything that one run of the benchmarks found out. */
export interface Results {
  readonly machine: MachineFacts;
  readonly tools: readonly ToolDescription[];
  readonly figures: readonly FigureResult[];
  readonly objects: ObjectCount;
  readonly gates: readonly RequestGate[];
  /** Another provider asks for other things, and the numbers in `requestBudgets` say nothing. */
  readonly gatesApply: boolean;
  /** What the policy pack adds to an `up`; nothing where CPU seconds cannot be counted. */
  readonly policyPackOverhead?: BudgetFigure;
  readonly commands: readonly CommandPhases[];
  readonly apiShare: readonly ApiShareRound[];
  readonly feltFlood: FeltFlood;
  readonly neighbours: readonly NeighbourFigure[];
  readonly controllers: ControllerWaits;
}

const roles: readonly Role[] = ["language host", "program"];

/** Works out what was measured. */
export function resultsOf(
  measurements: Measurements,
  tools: readonly ToolDescription[],
  auditLog: string,
): Results {
  const { warmUp, rounds, judgedUps } = measurements;
  const objects = countObjects(warmUp.state);
  // A count is the same in a cold run, so the warm-up is judged too.
  const gate = (operation: RequestGate["operation"], choose: (round: Round) => CommandRun) =>
    judgeRequests(operation, [warmUp, ...rounds].map(choose), objects, auditLog);
  return {
    machine: machineFacts(),
    tools,
    figures: figuresOf(measurements).map(resultOf),
    objects,
    gates: [
      gate("up", ({ up }) => up),
      gate("no-op up", ({ unchangedUp }) => unchangedUp),
      gate("destroy", ({ destroy }) => destroy),
    ],
    gatesApply: tools.some(
      ({ name, source }) =>
        name === "pulumi-resource-kubernetes" && source.startsWith("built from"),
    ),
    policyPackOverhead: judgedUps && policyPackOverhead(judgedUps),
    commands: commandsOf(measurements, auditLog),
    apiShare: measurements.apiShare.rounds,
    feltFlood: feltFloodOf(measurements.apiShare.rounds),
    neighbours: measurements.apiShare.neighbours,
    controllers: measurements.apiShare.controllers,
  };
}

/** What decides whether the run is a success. */
export type Verdicts = Pick<
  Results,
  "gates" | "gatesApply" | "policyPackOverhead" | "figures" | "feltFlood" | "neighbours"
>;

/** Whether the run is a success: what is no gate never decides. */
export function allGatesHold(verdicts: Verdicts): boolean {
  const { gates, gatesApply, policyPackOverhead, figures, feltFlood } = verdicts;
  const requestsHold = !gatesApply || gates.every(({ holds }) => holds);
  const aimsHold = figures.every(({ aim, aimMet }) => aim.isGate !== true || aimMet);
  const floodsHold = feltFlood.holds && verdicts.neighbours.every(({ holds }) => holds);
  return requestsHold && aimsHold && policyPackOverhead?.holds !== false && floodsHold;
}

function figuresOf(measurements: Measurements): readonly Figure[] {
  const { programStarts, rounds, judgedUps, sandboxStarts, pipelineLives } = measurements;
  return [
    {
      name: "Program start (CPU seconds)",
      numerator: "loading the program and running it to its end against mocks of the engine",
      denominator: 'require("@pulumi/pulumi") alone',
      aim: { of: "ratio", atMost: 1.3 },
      pairs: programStarts,
    },
    {
      name: "up",
      numerator: "up of the environment, on a fresh stack",
      denominator: "up of a program with no resource, on a fresh stack",
      aim: { of: "ratio", atMost: 1.35 },
      pairs: rounds.map(({ up, emptyUp }) => pairOf(up.seconds, emptyUp.seconds)),
    },
    {
      name: "destroy",
      numerator: "destroy of the environment and of its stack",
      denominator: "deleting an equal namespace by the API alone, until it is gone",
      aim: { of: "ratio", atMost: 1.3 },
      pairs: rounds.map(({ destroy, namespaceDeletion }) =>
        pairOf(destroy.seconds, namespaceDeletion),
      ),
    },
    ...(judgedUps === undefined
      ? []
      : [
          {
            name: "up with the policy pack (CPU seconds)",
            numerator: "up of the environment with the policy pack, on a fresh stack",
            denominator: "up of the environment without a pack, on a fresh stack",
            aim: { of: "ratio" as const, atMost: 1.4 },
            pairs: pairsOf(judgedUps, "noPack"),
          },
        ]),
    {
      name: "Sandbox start",
      numerator: "starting a sandbox whose programs are built",
      denominator: "up that changes nothing, of a program with no resource",
      aim: { of: "numerator", atMost: 10 },
      pairs: sandboxStarts,
    },
    ...pipelineFigures(pipelineLives),
    ...reviewFigures(measurements.reviews),
    reviewListFigure(measurements.reviewLists),
  ];
}

function pairOf(numerator: number, denominator: number) {
  return { numerator, denominator };
}

function commandsOf(
  { versions, rounds, judgedUps }: Measurements,
  auditLog: string,
): readonly CommandPhases[] {
  const command = (name: string, runs: readonly CommandRun[]): CommandPhases => ({
    command: name,
    total: spreadOf(runs.map(({ seconds }) => seconds)),
    cpuSeconds: spreadOf(runs.map(({ cpuSeconds }) => cpuSeconds)),
    phases: phasesOf(runs, auditLog),
    processorTimes: roles.flatMap((role) => {
      const seconds = cpuSecondsOf(runs, role);
      return seconds.length === 0 ? [] : [{ role, ...spreadOf(seconds) }];
    }),
  });
  return [
    command("version", versions),
    command(
      "stack init",
      rounds.map(({ stackInit }) => stackInit),
    ),
    command(
      "up of a program with no resource",
      rounds.map(({ emptyUp }) => emptyUp),
    ),
    command(
      "up of the environment",
      rounds.map(({ up }) => up),
    ),
    command(
      "up of the environment that changes nothing",
      rounds.map(({ unchangedUp }) => unchangedUp),
    ),
    command(
      "destroy of the environment",
      rounds.map(({ destroy }) => destroy),
    ),
    ...(judgedUps === undefined
      ? []
      : [
          command("up of the environment with the policy pack", judgedUps.policyPack),
          command("up of the environment with a pack of no policies", judgedUps.emptyPack),
        ]),
  ];
}

/** What a time depends on. */
export interface MachineFacts {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGibibytes: number;
  readonly system: string;
  readonly node: string;
}

/** The facts of the machine that this process runs on. */
export function machineFacts(): MachineFacts {
  const cores = cpus();
  return {
    processor: cores[0]?.model.trim() || "unknown",
    cores: cores.length,
    memoryGibibytes: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()} ${process.arch}`,
    node: process.version,
  };
}
