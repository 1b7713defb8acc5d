import { labels as names, type Problem } from "secure-environment/core";
import { describeOwner, ownershipOf } from "./ownership";
import { type StateNamespace } from "./stateNamespaces";

/** A namespace as a program is about to make it. */
export interface WantedNamespace {
  /** Its name, or the beginning of its name where a random suffix is appended. */
  readonly name: string;
  readonly hasSuffix: boolean;
  /** Its labels that say which stack of which project makes it. */
  readonly labels: Readonly<Record<string, string>>;
}

/** The random suffix, with its hyphen, as `uniqueSuffix` appends it. */
const suffix = /^-[a-z0-9]{6}$/;

/**
 * What is wrong with a run under which namespaces that stand would not stay what they are: another name
 * replaces a namespace with everything in it.
 *
 * @param standing the environment's namespaces in the state of the stack.
 * @param replaceable the name of the one that the run may replace, if there is one.
 */
export function replacementProblems(
  wanted: WantedNamespace,
  standing: readonly StateNamespace[],
  replaceable: string | undefined,
): Problem[] {
  return standing
    .filter((one) => !hasNameOf(wanted, one) || ownershipOf(wanted.labels, one.labels) !== "own")
    .filter((one) => one.name !== replaceable)
    .map((one) => ({
      property: "namespace",
      found: one.name,
      fault: `stands, ${describeOwner(one.labels)}, and this run would ${changeTo(wanted, one)}`,
      remedy:
        "If this stack is another repository's, give the Pulumi project of this one a name of its own, `name` " +
        "in Pulumi.yaml. Otherwise leave `project` and `uniqueSuffix` as they were. If it is to be " +
        `replaced, set \`replaceNamespace\` to ${one.name} for this run.`,
    }));
}

/** Whether a namespace that stands has the name that the run gives it. */
export function hasNameOf({ name, hasSuffix }: WantedNamespace, one: StateNamespace): boolean {
  return hasSuffix
    ? one.name.startsWith(name) && suffix.test(one.name.slice(name.length))
    : one.name === name;
}

function changeTo(wanted: WantedNamespace, one: StateNamespace): string {
  const { name, hasSuffix, labels } = wanted;
  const owner = `the stack ${labels[names.stack]} of the project ${labels[names.project]}`;
  return hasNameOf(wanted, one)
    ? `give it to ${owner}`
    : `delete it with everything in it, and make ${name}${hasSuffix ? "-…" : ""} for ${owner}`;
}
