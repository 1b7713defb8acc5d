import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { KubernetesApi, type Sandbox, startSandbox, stopSandbox } from "secure-environment-sandbox";

import { pipelineAccount, pipelineNamespace } from "#components/core/platformNames";
import {
  type CommandRun,
  Commands,
  placeEnvironmentProgram,
  placePlatformProgram,
} from "./commands";
import { BenchmarkError, type Figure, measurePair, type Pair } from "./figures";

/** What one round through the life of an environment gave. */
export interface Round {
  readonly stackInit: CommandRun;
  readonly up: CommandRun;
  readonly emptyUp: CommandRun;
  readonly unchangedUp: CommandRun;
  readonly destroy: CommandRun;
  /** Seconds in which an equal namespace was deleted by the API alone. */
  readonly namespaceDeletion: number;
  /** The state after `up`, as `pulumi stack export` shows it. */
  readonly state: string;
}

/** Where the rounds run. */
export interface RoundPlace {
  readonly sandbox: Sandbox;
  readonly commands: Commands;
  readonly environmentProgram: string;
  readonly emptyProgram: string;
  readonly abort: AbortSignal;
}

const up = ["up", "--yes", "--skip-preview"];
const destroy = ["destroy", "--yes", "--skip-preview", "--remove"];

/** Brings fresh stacks up and removes them again, each in pairs with what it is compared with. */
export async function runRound(round: number, place: RoundPlace): Promise<Round> {
  const { sandbox, commands, environmentProgram, emptyProgram, abort } = place;
  const stack = ["--stack", `review-benchmark-${round}`];
  const branch = ["--config", `branch=benchmark-${round}`];
  const equalName = `review-equal-${round}`;
  const equalBranch = ["--config", `branch=equal-${round}`];
  const equalStack = ["--stack", equalName];
  const emptyStack = ["--stack", `empty-${round}`];
  const initialize = (folder: string, [, name = ""]: string[]) =>
    commands.pulumi(folder, "stack", "init", "--no-select", name);

  const stackInit = await initialize(environmentProgram, stack);
  await initialize(environmentProgram, equalStack);
  await initialize(emptyProgram, emptyStack);
  const ups = await measurePair(
    round,
    () => commands.pulumi(environmentProgram, ...up, ...stack, ...branch),
    () => commands.pulumi(emptyProgram, ...up, ...emptyStack),
  );
  const unchangedUp = await commands.pulumi(environmentProgram, ...up, ...stack, ...branch);
  const state = await commands.pulumi(environmentProgram, "stack", "export", ...stack);
  await commands.pulumi(environmentProgram, ...up, ...equalStack, ...equalBranch);
  const removals = await measurePair(
    round,
    () => commands.pulumi(environmentProgram, ...destroy, ...stack),
    () => deleteNamespace(sandbox.kubeconfig, equalName, abort),
  );
  await commands.pulumi(environmentProgram, "stack", "rm", "--force", "--yes", ...equalStack);
  await commands.pulumi(emptyProgram, ...destroy, ...emptyStack);
  return {
    stackInit,
    up: ups.numerator,
    emptyUp: ups.denominator,
    unchangedUp,
    destroy: removals.numerator,
    namespaceDeletion: removals.denominator,
    state: state.output,
  };
}

/** Deletes a namespace by the API alone and waits until it is gone; returns the seconds. */
export async function deleteNamespace(
  kubeconfig: string,
  name: string,
  abort: AbortSignal,
): Promise<number> {
  const api = new KubernetesApi(kubeconfig);
  try {
    const gone = new AbortController();
    await api.watch(
      "/api/v1/namespaces",
      ({ type }) => type === "DELETED" && gone.abort(),
      { fieldSelector: `metadata.name=${name}` },
      () => gone.abort(),
    );
    const ended = once(gone.signal, "abort", { signal: abort });
    const start = performance.now();
    const path = `/api/v1/namespaces/${name}`;
    await api.request("DELETE", path, undefined, { query: { propagationPolicy: "Foreground" } });
    await ended;
    const seconds = (performance.now() - start) / 1000;
    const { status } = await api.request("GET", path);
    if (status !== 404) {
      throw new BenchmarkError(`The namespace ${name} is still there: HTTP status ${status}.`);
    }
    return seconds;
  } finally {
    api.close();
  }
}

