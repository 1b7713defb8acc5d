import { argumentNames, argumentShapes } from "./argumentShapes";
import { readArguments } from "../core/configuredArguments";
import { type ClusterChoice } from "../core/cluster";
import { withSettledCluster } from "../core/runCluster";
import { identityOf, judgeEnvironment } from "./resolvedEnvironment";
import { identityLabels } from "../core/metadata";
import { namespaceName } from "../core/names";
import { clusterChoice, type ProgramSettings, settledCluster } from "../core/programSettings";
import { text } from "../core/shape";
import { type SecureEnvironmentArgs } from "./secureEnvironmentArgs";
import { type Origin } from "./stackProblems";

/** What the configuration of a program asks for. */
export interface ConfiguredEnvironment {
  readonly args: SecureEnvironmentArgs;
  /** What the run is about to touch, in words. */
  readonly cluster: string;
  readonly clusterChoice: ClusterChoice;
  /** The namespace that will be made. */
  readonly namespace: ConfiguredNamespace;
  /** The name of a namespace that the run may replace, if one was named. */
  readonly replaceable?: string;
}

/** A namespace by its name, and by the labels that say whose it is. */
export interface ConfiguredNamespace {
  /** Its name, or the beginning of its name where a random suffix is appended. */
  readonly name: string;
  readonly hasSuffix: boolean;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Reads the configuration of a program that builds one environment.
 *
 * @throws RunError with every fault of the configuration, before anything is created.
 */
export function configuredEnvironment(settings: ProgramSettings): ConfiguredEnvironment {
  const { args: values, problems } = readArguments(settings, {
    shapes: { ...argumentShapes, replaceNamespace: text },
    owners: "environments",
  });
  const { replaceNamespace, ...configured } = values;
  const args = withPresent(configured, settings.now);
  const all = [...problems, ...judgeEnvironment(args, settings).problems];
  return {
    args: withSettledCluster(args),
    cluster: settledCluster("environment", settings, all),
    clusterChoice: clusterChoice(settings),
    namespace: configuredNamespace(args, settings),
    ...(typeof replaceNamespace === "string" && { replaceable: replaceNamespace }),
  };
}

/** The instant of the run, where the configuration says no other. */
function withPresent(args: SecureEnvironmentArgs, now: string | undefined): SecureEnvironmentArgs {
  return now === undefined ? args : { now, ...args };
}

function configuredNamespace(args: SecureEnvironmentArgs, origin: Origin): ConfiguredNamespace {
  return {
    name: namespaceName(origin.stack, args.project),
    hasSuffix: args.uniqueSuffix === true,
    labels: identityLabels(identityOf(args, origin)),
  };
}

/** The keys of the program that are no arguments of the environment: what each of them means. */
export const programKeys = {
  replaceNamespace:
    "The name of this stack's namespace, when a run may replace it: a change of `project` or " +
    "`uniqueSuffix` deletes it with everything inside, and is refused otherwise. It has no effect " +
    "once that namespace is gone. Defaults to none.",
} as const;

/** The program's configuration keys, without the project's prefix. */
export const configurationKeys: readonly string[] = [...argumentNames, ...Object.keys(programKeys)];
