import { readArguments } from "../core/configuredArguments";
import { type ClusterChoice } from "../core/cluster";
import { clusterChoice, type ProgramSettings, settledCluster } from "../core/programSettings";
import { withSettledCluster } from "../core/runCluster";
import { type ReviewPlatformArgs } from "./platformArgs";
import { judgePlatform } from "./judgePlatform";
import { type PlatformSettings } from "./platformSettings";
import { platformShapes } from "./platformShapes";
import { requireSettings } from "./validPlatform";

/** What the configuration of the platform's program asks for. */
export interface ConfiguredPlatform {
  readonly args: ReviewPlatformArgs;
  /** The same with everything filled in. */
  readonly settings: PlatformSettings;
  /** What the run is about to touch, in words. */
  readonly cluster: string;
  readonly clusterChoice: ClusterChoice;
}

/**
 * Reads the configuration of the program that builds the platform of a cluster.
 *
 * @throws RunError with every fault of the configuration, before anything is created.
 */
export function configuredPlatform(run: ProgramSettings): ConfiguredPlatform {
  const { args: given, problems } = readArguments(run, {
    shapes: platformShapes,
    owners: "platforms",
  });
  const args = given as unknown as ReviewPlatformArgs;
  const judgement = judgePlatform(args);
  const cluster = settledCluster("platform", run, [...problems, ...judgement.problems]);
  return {
    args: withSettledCluster(args),
    settings: requireSettings(judgement),
    cluster,
    clusterChoice: clusterChoice(run),
  };
}

/** The program's configuration keys, without the project's prefix. */
export const platformConfigurationKeys: readonly string[] = Object.keys(platformShapes);
