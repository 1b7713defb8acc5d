import { problem, problemIf, problemUnless, type Problem } from "./problems";
import { type Shape, withTexts } from "./shape";
import { unknownArgumentRemedy } from "./unknownArguments";

/** Where a program finds its own configuration among that of the stack. */
export interface StackConfiguration {
  /** All configuration of the stack by full key, such as `review:branch`. */
  readonly configuration: Readonly<Record<string, string>>;
  /** The Pulumi project, whose name is the prefix of the program's own keys. */
  readonly pulumiProject: string;
  /** The full keys of which the configuration keeps the values secret. */
  readonly secretKeys: readonly string[];
}

/** What a program may be told by its configuration. */
export interface ConfigurableArguments {
  /** What each of them looks like, by its key without the project's prefix. */
  readonly shapes: Readonly<Record<string, Shape>>;
  /** Who has them, in words, and shows them to everybody. */
  readonly owners: string;
}

/** The arguments that the configuration stands for, and everything wrong with how it says them. */
export function readArguments(
  { configuration, pulumiProject, secretKeys }: StackConfiguration,
  configurable: ConfigurableArguments,
) {
  const args: Record<string, unknown> = {};
  const problems: Problem[] = [];
  for (const [key, text] of ownEntries(configuration, pulumiProject)) {
    const isSecret = secretKeys.includes(`${pulumiProject}:${key}`);
    const found = keyProblems(key, text, isSecret, configurable);
    const shape = configurable.shapes[key];
    const value = found.length > 0 || shape === undefined ? undefined : readValue(text, shape);
    problems.push(...found);
    if (value !== undefined) {
      args[key] = value;
    }
  }
  return { args, problems };
}

function ownEntries(configuration: Readonly<Record<string, string>>, pulumiProject: string) {
  const prefix = `${pulumiProject}:`;
  return Object.entries(configuration)
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, text]) => [key.slice(prefix.length), text] as const);
}

function keyProblems(
  key: string,
  text: string,
  isSecret: boolean,
  { shapes, owners }: ConfigurableArguments,
): Problem[] {
  if (!Object.hasOwn(shapes, key)) {
    const remedy = unknownArgumentRemedy(key, Object.keys(shapes));
    return [problem(key, "is not a configuration key", remedy)];
  }
  return shapes[key]?.kind === "secret"
    ? openSecretProblems(key, text, isSecret)
    : hiddenProblems(key, isSecret, owners);
}

function openSecretProblems(key: string, text: string, isSecret: boolean): Problem[] {
  const fault = "holds passwords, but is not kept secret";
  const remedy = `Set it again with --secret, such as \`pulumi config set --secret --path '${key}[0].password'\`.`;
  return problemUnless(isSecret || isEmpty(parseJson(text)), key, fault, remedy);
}

/** All other settings end in labels, annotations, rules and outputs, for all to read. */
function hiddenProblems(key: string, isSecret: boolean, owners: string): Problem[] {
  const fault = `is kept secret, but ${owners} show their settings to everybody`;
  const remedy = "Set it again without --secret, or leave it out.";
  return problemIf(isSecret, key, fault, remedy);
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
  return ["later", "text", "amount", "instant", "choice"].includes(shape.kind);
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
