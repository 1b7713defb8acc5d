import { readArguments } from "../core/configuredArguments";
import { type ClusterChoice } from "../core/cluster";
import { clusterChoice, type ProgramSettings, settledCluster } from "../core/programSettings";
import { withSettledCluster } from "../core/runCluster";
import { type ReviewPlatformArgs } from "./platformArgs";
import { platformProblems } from "./platformProblems";
import { platformShapes } from "./platformShapes";

/** What the configuration of the platform's program asks for. */
export interface ConfiguredPlatform {
  readonly args: ReviewPlatformArgs;
  /** What the run is about to touch, in words. */
  readonly cluster: string;
  readonly clusterChoice: ClusterChoice;
}

/**
 * Reads the configuration of the program that builds the platform of a cluster.
 *
 * @throws RunError with every fault of the configuration, before anything is created.
 */
export function configuredPlatform(settings: ProgramSettings): ConfiguredPlatform {
  const { args: given, problems } = readArguments(settings, {
    shapes: platformShapes,
    owners: "platforms",
  });
  const args = given as unknown as ReviewPlatformArgs;
  const all = [...problems, ...platformProblems(args)];
  return {
    args: withSettledCluster(args),
    cluster: settledCluster("platform", settings, all),
    clusterChoice: clusterChoice(settings),
  };
}

/** The program's configuration keys, without the project's prefix. */
export const platformConfigurationKeys: readonly string[] = Object.keys(platformShapes);
