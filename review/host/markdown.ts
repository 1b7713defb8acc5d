import { printable } from "../console";

/** The longest text of others that is shown, in characters, unless more is asked for. */
const longest = 300;

/** Of a longer text nobody looks at the rest. */
const longestRead = 20_000;

/** The most backticks in a row: around the text stands one more. */
const mostBackticks = 8;

/**
 * Text of others, such as a branch's name or an error message, as Markdown that shows it and does nothing else: a
 * code span on one line. In it there are neither links nor HTML, no emphasis, and no mentions of people and
 * requests, on GitHub and GitLab alike.
 *
 * It is no fenced block, whose lines would begin as the text's do: GitLab looks for quick actions such as
 * `/merge` by regular expressions, in which a line "```" ends any block.
 * See https://gitlab.com/gitlab-org/gitlab/-/blob/master/lib/gitlab/quick_actions/extractor.rb and
 * https://spec.commonmark.org/0.31.2/#code-spans
 *
 * @param limit the longest text that is shown whole, in characters.
 */
export function code(text: string, limit = longest): string {
  const shown = oneLine(text, limit);
  const runs = shown.match(/`+/g) ?? [];
  const fence = "`".repeat(Math.max(0, ...runs.map(({ length }) => length)) + 1);
  const padding = shown.startsWith("`") || shown.endsWith("`") ? " " : "";
  return `${fence}${padding}${shown}${padding}${fence}`;
}

/**
 * An address that may be clicked, and that shows where it leads; anything else that is said to be one, such as
 * one with a password or another scheme, is shown as text.
 */
export function link(address: string): string {
  const plain = /^https?:\/\/[\w.-]+(:\d+)?([/?#][\w\-.~:/?#@!$&()*+,;=%]*)?$/;
  return address.length <= 2_000 && plain.test(address) ? `<${address}>` : code(address);
}

/** Whether a text is shown as it is, so that a command in it may be copied. */
export function isShownWhole(text: string): boolean {
  return text !== "" && oneLine(text, longest) === text;
}

function oneLine(text: string, limit: number): string {
  const beginning = text.slice(0, longestRead);
  const characters = Array.from(beginning.replace(/\s+/g, " ").trim());
  const isCut = characters.length > limit || beginning !== text;
  const cut = isCut ? [...characters.slice(0, limit), "…"] : characters;
  const shown = printable(cut.join("")).replace(/`+/g, (run) => run.slice(0, mostBackticks));
  return shown || "-";
}
