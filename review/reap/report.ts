import { printable } from "../console";
import { type ExitCode, exitCodes } from "../exitCodes";
import { type Due, type Kept } from "./reapable";
import { type ReapReason } from "./reasons";
import { type Fate } from "./removals";

/** An environment for which there is a reason to go. */
export interface ReapedEnvironment {
  readonly stack: string;
  readonly branch?: string;
  readonly namespace?: string;
  readonly reason: ReapReason;
  /** The reason in words. */
  readonly why: string;
}

/** What became of the environments of a project, for programs that read it. */
export interface ReapResult {
  /** The address of the cluster. */
  readonly server: string;
  /** Whether nothing was to be removed. */
  readonly dryRun: boolean;
  /** What would go if this were no dry run. */
  readonly due: readonly ReapedEnvironment[];
  readonly gone: readonly ReapedEnvironment[];
  readonly failed: readonly (ReapedEnvironment & {
    readonly error: string;
    readonly exitCode: ExitCode;
  })[];
  /** What the next run goes on with, if there is a reason then. */
  readonly left: readonly (ReapedEnvironment & { readonly because: string })[];
  /** What stays although there is a reason, and what needs a person. */
  readonly kept: readonly Kept[];
}

/** An environment that is to go, for people and programs. */
export function reapedEnvironment(due: Due): ReapedEnvironment {
  const { stack, branch, reason, why } = due;
  const namespace = due.namespace?.metadata?.name;
  return {
    stack,
    ...(branch !== undefined && { branch }),
    ...(namespace !== undefined && { namespace }),
    reason,
    why,
  };
}

/** Sorts environments by what became of them. */
export function byFate(
  due: readonly Due[],
  fates: readonly Fate[],
): Pick<ReapResult, "gone" | "failed" | "left"> {
  const all = due.flatMap((one, index) => {
    const fate = fates[index];
    return fate === undefined ? [] : [{ one: reapedEnvironment(one), fate }];
  });
  return {
    gone: all.flatMap(({ one, fate }) => (fate.fate === "gone" ? [one] : [])),
    failed: all.flatMap(({ one, fate }) =>
      fate.fate === "failed" ? [{ ...one, error: fate.why, exitCode: fate.exitCode }] : [],
    ),
    left: all.flatMap(({ one, fate }) =>
      fate.fate === "left" ? [{ ...one, because: fate.why }] : [],
    ),
  };
}

/** How the command ends: as what failed, where that is one, and with 1 where it is more. */
export function exitCodeOf({ failed }: Pick<ReapResult, "failed">): ExitCode {
  const [first, ...others] = failed;
  if (first === undefined) {
    return exitCodes.done;
  }
  return others.length === 0 ? first.exitCode : exitCodes.failed;
}

/** What became of the environments, in words. */
export function describeReap(result: ReapResult): string {
  const { dryRun, due, gone, failed, left, kept } = result;
  const end = dryRun
    ? `Nothing was removed: ${due.length} would go, ${left.length} are left, ${kept.length} kept.`
    : `${gone.length} gone, ${failed.length} failed, ${left.length} left, ${kept.length} kept.`;
  const remedy = dryRun && due.length > 0 ? ["--yes removes what would go."] : [];
  return [describeEach(result), end, ...remedy].join("\n").trimStart();
}

/** Each environment, in words, by what becomes of it. */
export function describeEach(
  result: Pick<ReapResult, "due" | "left" | "kept"> & Partial<ReapResult>,
): string {
  const { due, gone = [], failed = [], left, kept } = result;
  const lines = [
    ...section("Would go:", due.map(shown)),
    ...section("Gone:", gone.map(shown)),
    ...section(
      "Failed:",
      failed.map((one) => `${shown(one)}\n  ${one.error}`),
    ),
    ...section(
      "Left for a later run:",
      left.map((one) => `${shown(one)}\n  ${one.because}`),
    ),
    ...section(
      "Kept:",
      kept.map((one) => `${named(one)}: ${one.why}`),
    ),
  ];
  return lines.map(printable).join("\n");
}

function section(title: string, entries: readonly string[]): string[] {
  return entries.length === 0
    ? []
    : [title, ...entries.map((entry) => entry.replace(/^/gm, "  ")), ""];
}

function shown(one: ReapedEnvironment): string {
  return `${one.reason.padEnd("orphan-stack".length)}  ${named(one)}: ${one.why}`;
}

function named({ stack, branch }: { readonly stack: string; readonly branch?: string }): string {
  return branch === undefined ? stack : `${stack} (${JSON.stringify(branch)})`;
}
