import { delimiter } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { type ClusterChoice, clusterProblems, describeCluster } from "./cluster";
import { type StackConfiguration } from "./configuredArguments";
import { instantOf } from "./metadata";
import { describeProblems, type Problem, type Subject } from "./problems";
import { providerProblems, type ProviderSettings, providerVariables } from "./providerSettings";

/** What a program is run with. */
export interface ProgramSettings extends StackConfiguration, ProviderSettings {
  /** The Pulumi stack. */
  readonly stack: string;
  /** The instant of the run: RFC 3339 in UTC. */
  readonly now?: string;
  /** The environment variable KUBECONFIG. */
  readonly kubeconfigVariable?: string;
  /** Whether one of the files of KUBECONFIG exists. */
  readonly kubeconfigExists?: boolean;
}

/**
 * What the program that runs is run with, read from its environment and from Pulumi.
 *
 * @param present the instant of the run, for programs that judge whether something has expired.
 */
export function programSettings(
  environment: NodeJS.ProcessEnv,
  fileExists: (path: string) => boolean,
  present?: Date,
): ProgramSettings {
  const { KUBECONFIG, PULUMI_CONFIG_SECRET_KEYS = "[]" } = environment;
  return {
    configuration: pulumi.runtime.allConfig(),
    pulumiProject: pulumi.getProject(),
    stack: pulumi.getStack(),
    secretKeys: JSON.parse(PULUMI_CONFIG_SECRET_KEYS) as string[],
    providerVariables: providerVariables(environment),
    ...(present !== undefined && { now: instantOf(present) }),
    kubeconfigVariable: KUBECONFIG,
    kubeconfigExists: KUBECONFIG?.split(delimiter).some(fileExists),
  };
}

/** Which cluster was chosen. */
export function clusterChoice(settings: ProgramSettings): ClusterChoice {
  const { configuration, kubeconfigVariable, kubeconfigExists } = settings;
  return {
    context: configuration["kubernetes:context"],
    cluster: configuration["kubernetes:cluster"],
    kubeconfig: configuration["kubernetes:kubeconfig"],
    kubeconfigVariable,
    kubeconfigExists,
  };
}

/**
 * The cluster that the run is about to touch, in words, if nothing is wrong.
 *
 * @throws RunError with all problems, those of what providers are told, and those of the choice of
 * the cluster, before anything is created.
 */
export function settledCluster(
  subject: Subject,
  settings: ProgramSettings,
  given: readonly Problem[],
): string {
  const choice = clusterChoice(settings);
  const problems = [...given, ...providerProblems(settings), ...clusterProblems(choice)];
  const cluster = describeCluster(choice);
  if (problems.length > 0 || cluster === undefined) {
    throw new pulumi.RunError(describeProblems(problems, subject));
  }
  return cluster;
}
