import { labels } from "secure-environment/core";

/** What an object in the cluster is to a stack that wanted to create it. */
export type Ownership = "absent" | "own" | "foreign";

type Labels = Readonly<Record<string, string>>;

/**
 * Judges an object by what it says about itself. It is the stack's own only if it names the same
 * project and stack as the one that the stack wanted to create; one that names none is foreign.
 *
 * @param found its labels in the cluster; `undefined` when there is no such object.
 */
export function ownershipOf(wanted: Labels = {}, found: Labels | undefined): Ownership {
  if (found === undefined) {
    return "absent";
  }
  const isOwn = [labels.project, labels.stack].every(
    (label) => wanted[label] !== undefined && wanted[label] === found[label],
  );
  return isOwn ? "own" : "foreign";
}

/** Whose an object says it is, for people. */
export function describeOwner(found: Labels): string {
  const { [labels.project]: project, [labels.stack]: stack } = found;
  return stack === undefined
    ? "it names no stack that made it"
    : `the stack ${stack} of the project ${project} made it`;
}
