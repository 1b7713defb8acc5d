import { createInterface } from "node:readline/promises";
import { type Cluster, connectTo } from "../cluster/cluster";
import { withLease } from "../cluster/lease";
import { type Progress } from "../console";
import { durationOf } from "../duration";
import { requireUninterrupted } from "../engine/interruption";
import { projectLease } from "../environment/projectLease";
import { requireHarmlessProvider } from "../environment/providerVariables";
import { requireCluster } from "../environment/standing";
import { exitCodes, ReviewError } from "../exitCodes";
import { lookForReapable, type ReapLook, type ReapRequest } from "../reap/look";
import { type Due } from "../reap/reapable";
import { type Fate, removeAll } from "../reap/removals";
import {
  byFate,
  describeEach,
  describeReap,
  exitCodeOf,
  reapedEnvironment,
  type ReapResult,
} from "../reap/report";
import { isReapCount, reapCounts } from "../settings/reap";
import { readSettings, type ReviewSettings } from "../settings/reviewSettings";
import { useBackendOf } from "../settings/stateBackend";
import { reported } from "./reported";

/** What is removed, and how. */
export interface ReapCommandOptions {
  /** The folder of the settings. */
  readonly settings: string;
  /** A file with the open branches, one a line. */
  readonly openBranches?: string;
  /** A shell command that prints them. */
  readonly openBranchesFrom?: string;
  /** How long without a run and a new pod is idle, such as `14d`. */
  readonly idle?: string;
  /** How many go at most. */
  readonly atMost?: string;
  /** Whether to remove without asking. */
  readonly yes?: boolean;
  /** How long to wait for another run, and for a namespace to be gone, such as `10m`. */
  readonly wait: string;
  readonly json?: boolean;
}

/** What goes in one run, unless the settings say otherwise. */
const defaultAtMost = 10;

/**
 * Removes the environments of the project that nobody needs: whose time is over, whose branch is closed, that
 * are idle, and stacks whose namespace is gone. Without `--yes` it asks on a terminal, and elsewhere says what
 * it would do.
 *
 * @throws ReviewError when something failed, and with 10 when what it sees is not to be believed.
 */
export async function reap(options: ReapCommandOptions): Promise<void> {
  const settings = readSettings(options.settings);
  const request = requestOf(options, settings);
  const wait = durationOf(options.wait, "--wait");
  requireHarmlessProvider();
  useBackendOf(settings);
  const result = await reported(
    options,
    (progress) => reaped(settings, request, { ...options, wait }, progress),
    describeReap,
  );
  const exitCode = exitCodeOf(result);
  if (exitCode !== exitCodes.done) {
    throw new ReviewError("Not all that is due is gone; see above.", exitCode);
  }
  requireUninterrupted();
}

function requestOf(options: ReapCommandOptions, { reap = {} }: ReviewSettings): ReapRequest {
  const { openBranches: file, openBranchesFrom: command } = options;
  if (file !== undefined && command !== undefined) {
    const message =
      "Say where the list of open branches comes from once: either --open-branches, or --open-branches-from.";
    throw new ReviewError(message, exitCodes.usage);
  }
  const idle = options.idle ?? reap.idle;
  const idleAfter = idle === undefined ? undefined : durationOf(idle, "--idle");
  return {
    branches: { ...(file !== undefined && { file }), ...(command !== undefined && { command }) },
    ...(idleAfter !== undefined && { idleAfter }),
    atMost: atMostOf(options.atMost) ?? reap.atMost ?? defaultAtMost,
  };
}

function atMostOf(text: string | undefined): number | undefined {
  const count = text === undefined || !/^\d+$/.test(text) ? undefined : Number(text);
  if (text !== undefined && !isReapCount(count)) {
    const message = `--at-most is ${JSON.stringify(text)}. Give ${reapCounts}.`;
    throw new ReviewError(message, exitCodes.usage);
  }
  return count;
}

/** How a run goes on once it has looked. */
interface RunOptions {
  readonly yes?: boolean;
  readonly json?: boolean;
  /** Milliseconds. */
  readonly wait: number;
}

async function reaped(
  settings: ReviewSettings,
  request: ReapRequest,
  options: RunOptions,
  progress: Progress,
): Promise<ReapResult> {
  const cluster = connectTo(settings);
  const { server } = cluster;
  progress.step(`Looking at the environments in the cluster ${server} and their stacks`);
  await requireCluster(cluster, { settings });
  const look = await lookForReapable(cluster, settings, request, progress);
  const due = look.due.slice(0, request.atMost);
  const later: Fate = { fate: "left", why: `one run removes ${request.atMost} at most` };
  const beyond = look.due.slice(request.atMost);
  const { kept } = look;
  const { left: leftOver } = byFate(
    beyond,
    beyond.map(() => later),
  );
  const plan = { server, due: due.map(reapedEnvironment), left: leftOver, kept };
  if (due.length === 0 || !(options.yes ?? (await isWanted(plan, options, progress)))) {
    return { ...plan, dryRun: options.yes !== true, gone: [], failed: [] };
  }
  const fates = await removed({ settings, cluster, look, due, wait: options.wait }, progress);
  const { gone, failed, left } = byFate(due, fates);
  return { ...plan, dryRun: false, due: [], gone, failed, left: [...left, ...leftOver] };
}

/** What is removed, and by what. */
interface Removals {
  readonly settings: ReviewSettings;
  readonly cluster: Cluster;
  readonly look: ReapLook;
  readonly due: readonly Due[];
  readonly wait: number;
}

/** One run at a time for a project, whose look is a moment old: each environment is looked at once more. */
function removed(
  { settings, cluster, look, due, wait }: Removals,
  progress: Progress,
): Promise<readonly Fate[]> {
  const { options, labelledProject, now } = look;
  const onWait = (holder: string) => progress.say(`Waiting for another run: ${holder}.`);
  const run = { settings, labelledProject, options, limit: wait, now, progress };
  return withLease(cluster, { ...projectLease(settings, "reap", wait), onWait }, (held) =>
    removeAll(due, run, held),
  );
}

/** Asks on a terminal; elsewhere nobody is there to say yes. */
async function isWanted(
  plan: Pick<ReapResult, "server" | "due" | "left" | "kept">,
  { json }: RunOptions,
  progress: Progress,
): Promise<boolean> {
  if (json === true || !process.stdin.isTTY || !process.stderr.isTTY) {
    return false;
  }
  progress.end();
  const over = new AbortController();
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  terminal.on("SIGINT", () => over.abort());
  try {
    const question = `${describeEach(plan)}\nRemove what would go? [y/N] `;
    const answer = await terminal.question(question, { signal: over.signal });
    return /^y(es)?$/i.test(answer.trim());
  } catch {
    throw new ReviewError("Cancelled. Nothing was removed.", exitCodes.cancelled);
  } finally {
    terminal.close();
  }
}
