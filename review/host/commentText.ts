import { createHash } from "node:crypto";
import { shellWord } from "../shellWord";
import { code, isShownWhole, link } from "./markdown";

/** How an environment is, in a word. */
export type CommentState = "up" | "failed" | "refused" | "gone" | "none";

/** An opening in the walls of an environment. */
export interface Opening {
  readonly name: string;
  readonly direction: string;
  readonly peer: string;
  readonly ports: readonly string[];
  readonly reason: string;
  readonly expiresAt?: string;
}

/** What is told of an environment. */
export interface CommentFacts {
  /** The Pulumi project. */
  readonly project: string;
  /** The stack, without owner and project. */
  readonly stack: string;
  readonly branch: string;
  readonly state: CommentState;
  /** What failed or was refused, or why there is none; a line each. */
  readonly lines: readonly string[];
  readonly url?: string;
  readonly namespace?: string;
  readonly openings: readonly Opening[];
  readonly warnings: readonly string[];
  /** When it ends: at an instant, or so long after each run. */
  readonly end?: { readonly at: string } | { readonly afterLastUp: string };
  /** What it costs in a day at most: what it costs now changes all the time. */
  readonly mostPerDay?: string;
  /** Where the run is to be seen. */
  readonly runUrl?: string;
}

/** The comment on an environment: Markdown, whose first line says of which one, and what is told. */
export interface CommentText {
  readonly environment: string;
  /** Of all that is told but the run: it changes when the state does. */
  readonly fingerprint: string;
  readonly body: string;
}

/** The longest comment in characters; GitHub takes 65,536. */
export const longestComment = 60_000;

/** What a list shows of what may be any number. */
const longestList = 20;

/** The comment on an environment. At most as long as `longestComment`, whatever is told. */
export function commentText(facts: CommentFacts): CommentText {
  const lasting = { ...facts, runUrl: undefined };
  const environment = `${facts.project}/${facts.stack}`;
  const fingerprint = createHash("sha256").update(textOf(lasting)).digest("hex").slice(0, 32);
  const body = `<!-- review comment ${environment} ${fingerprint} -->\n${textOf(facts)}`;
  return { environment, fingerprint, body };
}

/** Of which environment a comment is, and the fingerprint of what it tells; nothing of any other comment. */
export function markerOf(body: string): Omit<CommentText, "body"> | undefined {
  const [, environment, fingerprint] =
    /^<!-- review comment ([\w.-]+\/[\w.-]+) ([0-9a-f]{32}) -->(?:\r?\n|$)/.exec(body) ?? [];
  return environment === undefined || fingerprint === undefined
    ? undefined
    : { environment, fingerprint };
}

function textOf(facts: CommentFacts): string {
  const { branch, project, state } = facts;
  const title = `### Review environment of ${code(branch)} in ${code(project)}: ${state}`;
  return [title, "", ...paragraphs[state](facts)].join("\n");
}

const paragraphs: Readonly<Record<CommentState, (facts: CommentFacts) => readonly string[]>> = {
  up: (facts) => [
    ...standing(facts),
    "",
    `${command("kubeconfig", facts)} lets you in, and ${command("open", facts)} says where it answers.`,
  ],
  failed: (facts) => [...listed(facts.lines, message), ...runIn(facts)],
  refused: (facts) => [
    "The policy pack objects:",
    "",
    ...listed(facts.lines, message),
    ...runIn(facts),
  ],
  gone: (facts) => [`${command("up", facts)}, or a run of its pipeline, brings it back.`],
  none: (facts) => listed(facts.lines, message),
};

function standing(facts: CommentFacts): readonly string[] {
  const { url, namespace, openings, warnings, end, mostPerDay } = facts;
  return [
    ...(url === undefined ? [] : [`- URL: ${link(url)}`]),
    ...(namespace === undefined ? [] : [`- Namespace: ${code(namespace)}`]),
    `- Ends: ${describeEnd(end)}`,
    ...(mostPerDay === undefined ? [] : [`- Costs: at most ${code(mostPerDay)} a day`]),
    ...(openings.length === 0 ? ["- Openings: none"] : ["- Openings:"]),
    ...listed(openings, describeOpening, "  "),
    ...listed(warnings, (warning) => `Warning: ${code(warning)}`),
  ];
}

function describeEnd(end: CommentFacts["end"]): string {
  if (end === undefined) {
    return "when it is destroyed";
  }
  return "at" in end ? code(end.at) : `${code(end.afterLastUp)} after its last run`;
}

function describeOpening({ name, direction, peer, ports, reason, expiresAt }: Opening): string {
  const until = expiresAt === undefined ? "" : `, until ${code(expiresAt)}`;
  return `${code(name)}, ${code(direction)}, ${code(peer)}, ${code(ports.join(", "))}${until}: ${code(reason)}`;
}

function listed<Item>(
  items: readonly Item[],
  describe: (item: Item) => string,
  indent = "",
): readonly string[] {
  const shown = items.slice(0, longestList).map((item) => `${indent}- ${describe(item)}`);
  const left = items.length - shown.length;
  return left === 0 ? shown : [...shown, `${indent}- and ${left} more`];
}

/** What failed is told in more words than a name has. */
function message(line: string): string {
  return code(line, 1_000);
}

/** A branch that cannot be shown as it is, is not in a command that people copy. */
function command(verb: string, { branch }: CommentFacts): string {
  const plain = /^\w[\w./-]*$/.test(branch) ? branch : `-- ${shellWord(branch)}`;
  const whole = `review ${verb} ${plain}`;
  return code(isShownWhole(whole) ? whole : `review ${verb} BRANCH`);
}

function runIn({ runUrl }: CommentFacts): readonly string[] {
  return runUrl === undefined ? [] : ["", `The run: ${link(runUrl)}`];
}