/**
 * Seconds that the life of an environment takes: as the pipeline, which may do nothing else, over
 * as an administrator of a cluster without the platform.
 */
export interface LifePair {
  readonly up: Pair;
  readonly destroy: Pair;
}

/** A user who makes environments, and the settings for that. */
interface Maker {
  readonly commands: Commands;
  readonly program: string;
  readonly settings: readonly string[];
}

const project = "benchmark";

/** Measures the pipeline in a cluster of its own, the administrator in the one of all rounds. */
export async function measurePipelineLives(
  rounds: number,
  { commands, environmentProgram, abort }: RoundPlace,
  folder: string,
): Promise<readonly LifePair[]> {
  const administrator = { commands, program: environmentProgram, settings: [] };
  const stateDirectory = join(folder, "fenced");
  try {
    const fenced = await startSandbox({ stateDirectory });
    const pipeline = await pipelineIn(fenced, folder, abort);
    // What comes first finds cold caches, so it is left out.
    await runLife(0, pipeline, administrator);
    const lives: LifePair[] = [];
    for (let round = 1; round <= rounds; round++) {
      lives.push(await runLife(round, pipeline, administrator));
    }
    return lives;
  } finally {
    await stopSandbox(stateDirectory);
  }
}

/** What the fence costs a pipeline, which is a gate. */
export function pipelineFigures(lives: readonly LifePair[]): readonly Figure[] {
  return (["up", "destroy"] as const).map((operation) => ({
    name: `${operation} as the pipeline`,
    numerator: `${operation} of the environment as the pipeline, within the platform's fence`,
    denominator: `${operation} of the environment as an administrator, without the platform`,
    aim: { of: "ratio", atMost: 1.2, isGate: true },
    pairs: lives.map((life) => life[operation]),
  }));
}

/** Installs the platform and lets the pipeline that it is for do its work. */
async function pipelineIn(sandbox: Sandbox, folder: string, abort: AbortSignal): Promise<Maker> {
  const platform = placePlatformProgram(join(folder, "platform"));
  const administrator = new Commands(sandbox, newFolder(folder, "installation"), abort);
  const projects = ["--config-path", "--config", `projects[0].name=${project}`];
  await administrator.pulumi(platform, "stack", "init", "--no-select", "platform");
  await administrator.pulumi(platform, ...command("up", "platform"), ...projects);

  const namespace = pipelineNamespace(project);
  const user = `system:serviceaccount:${namespace}:${pipelineAccount}`;
  const kubeconfig = await sandbox.serviceAccountKubeconfig(namespace, pipelineAccount);
  const caller = () => Promise.resolve({ user, kubeconfig });
  return {
    commands: new Commands(sandbox, newFolder(folder, "pipeline"), abort, caller),
    program: placeEnvironmentProgram(join(folder, "guarded-environment")),
    settings: ["--config", "platform=true"],
  };
}

async function runLife(round: number, pipeline: Maker, administrator: Maker): Promise<LifePair> {
  const stack = `review-life-${round}`;
  const settings = ["--config", `branch=life-${round}`, "--config", `project=${project}`];
  const up = ({ commands, program, settings: own }: Maker) =>
    commands.pulumi(program, ...command("up", stack), ...settings, ...own);
  const destroy = ({ commands, program }: Maker) =>
    commands.pulumi(program, ...command("destroy", stack), "--remove");

  for (const { commands, program } of [pipeline, administrator]) {
    await commands.pulumi(program, "stack", "init", "--no-select", stack);
  }
  const ups = await measurePair(
    round,
    () => up(pipeline),
    () => up(administrator),
  );
  const destroys = await measurePair(
    round,
    () => destroy(pipeline),
    () => destroy(administrator),
  );
  return { up: secondsOf(ups), destroy: secondsOf(destroys) };
}

function command(verb: string, stack: string): readonly string[] {
  return [verb, "--yes", "--skip-preview", "--stack", stack];
}

function secondsOf(pair: {
  readonly numerator: { readonly seconds: number };
  readonly denominator: { readonly seconds: number };
}): Pair {
  return { numerator: pair.numerator.seconds, denominator: pair.denominator.seconds };
}

function newFolder(parent: string, name: string): string {
  const folder = join(parent, name);
  mkdirSync(folder);
  return folder;
}
