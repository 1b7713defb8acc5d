import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { recordOf } from "secure-environment/core";
import { type EngineEvent } from "../engine/engineEvents";
import { reportOf } from "../engine/engineReport";
import { runPulumi } from "../engine/pulumiProcess";
import { policyPack } from "../environment/environmentRun";
import { exitCodes } from "../exitCodes";
import { type StackState } from "./stackStates";

/** Configuration of the policy pack, by policy. */
type PolicyConfiguration = Readonly<Record<string, unknown>>;

/** The policies that ask whether a stack is one that stays. */
export const policiesWithProfile: readonly string[] = [
  "environment-expires",
  "namespaces-are-not-protected",
  "stack-owns-only-its-environment",
];

/** How a stack that stays is judged. */
export function forPermanentStacks(configuration: PolicyConfiguration): PolicyConfiguration {
  const profiles = policiesWithProfile.map(
    (name) => [name, permanentIn(configuration[name])] as const,
  );
  return { ...configuration, ...Object.fromEntries(profiles) };
}

/** A policy's configuration is its level, or a map. */
function permanentIn(configured: unknown): unknown {
  const level = typeof configured === "string" ? { enforcementLevel: configured } : {};
  return configured === "disabled"
    ? configured
    : { ...level, ...recordOf(configured), profile: "permanent" };
}

/** What the policy pack says of a stack: nothing when it keeps the rules. */
export interface Judgement {
  /** What it refuses. */
  readonly violations: readonly string[];
  /** Why it could not judge. */
  readonly errors: readonly string[];
}

/**
 * Has the policy pack judge what a stack has made, by its state alone: no program is run, and no cluster
 * is asked.
 */
export async function judgementOf(
  { checkpoint }: StackState,
  configuration: PolicyConfiguration,
  folder: string,
): Promise<Judgement> {
  const [state, policies] = [join(folder, "state.json"), join(folder, "policies.json")];
  writeFileSync(state, JSON.stringify(checkpoint), { mode: 0o600 });
  writeFileSync(policies, JSON.stringify(configuration), { mode: 0o600 });
  const pack = ["--policy-pack", policyPack, "--policy-pack-config", policies];
  const args = ["policy", "analyze", "--json", "--file", state, ...pack];
  const events: EngineEvent[] = [];
  const end = await runPulumi({ folder, args, onEvent: (event) => events.push(event) });
  const { exitCode, violations, errors } = reportOf(events, end);
  return exitCode === exitCodes.done ? { violations: [], errors: [] } : { violations, errors };
}
