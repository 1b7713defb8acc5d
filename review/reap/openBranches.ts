import { stackName } from "secure-environment/core";

/** The branches that are open, as somebody has listed them. */
export interface OpenBranches {
  readonly names: ReadonlySet<string>;
  /** The stacks of their environments. */
  readonly stacks: ReadonlySet<string>;
  /** Milliseconds, by this machine's clock; only where environments were not looked at before that. */
  readonly writtenAt?: number;
}

/** How lists of branches call what is a branch of that name. */
const prefixes = ["refs/heads/", "refs/remotes/origin/", "remotes/origin/", "origin/"];

/**
 * Reads a list of open branches: one a line, in full. Where a line has more before a name than that, both are
 * taken to be open, as a branch may be called so.
 *
 * @returns the branches, or what is wrong with the list.
 */
export function openBranchesIn(
  text: string,
  writtenAt?: number,
): { readonly open: OpenBranches } | { readonly fault: string } {
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const strange = lines.find((line) => !isBranch(line));
  if (strange !== undefined) {
    const fault = `has a line that is no name of a branch: ${JSON.stringify(strange.slice(0, 100))}`;
    return { fault };
  }
  if (lines.length === 0) {
    return { fault: "is empty" };
  }
  const names = new Set(lines.flatMap(namesOf));
  const stacks = new Set([...names].map((name) => stackName(name)));
  return { open: { names, stacks, ...(writtenAt !== undefined && { writtenAt }) } };
}

function namesOf(line: string): readonly string[] {
  const shorter = prefixes
    .filter((prefix) => line.startsWith(prefix) && line.length > prefix.length)
    .map((prefix) => line.slice(prefix.length));
  return [line, ...shorter];
}

/** https://git-scm.com/docs/git-check-ref-format */
function isBranch(line: string): boolean {
  return !/[\s\p{C}~^:?*[\\]/u.test(line);
}
