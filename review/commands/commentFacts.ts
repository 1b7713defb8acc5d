import { listOf, recordOf, textOf, type UnknownRecord } from "secure-environment/core";
import { durationOf } from "../duration";
import { type Target } from "../environment/target";
import { exitCodes } from "../exitCodes";
import { type CommentFacts, type CommentState, type Opening } from "../host/commentText";
import { type RunRecord } from "./runRecord";

/** What is told of an environment after a run. */
export function commentFacts(
  { settings, stack, branch }: Target,
  record: RunRecord,
  runUrl: string | undefined,
  now: number,
): CommentFacts {
  const outputs = recordOf(record.result?.["outputs"]);
  return {
    project: settings.project,
    stack,
    branch,
    state: stateOf(record),
    lines: (record.reason ?? record.error ?? "").split("\n").filter((line) => line.trim() !== ""),
    url: textOf(outputs["url"]),
    namespace: textOf(outputs["namespaceName"]),
    openings: listOf(outputs["holes"]).map(recordOf).filter(isOpen).map(openingIn),
    warnings: textsIn(record.result?.["warnings"]),
    mostPerDay: mostPerDay(recordOf(record.result?.["costPerDay"])),
    end: endOf(record, textOf(outputs["expiresAt"]), settings.lifetime, now),
    runUrl,
  };
}

function stateOf({ verb, exitCode, reason }: RunRecord): CommentState {
  if (exitCode !== exitCodes.done) {
    return exitCode === exitCodes.violation ? "refused" : "failed";
  }
  return reason !== undefined ? "none" : verb === "destroy" ? "gone" : "up";
}

function mostPerDay({ most, currency }: UnknownRecord): string | undefined {
  return typeof most === "number" && typeof currency === "string"
    ? `${most.toFixed(2)} ${currency}`
    : undefined;
}

/** How long the run may have waited after it computed the end, in milliseconds. */
const longestRun = 3_600_000;

/**
 * An end that each run moves by the lifetime is told by the lifetime, so that runs which change nothing tell
 * nothing new; one that somebody chose is told as it is.
 */
function endOf(
  { verb }: RunRecord,
  at: string | undefined,
  lifetime: string | undefined,
  now: number,
): CommentFacts["end"] {
  if (at === undefined) {
    return undefined;
  }
  const early =
    lifetime === undefined ? NaN : now + durationOf(lifetime, "lifetime") - Date.parse(at);
  const isUsual = verb === "up" && early >= 0 && early <= longestRun;
  return lifetime !== undefined && isUsual ? { afterLastUp: lifetime } : { at };
}

function isOpen({ state }: UnknownRecord): boolean {
  return state !== "expired";
}

function openingIn(hole: UnknownRecord): Opening {
  const text = (key: string): string => textOf(hole[key]) ?? "";
  return {
    name: text("name"),
    direction: text("direction"),
    peer: text("peer"),
    ports: textsIn(hole["ports"]),
    reason: text("reason"),
    expiresAt: textOf(hole["expiresAt"]),
  };
}

function textsIn(list: unknown): readonly string[] {
  return listOf(list).flatMap((item) => textOf(item) ?? []);
}
