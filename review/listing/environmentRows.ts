import {
  annotations,
  type EnvironmentKind,
  hasPassed,
  labels,
  slugOfStack,
} from "secure-environment/core";
import { type FoundNamespace } from "secure-environment-cluster/namespaceVerdict";
import { type CostPerDay } from "../budget/cost";
import { heldObjectMessages } from "../cluster/heldObjects";
import { type FoundQuota, quotaUses, type QuotaUses } from "../cluster/quotas";
import { isForRehearsals } from "./rehearsals";
import { orphanNamespaceFault, orphanStackFault } from "./orphans";
import { type ListedStack } from "./listedStack";

/** How an environment stands; those that need a person come first. */
export const environmentStates = [
  "stuck",
  "orphan-namespace",
  "orphan-stack",
  "unclear",
  "expired",
  "deleting",
  "busy",
  "up",
] as const;

/** See `environmentStates`. */
export type EnvironmentState = (typeof environmentStates)[number];

/** One environment: what the cluster and the backend know of it together. */
export interface EnvironmentRow {
  readonly state: EnvironmentState;
  /** What is wrong, and what to do; only where something is. */
  readonly fault?: string;
  /** Unknown of a stack without a namespace. */
  readonly kind?: EnvironmentKind;
  /** What the namespace names as its project; of a stack alone its Pulumi project. */
  readonly project: string;
  /** The stack, without owner and project. */
  readonly stack: string;
  /** The stack's full name in the backend; only where it is there. */
  readonly fullStack?: string;
  /** The namespace; only where it is in the cluster. */
  readonly namespace?: string;
  readonly branch?: string;
  readonly owner?: string;
  readonly url?: string;
  /** When the namespace was created. */
  readonly createdAt?: string;
  readonly expiresAt?: string;
  /** By resource, such as `requests.cpu`; only where the quota was seen. */
  readonly quota?: QuotaUses;
  /** Only where the settings have prices, and the quota was seen. */
  readonly costPerDay?: CostPerDay;
}

/** What cluster and backend say, each in one look. */
export interface Seen {
  readonly namespaces: readonly FoundNamespace[];
  /** The main quota of each environment; `undefined` where they may not be listed. */
  readonly quotas: readonly FoundQuota[] | undefined;
  readonly stacks: readonly ListedStack[];
  /** RFC 3339, UTC. */
  readonly now: string;
}

/**
 * What is listed: environments of one project, or all.
 *
 * A Pulumi project and what its namespaces name as theirs may differ: of the own one both are known.
 */
export interface Scope {
  readonly organization: string;
  readonly pulumiProject: string;
  readonly labelledProject: string;
  readonly all: boolean;
}

/** A namespace that is being deleted for longer is stuck, in milliseconds: so long Pulumi waits. */
const longestDeletion = 600_000;

/** Namespaces and stacks as environments, each once: those first that need a person. */
export function environmentRows(seen: Seen, scope: Scope): EnvironmentRow[] {
  const namespaces = seen.namespaces.filter(
    (one) =>
      !isForRehearsals(one) &&
      (scope.all || labelOf(one, labels.project) === scope.labelledProject),
  );
  const stacks = new Map(
    seen.stacks
      .filter((stack) => scope.all || isOwn(stack, scope))
      .map((stack) => [keyOf(projectOf(stack, scope), stack.name), stack]),
  );
  const quotas = new Map(seen.quotas?.map((quota) => [quota.metadata?.namespace, quota]));
  const keys = new Set(namespaces.map(keyOfNamespace));
  const alone = [...stacks].flatMap(([key, stack]) =>
    keys.has(key) || slugOfStack(stack.name) === undefined ? [] : [stack],
  );
  const standing = namespaces.map((namespace) => {
    const quota = quotas.get(namespace.metadata?.name);
    const stack = stacks.get(keyOfNamespace(namespace));
    const like = alone.filter(({ name }) => name === labelOf(namespace, labels.stack));
    return withQuota(rowOfNamespace(namespace, stack, like, seen.now), quota);
  });
  const unmatched = standing.filter(({ fullStack }) => fullStack === undefined);
  return [
    ...standing,
    ...alone.map((stack) =>
      rowOfStack(
        stack,
        scope,
        unmatched.filter((row) => row.stack === stack.name),
      ),
    ),
  ].sort(inOrder);
}

function isOwn(stack: ListedStack, scope: Scope): boolean {
  return stack.organization === scope.organization && stack.project === scope.pulumiProject;
}

function projectOf(stack: ListedStack, scope: Scope): string {
  return isOwn(stack, scope) ? scope.labelledProject : stack.project;
}

