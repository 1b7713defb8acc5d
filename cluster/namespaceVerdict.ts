import { labels } from "secure-environment/core";
import { describeOwner, ownershipOf } from "./ownership";
import { type StateNamespace } from "./stateNamespaces";

/** The parts of a namespace in the cluster that are looked at. */
export interface FoundNamespace {
  readonly metadata?: {
    readonly name?: string;
    readonly uid?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly creationTimestamp?: string;
    readonly deletionTimestamp?: string;
  };
  readonly status?: { readonly conditions?: readonly Condition[] };
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly message?: string;
}

/** A namespace in the cluster as a stack would have it: `fault` says what is found there, in words. */
export type NamespaceVerdict =
  | { readonly kind: "absent" }
  | { readonly kind: "own" }
  | {
      readonly kind: "foreign" | "madeAnew" | "notInState" | "terminating";
      readonly fault: string;
    };

/**
 * Judges a namespace in the cluster. It is the stack's own if it names the same project and stack, and
 * is the very one that the state of the stack has, by its uid. A state that has the namespace and not
 * its uid is believed, and what names no stack in the state, as of a program of one's own, goes by its
 * uid alone.
 *
 * @param expected the namespace as the stack would have it.
 * @param isInState whether the state of the stack has it already.
 * @param found it in the cluster; `undefined` when there is none.
 */
export function namespaceVerdict(
  expected: StateNamespace,
  isInState: boolean,
  found: FoundNamespace | undefined,
): NamespaceVerdict {
  if (found === undefined) {
    return { kind: "absent" };
  }
  const { labels: said = {}, uid, deletionTimestamp } = found.metadata ?? {};
  const isNamed = expected.labels[labels.stack] !== undefined;
  if (isNamed && ownershipOf(expected.labels, said) !== "own") {
    const fault = `${existence(found)} and is not this stack's: ${describeOwner(said)}`;
    return { kind: "foreign", fault };
  }
  if (expected.uid !== undefined && expected.uid !== uid) {
    return {
      kind: "madeAnew",
      fault: `${existence(found)} and was made anew: ${uids(expected, uid)}`,
    };
  }
  if (deletionTimestamp !== undefined) {
    const fault = `is this stack's and is being deleted since ${deletionTimestamp}, ${heldBy(found)}`;
    return { kind: "terminating", fault };
  }
  const fault = `${existence(found)} and names this stack, whose state does not have it`;
  return isInState ? { kind: "own" } : { kind: "notInState", fault };
}

function existence({ metadata = {} }: FoundNamespace): string {
  const { creationTimestamp = "an unknown time", deletionTimestamp } = metadata;
  const end =
    deletionTimestamp === undefined ? "" : ` and is being deleted since ${deletionTimestamp}`;
  return `exists since ${creationTimestamp}${end}`;
}

function uids({ uid: known }: StateNamespace, found = "none"): string {
  return `its uid is ${found}, and the state of this stack has ${known}`;
}

/** What holds a namespace that is being deleted, as its controller says it. */
function heldBy({ status }: FoundNamespace): string {
  const held = (status?.conditions ?? [])
    .filter((condition) => condition.status === "True")
    .map(({ type, message = "no message" }) => `${type}: ${message}`);
  return held.length === 0 ? "nothing is known to hold it" : `held by ${held.join("; ")}`;
}
