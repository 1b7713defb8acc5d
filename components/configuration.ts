import { RunError } from "@pulumi/pulumi";
import { clusterProblems, describeCluster } from "./cluster";
import { environmentProblems, type PlainArguments } from "./environmentArguments";
import { describeProblems, type Problem, suggestKey } from "./problems";
import { type SecureEnvironmentArgs } from "./secureEnvironmentArgs";

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
  return { args: args as SecureEnvironmentArgs, cluster };
}

/** Reads one value: the argument it stands for and what is wrong with it. */
type Reader = (key: string, text: string) => { value?: unknown; problems: Problem[] };

const readers = {
  branch: readText,
  project: readText,
  permanent: readBoolean,
  uniqueSuffix: readBoolean,
  reservedNames: readList,
  developerGroup: readText,
  quota: readAmounts,
  containerDefaults: readContainerDefaults,
  owner: readText,
  url: readText,
  expiresAt: readText,
} satisfies Record<keyof Required<PlainArguments>, Reader>;

/** The program's configuration keys, without the project's prefix. */
export const configurationKeys: readonly string[] = Object.keys(readers);

function readArguments({ configuration, pulumiProject, secretKeys }: ProgramSettings) {
  const args: Record<string, unknown> = {};
  const problems: Problem[] = [];
  for (const [key, text] of ownEntries(configuration, pulumiProject)) {
    const result = secretKeys.includes(`${pulumiProject}:${key}`)
      ? refuseSecret(key)
      : readEntry(key, text);
    problems.push(...result.problems);
    if (result.value !== undefined) {
      args[key] = result.value;
    }
  }
  return { args: args as PlainArguments, problems };
}

/** All settings of an environment end in labels, annotations and outputs, for all to read. */
function refuseSecret(key: string): ReturnType<Reader> {
  const fault = "is kept secret, but environments show their settings to everybody";
  const remedy = "Set it again without --secret, or leave it out.";
  return { problems: [{ property: key, fault, remedy }] };
}

function readEntry(key: string, text: string): ReturnType<Reader> {
  if (!Object.hasOwn(readers, key)) {
    const remedy = suggestKey(key, configurationKeys);
    return { problems: [{ property: key, fault: "is not a configuration key", remedy }] };
  }
  return readers[key as keyof typeof readers](key, text);
}

function ownEntries(configuration: Readonly<Record<string, string>>, pulumiProject: string) {
  const prefix = `${pulumiProject}:`;
  return Object.entries(configuration)
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, text]) => [key.slice(prefix.length), text] as const);
}

/** An empty text is the default in Pulumi.yaml of a key that is not set. */
function readText(_key: string, text: string): ReturnType<Reader> {
  return { value: text === "" ? undefined : text, problems: [] };
}

function readBoolean(key: string, text: string): ReturnType<Reader> {
  return text === "true" || text === "false"
    ? { value: text === "true", problems: [] }
    : {
        problems: [
          { property: key, found: text, fault: "is no boolean", remedy: "Use true or false." },
        ],
      };
}

function readList(key: string, text: string): ReturnType<Reader> {
  const value = parseJson(text);
  return Array.isArray(value) && value.every((item) => typeof item === "string")
    ? { value, problems: [] }
    : { problems: [shapeProblem(key, text, "a list of texts, such as [main, release-*]")] };
}

function readAmounts(key: string, text: string): ReturnType<Reader> {
  return amountsOf(key, parseJson(text));
}

function readContainerDefaults(key: string, text: string): ReturnType<Reader> {
  const parsed = parseJson(text);
  if (!isMap(parsed)) {
    return { problems: [shapeProblem(key, text, "a map with `requests` and `limits`")] };
  }
  const parts = Object.entries(parsed).map(([part, amounts]) =>
    readDefaultsPart(key, part, amounts),
  );
  const value: unknown = Object.assign({}, ...parts.map((part) => part.value));
  return { value, problems: parts.flatMap((part) => part.problems) };
}

function readDefaultsPart(key: string, part: string, amounts: unknown) {
  const property = `${key}.${part}`;
  const known = ["requests", "limits"];
  if (!known.includes(part)) {
    const problem = { property, fault: "is not known", remedy: suggestKey(part, known) };
    return { value: {}, problems: [problem] };
  }
  const { value, problems } = amountsOf(property, amounts);
  return { value: value === undefined ? {} : { [part]: value }, problems };
}

/** A number is as good as a text: `pods: 20` means what `pods: "20"` means. */
function amountsOf(property: string, value: unknown): ReturnType<Reader> {
  if (!isMap(value) || !Object.values(value).every(isAmount)) {
    const wanted = 'a map of names to amounts, such as {"limits.cpu": "4"}';
    return { problems: [shapeProblem(property, value, wanted)] };
  }
  const entries = Object.entries(value).map(([name, amount]) => [name, String(amount)]);
  return { value: Object.fromEntries(entries), problems: [] };
}

function isAmount(value: unknown): value is string | number {
  return typeof value === "string" || typeof value === "number";
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function shapeProblem(property: string, found: unknown, wanted: string): Problem {
  return { property, found, fault: "has the wrong shape", remedy: `Give ${wanted}.` };
}

/** A text that is no JSON is left as it is, so that a message can show what was found. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