function keyOfNamespace(namespace: FoundNamespace): string {
  return keyOf(labelOf(namespace, labels.project), labelOf(namespace, labels.stack));
}

/** Neither has a slash. */
function keyOf(project: string, stack: string): string {
  return `${project}/${stack}`;
}

function labelOf({ metadata }: FoundNamespace, label: string): string {
  return metadata?.labels?.[label] ?? "";
}

/** @param like stacks of the same name that have no namespace, of projects of another name. */
function rowOfNamespace(
  namespace: FoundNamespace,
  stack: ListedStack | undefined,
  like: readonly ListedStack[],
  now: string,
): EnvironmentRow {
  const { name = "", annotations: said = {}, labels: named = {} } = namespace.metadata ?? {};
  return {
    ...judged(namespace, stack, like, now),
    kind: named[labels.kind] === "permanent" ? "permanent" : "review",
    project: labelOf(namespace, labels.project),
    stack: labelOf(namespace, labels.stack),
    ...defined({
      fullStack: stack?.fullName,
      namespace: name,
      branch: said[annotations.branch],
      owner: named[labels.owner],
      url: said[annotations.url],
      createdAt: namespace.metadata?.creationTimestamp,
      expiresAt: said[annotations.expiresAt],
    }),
  };
}

function judged(
  namespace: FoundNamespace,
  stack: ListedStack | undefined,
  like: readonly ListedStack[],
  now: string,
): Pick<EnvironmentRow, "state" | "fault"> {
  const { name = "", deletionTimestamp, annotations: said = {} } = namespace.metadata ?? {};
  if (deletionTimestamp !== undefined) {
    return Date.parse(now) - Date.parse(deletionTimestamp) < longestDeletion
      ? { state: "deleting" }
      : {
          state: "stuck",
          fault: heldObjectMessages([{ kind: "Namespace", ...namespace }]).join("\n"),
        };
  }
  if (stack === undefined) {
    return like.length > 0
      ? { state: "unclear", fault: unclearFault(name, like) }
      : { state: "orphan-namespace", fault: orphanNamespaceFault(namespace) };
  }
  const expiresAt = said[annotations.expiresAt];
  if (expiresAt !== undefined && hasPassed(expiresAt, now)) {
    const branch = said[annotations.branch];
    const command = branch === undefined ? "" : ` ${JSON.stringify(branch)}`;
    const fault = `Namespace ${name}: it expired at ${expiresAt}. \`review destroy${command}\` removes it, \`review up${command}\` gives it the lifetime of the settings.`;
    return { state: "expired", fault };
  }
  return { state: stack.isBusy ? "busy" : "up" };
}

/** Of another project what its namespaces name as theirs is known to its state alone. */
function unclearFault(name: string, like: readonly ListedStack[]): string {
  const stacks = like.map(({ fullName }) => fullName).join(", ");
  return `Namespace ${name}: it may be of ${stacks}, if that names another project in its labels. \`review sweep\` reads the states, and says so.`;
}

/** @param like namespaces that name a stack of this name, of projects of another name. */
function rowOfStack(
  stack: ListedStack,
  scope: Scope,
  like: readonly EnvironmentRow[],
): EnvironmentRow {
  const { name, fullName, isBusy, resourceCount } = stack;
  const state = isBusy ? "busy" : like.length > 0 ? "unclear" : "orphan-stack";
  const fault =
    resourceCount() === 0
      ? `Stack ${fullName}: it has made nothing yet. Bring it up, or destroy it.`
      : orphanStackFault(fullName, "its namespace");
  return {
    state,
    ...(state === "orphan-stack" ? { fault } : {}),
    project: projectOf(stack, scope),
    stack: name,
    fullStack: fullName,
  };
}

function withQuota(row: EnvironmentRow, quota: FoundQuota | undefined): EnvironmentRow {
  if (quota === undefined) {
    return row;
  }
  return { ...row, quota: quotaUses(quota.status?.hard, quota.status?.used) };
}

/** By state, then those that expire first, then by name. */
function inOrder(one: EnvironmentRow, other: EnvironmentRow): number {
  const rank = ({ state }: EnvironmentRow) => environmentStates.indexOf(state);
  const end = ({ expiresAt = "never" }: EnvironmentRow) => expiresAt;
  const name = (row: EnvironmentRow) => row.branch ?? row.stack;
  return (
    rank(one) - rank(other) || compare(end(one), end(other)) || compare(name(one), name(other))
  );
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function defined<Values extends object>(values: Values): Partial<Values> {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Partial<Values>;
}
