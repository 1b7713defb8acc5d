import { argumentNames, argumentShapes } from "./argumentShapes";
import { readArguments } from "../core/configuredArguments";
import { environmentProblems } from "./environmentProblems";
import { type ClusterChoice } from "../core/cluster";
import { withSettledCluster } from "../core/runCluster";
import { identityOf } from "./resolvedEnvironment";
import { identityLabels } from "../core/metadata";
import { namespaceName } from "../core/names";
import { clusterChoice, type ProgramSettings, settledCluster } from "../core/programSettings";
import { type SecureEnvironmentArgs } from "./secureEnvironmentArgs";
import { type Origin } from "./stackProblems";

/** What the configuration of a program asks for. */
export interface ConfiguredEnvironment {
  readonly args: SecureEnvironmentArgs;
  /** What the run is about to touch, in words. */
  readonly cluster: string;
  readonly clusterChoice: ClusterChoice;
  /** The namespace that will be made; none where it gets a name that is still free. */
  readonly namespace?: ConfiguredNamespace;
}

/** A namespace by its name, and by the labels that say whose it is. */
export interface ConfiguredNamespace {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
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
  });
  const faults = [...problems, ...environmentProblems(args, settings)];
  return {
    args: withSettledCluster(args),
    cluster: settledCluster("environment", settings, faults),
    clusterChoice: clusterChoice(settings),
    namespace: configuredNamespace(args, settings),
  };
}

function configuredNamespace(
  args: SecureEnvironmentArgs,
  origin: Origin,
): ConfiguredNamespace | undefined {
  return args.uniqueSuffix === true
    ? undefined
    : {
        name: namespaceName(origin.stack, args.project),
        labels: identityLabels(identityOf(args, origin)),
      };
}

/** The program's configuration keys, without the project's prefix. */
export const configurationKeys: readonly string[] = argumentNames;
