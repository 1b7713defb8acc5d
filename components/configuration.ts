import { argumentNames, argumentShapes } from "./argumentShapes";
import { readArguments } from "./configuredArguments";
import { environmentProblems } from "./environmentArguments";
import { type ProgramSettings, settledCluster } from "./programSettings";
import { type SecureEnvironmentArgs } from "./secureEnvironmentArgs";

/** What the configuration of a program asks for. */
export interface ConfiguredEnvironment {
  readonly args: SecureEnvironmentArgs;
  /** What the run is about to touch, in words. */
  readonly cluster: string;
}

/**
 * Reads the configuration of a program that builds one environment.
 *
 * @throws RunError with every fault of the configuration, before anything is created.
 */
export function configuredEnvironment(settings: ProgramSettings): ConfiguredEnvironment {
  const { args, problems } = readArguments(settings, {
    shapes: argumentShapes,
    owners: "environments",
    secretKey: "imageRegistries",
  });
  const faults = [...problems, ...environmentProblems(args, settings)];
  return { args, cluster: settledCluster("environment", settings, faults) };
}

/** The program's configuration keys, without the project's prefix. */
export const configurationKeys: readonly string[] = argumentNames;
