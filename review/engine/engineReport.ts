import { isAboutProblems } from "secure-environment/core";
import { exitCodes, type ExitCode } from "../exitCodes";
import {
  type Diagnostic,
  type EngineEvent,
  nameOfUrn,
  type Step,
  typeOfUrn,
  withoutColours,
} from "./engineEvents";
import { type PulumiEnd } from "./pulumiProcess";
import { remediesFor } from "./remedies";

/** What a run of the engine came to. */
export interface EngineReport {
  readonly exitCode: ExitCode;
  /** What is wrong, in the words of the program, the provider, the pack or Pulumi itself. */
  readonly errors: readonly string[];
  /** What the policy pack refuses. */
  readonly violations: readonly string[];
  readonly warnings: readonly string[];
  /** How many resources were created, updated, deleted or left as they are. */
  readonly changes: Readonly<Record<string, number>>;
  /** Whether the stack had nothing before. */
  readonly isFirst: boolean;
  /** What the program returned; what is secret is not shown. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Whether an earlier run was killed, and left operations of which nobody knows how they ended. */
  readonly hasPendingOperations: boolean;
}

/** What the policy pack refuses, a line each. */
export function refusals(violations: readonly string[]): readonly string[] {
  return violations.map((violation) => `policy ${violation}`);
}

/** Judges a run by what the engine told of it. */
export function reportOf(events: readonly EngineEvent[], end: PulumiEnd): EngineReport {
  const said = events.flatMap(({ diagnosticEvent }) => diagnosticEvent ?? []);
  const of = (severity: string) =>
    said
      .filter((one) => one.severity === severity && one.ephemeral !== true)
      .map(({ message, urn }) => wordsOf(message, urn))
      .filter((message) => message !== "");
  const violations = events
    .flatMap(({ policyEvent }) => policyEvent ?? [])
    .filter(({ enforcementLevel }) => enforcementLevel === "mandatory")
    .map(({ policyName, message }) => `${policyName}: ${withoutColours(message).trim()}`);
  const ended = exitCodeOf(end, violations.length > 0);
  const exitCode = ended === exitCodes.failed ? exitCodeOfFailure(said, of("error")) : ended;
  // What it was at then is not wrong.
  const isEnded = exitCode === exitCodes.cancelled || end.isTimedOut === true;
  const errors = isEnded ? [] : withoutConsequences(of("error"), violations.length > 0);
  const warnings = [...new Set(of("warning"))];
  return {
    exitCode,
    errors:
      exitCode === exitCodes.done || isEnded || errors.length + violations.length > 0
        ? errors
        : lastWords(end),
    violations: [...new Set(violations)],
    warnings: warnings.filter((warning) => !isAboutPending(warning)),
    changes:
      events.findLast(({ summaryEvent }) => summaryEvent)?.summaryEvent?.resourceChanges ?? {},
    isFirst: events.some(({ resourcePreEvent }) => isStackCreation(resourcePreEvent?.metadata)),
    outputs: outputsIn(events),
    hasPendingOperations: [...warnings, end.words].some(isAboutPending),
  };
}

/** What a failure comes of, where that can be told. */
function exitCodeOfFailure(said: readonly Diagnostic[], errors: readonly string[]): ExitCode {
  if (isMisconfigured(said)) {
    return exitCodes.usage;
  }
  return errors.some(isAboutCredentials) ? exitCodes.credentials : exitCodes.failed;
}

/**
 * Whether the program refused its configuration, and nothing else went wrong. Only its own words count, and
 * none about an object, which may be those of a provider or an API server.
 */
function isMisconfigured(said: readonly Diagnostic[]): boolean {
  const errors = said.filter(({ severity, message }) => {
    const words = withoutColours(message).trim();
    return severity === "error" && withoutConsequences([words], false).join("") !== "";
  });
  return (
    errors.length > 0 &&
    errors.every(
      ({ message, urn }) =>
        isOfProgram(urn) && isAboutProblems(withoutColours(message).trim(), "environment"),
    )
  );
}

function isOfProgram(urn: string | undefined): boolean {
  return !urn || typeOfUrn(urn) === stackType;
}

function isStackCreation(step: Step | undefined): boolean {
  return step?.type === stackType && step.op === "create";
}

/** The type of the resource that stands for the stack itself. */
const stackType = "pulumi:pulumi:Stack";

function outputsIn(events: readonly EngineEvent[]): Readonly<Record<string, unknown>> {
  const steps = events.flatMap(({ resOutputsEvent }) => resOutputsEvent?.metadata ?? []);
  return steps.findLast(({ type }) => type === stackType)?.new?.outputs ?? {};
}

function wordsOf(message: string, urn: string | undefined): string {
  const words = withoutColours(message).trim();
  return urn === undefined || words === "" ? words : `${nameOfUrn(urn)}: ${words}`;
}

/**
 * When one resource fails, Pulumi cancels all else at once, judgements of the policy pack among them, and
 * tells of each of these as if its resource had failed.
 */
function withoutConsequences(errors: readonly string[], hasViolations: boolean): string[] {
  const causes = errors
    .map(withoutUnsavedResource)
    .filter(
      (error) =>
        !/^(\S+: )?(update|destroy|preview) failed$/.test(error) &&
        !(error.includes("context canceled") && error.includes("failed to run policy")) &&
        !(hasViolations && /policy violation|violates/i.test(error)),
    );
  return [...new Set(causes)];
}

/** That a state cannot be saved is no fault of the resources that are told of, one after the other. */
function withoutUnsavedResource(error: string): string {
  const { file, reason } =
    /failed to save snapshot: .*blob \(key "(?<file>[^"]*)"\).*: (?<reason>[^:]+)$/s.exec(error)
      ?.groups ?? {};
  return reason === undefined
    ? error
    : `The state could not be saved in the backend, as ${file}: ${reason.trim()}`;
}

/** What stopped it before the engine began. */
function lastWords({ words }: PulumiEnd): readonly string[] {
  const lines = words.split("\n").filter((line) => line.trim() !== "" && !/^warning:/.test(line));
  return [...lines.map((line) => line.replace(/^error: /, "")), ...remediesFor(words)];
}

/** What clients of Kubernetes say of 401, of a command that gives no credentials, and of 403 for want of a role. */
const refusedCredentials = [
  /could not be looked at, HTTP status 40[13]\b/,
  /asked for the client to provide credentials/,
  /\bgetting credentials: exec: /,
  /is forbidden: User "[^"]*" cannot \w+ resource/,
];

function isAboutCredentials(error: string): boolean {
  return refusedCredentials.some((words) => words.test(error));
}

function isAboutPending(warning: string): boolean {
  return warning.includes("pending operations");
}

/**
 * The exit code of the command where Pulumi ended like this. One that is signalled before its first step does
 * nothing, and says that it succeeded.
 */
export function exitCodeOf(
  { exitCode, isCancelled, isTimedOut }: PulumiEnd,
  hasViolations = false,
): ExitCode {
  if (isCancelled || exitCode === exitCodes.cancelled) {
    return exitCodes.cancelled;
  }
  if (isTimedOut === true) {
    return exitCodes.timedOut;
  }
  if (exitCode === 0) {
    return exitCodes.done;
  }
  if (hasViolations) {
    return exitCodes.violation;
  }
  const kept: readonly ExitCode[] = [exitCodes.credentials, exitCodes.noStack, exitCodes.timedOut];
  return kept.find((code) => code === exitCode) ?? exitCodes.failed;
}
