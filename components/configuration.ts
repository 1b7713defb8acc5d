import { RunError } from "@pulumi/pulumi";
import { argumentNames, argumentShapes } from "./argumentShapes";
import { clusterProblems, describeCluster } from "./cluster";
import { environmentProblems } from "./environmentArguments";
import { describeProblems, type Problem, suggestKey } from "./problems";
import { type SecureEnvironmentArgs } from "./secureEnvironmentArgs";
import { type Shape, withTexts } from "./shape";

/** What a program is run with. */
export interface ProgramSettings {
  /** All configuration of the stack by full key, such as `review:branch`. */
  readonly configuration: Readonly<Record<string, string>>;
  /** The Pulumi project, whose name is the prefix of the program's own keys. */
  readonly pulumiProject: string;
  /** The Pulumi stack. */
  readonly stack: string;
  /** The full keys of which the configuration keeps the values secret. */
  readonly secretKeys: readonly string[];
  /** The environment variable KUBECONFIG. */
  readonly kubeconfigVariable?: string;
  /** Whether one of the files of KUBECONFIG exists. */
  readonly kubeconfigExists?: boolean;
}

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
  const { args, problems } = readArguments(settings);
  const choice = {
    context: settings.configuration["kubernetes:context"],
    kubeconfig: settings.configuration["kubernetes:kubeconfig"],
    kubeconfigVariable: settings.kubeconfigVariable,
    kubeconfigExists: settings.kubeconfigExists,
  };
  const all = [...problems, ...environmentProblems(args, settings), ...clusterProblems(choice)];
  const cluster = describeCluster(choice);
  if (all.length > 0 || cluster === undefined) {
    throw new RunError(describeProblems(all));
  }
  return { args, cluster };
}

/** The program's configuration keys, without the project's prefix. */
export const configurationKeys: readonly string[] = argumentNames;

/** The one setting that has to be kept secret: it holds passwords. */
const secretKey = "imageRegistries";

function readArguments({ configuration, pulumiProject, secretKeys }: ProgramSettings) {
  const args: Record<string, unknown> = {};
  const problems: Problem[] = [];
  for (const [key, text] of ownEntries(configuration, pulumiProject)) {
    const faults = keyProblems(key, text, secretKeys.includes(`${pulumiProject}:${key}`));
    const value = faults.length > 0 ? undefined : readValue(text, argumentShapes[key as Key]);
    problems.push(...faults);
    if (value !== undefined) {
      args[key] = value;
    }
  }
  return { args: args as SecureEnvironmentArgs, problems };
}

type Key = keyof typeof argumentShapes;

function ownEntries(configuration: Readonly<Record<string, string>>, pulumiProject: string) {
  const prefix = `${pulumiProject}:`;
  return Object.entries(configuration)
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, text]) => [key.slice(prefix.length), text] as const);
}

function keyProblems(key: string, text: string, isSecret: boolean): Problem[] {
  if (!configurationKeys.includes(key)) {
    const remedy = suggestKey(key, configurationKeys);
    return [{ property: key, fault: "is not a configuration key", remedy }];
  }
  return key === secretKey
    ? openSecretProblems(key, text, isSecret)
    : hiddenProblems(key, isSecret);
}

function openSecretProblems(key: string, text: string, isSecret: boolean): Problem[] {
  const fault = "holds passwords, but is not kept secret";
  const remedy = `Set it again with --secret, such as \`pulumi config set --secret --path '${key}[0].password'\`.`;
  return isSecret || isEmpty(parseJson(text)) ? [] : [{ property: key, fault, remedy }];
}

/** All other settings end in labels, annotations and outputs, for all to read. */
function hiddenProblems(key: string, isSecret: boolean): Problem[] {
  const fault = "is kept secret, but environments show their settings to everybody";
  const remedy = "Set it again without --secret, or leave it out.";
  return isSecret ? [{ property: key, fault, remedy }] : [];
}

/**
 * The value that a configuration's text stands for. What is empty or false is not set: these are
 * the defaults that Pulumi.yaml gives. A text that cannot be read is left as it is, so that a message
 * can show what was found.
 */
function readValue(text: string, shape: Shape): unknown {
  const value = withTexts(isWrittenPlainly(shape) ? text : parseJson(text), shape);
  return isEmpty(value) || value === false ? undefined : value;
}

function isWrittenPlainly(shape: Shape): boolean {
  return ["later", "text", "instant", "choice"].includes(shape.kind);
}

function isEmpty(value: unknown): boolean {
  return value === "" || (typeof value === "object" && value !== null && isEmptyObject(value));
}

function isEmptyObject(value: object): boolean {
  return Object.keys(value).length === 0;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
