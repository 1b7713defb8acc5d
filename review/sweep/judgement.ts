import { writeFileSync } from "node:fs";
import { join } from "node:path";
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
  const profiles = policiesWithProfile.map((name) => [name, permanentIn(configuration[name])]);
  return { ...configuration, ...Object.fromEntries(profiles) };
}

/** A policy's configuration is its level, or a map. */
function permanentIn(configured: unknown): unknown {
  return configured === "disabled"
    ? configured
    : {
        ...(typeof configured === "string"
          ? { enforcementLevel: configured }
          : (configured as object | undefined)),
        profile: "permanent",
      };
}

/**
 * Has the policy pack judge what a stack has made, by its state alone: no program is run, and no cluster
 * is asked.
 *
 * @returns what the pack refuses, or `undefined`.
 */
export async function refusalOf(
  { stack, checkpoint }: StackState,
  configuration: PolicyConfiguration,
  folder: string,
): Promise<string | undefined> {
  const name = stack.replaceAll("/", "_");
  const [state, policies] = [join(folder, `${name}.json`), join(folder, `${name}.policies.json`)];
  writeFileSync(state, JSON.stringify(checkpoint), { mode: 0o600 });
  writeFileSync(policies, JSON.stringify(configuration), { mode: 0o600 });
  const pack = ["--policy-pack", policyPack, "--policy-pack-config", policies];
  const args = ["policy", "analyze", "--file", state, ...pack];
  const { exitCode, output, words } = await runPulumi({ folder, args });
  return exitCode === exitCodes.done ? undefined : [output, words].join("\n").trim();
}
