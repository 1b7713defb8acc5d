import { annotations, labels, reservedNameOf, slugOfStack } from "secure-environment/core";
import { type FoundNamespace } from "secure-environment-cluster/namespaceVerdict";
import {
  environmentRows,
  type EnvironmentRow,
  type Scope,
  type Seen,
} from "../listing/environmentRows";
import { type ListedStack } from "../listing/listedStack";
import { type Reason, type ReapReason, type ReasonOptions, reasonOf } from "./reasons";

/** What stays, whatever reason there is. */
export interface Guards {
  /** Stacks that stay, by their full names. */
  readonly permanent: readonly string[];
  /** Branches that get no environment; a trailing `*` stands for any ending. */
  readonly unreviewed: readonly string[];
}

/** What is judged by. */
export interface ReapOptions extends ReasonOptions, Guards {
  /** Whether the settings name the cluster, so that a namespace which is not there is not in another one. */
  readonly isClusterNamed: boolean;
}

/** An environment that is to go. */
export interface Due {
  readonly stack: string;
  readonly fullStack: string;
  /** Unknown of a stack whose namespace is gone. */
  readonly branch?: string;
  readonly reason: ReapReason;
  /** The reason in words. */
  readonly why: string;
  /** Since when, as far as that is known: those that are due for longest go first. */
  readonly since: string;
  /** The namespace as it was seen, if there is one. */
  readonly namespace?: FoundNamespace;
  readonly listed: ListedStack;
}

/** An environment for which there is a reason, or that needs a person, and that stays. */
export interface Kept {
  readonly stack: string;
  readonly branch?: string;
  readonly namespace?: string;
  readonly why: string;
}

/** What is to become of the environments of a project. */
export interface Reapable {
  /** In the order in which they go. */
  readonly due: readonly Due[];
  readonly kept: readonly Kept[];
  /** All that have a namespace. */
  readonly standing: readonly EnvironmentRow[];
}

/** How long a stack without anything in it may be that of a run which has just begun, in milliseconds. */
const shortestLife = 3_600_000;

/**
 * Which environments of the project are to go and why, those first that are due for longest, and which
 * stay although there would be a reason. What is not clear stays.
 */
export function reapable(seen: Seen, scope: Scope, options: ReapOptions): Reapable {
  const namespaces = new Map(seen.namespaces.map((one) => [one.metadata?.name, one]));
  const stacks = new Map(seen.stacks.map((one) => [one.fullName, one]));
  const rows = environmentRows(seen, scope);
  const judged = rows.map((row) =>
    judge(row, namespaces.get(row.namespace), stacks.get(row.fullStack ?? ""), options, seen.now),
  );
  return {
    due: judged.flatMap(({ due }) => due ?? []).sort(inOrder),
    kept: judged.flatMap(({ kept }) => kept ?? []),
    standing: rows.filter(({ namespace }) => namespace !== undefined),
  };
}

interface Judgement {
  readonly due?: Due;
  readonly kept?: Kept;
}

function judge(
  row: EnvironmentRow,
  namespace: FoundNamespace | undefined,
  listed: ListedStack | undefined,
  options: ReapOptions,
  now: string,
): Judgement {
  const { stack, branch } = row;
  const names = { stack, ...(branch !== undefined && { branch }) };
  const place = row.namespace === undefined ? {} : { namespace: row.namespace };
  const doubt = doubtOf(row);
  if (doubt !== undefined) {
    return { kept: { ...names, ...place, why: doubt } };
  }
  const reason = listed && (namespace ? reasonOf(namespace, listed, options, now) : orphan(listed));
  if (listed === undefined || reason === undefined) {
    return {};
  }
  const guard =
    guardOf(namespace, listed, options) ??
    (namespace === undefined ? orphanDoubt(listed, options, now) : undefined);
  const { fullName: fullStack } = listed;
  return guard === undefined
    ? { due: { ...names, fullStack, ...reason, ...(namespace && { namespace }), listed } }
    : { kept: { ...names, ...place, why: `${reason.why}, and ${guard}` } };
}

/** Why an environment needs a person, or goes already. */
function doubtOf({ state, fault }: EnvironmentRow): string | undefined {
  switch (state) {
    case "stuck":
    case "orphan-namespace":
    case "unclear":
      return fault ?? "it is not clear which stack and which namespace belong together";
    case "deleting":
      return "its namespace is being deleted already";
    case "orphan-stack":
    case "expired":
    case "busy":
    case "up":
      return undefined;
  }
}

function orphan({ lastUpdate = "" }: ListedStack): Reason {
  return { reason: "orphan-stack", why: "its namespace is not in the cluster", since: lastUpdate };
}

/** Why an environment stays, whatever reason there is for it to go. */
export function guardOf(
  namespace: FoundNamespace | undefined,
  { fullName, name, isBusy }: Pick<ListedStack, "fullName" | "name" | "isBusy">,
  { permanent, unreviewed }: Guards,
): string | undefined {
  const { labels: said = {}, annotations: told = {} } = namespace?.metadata ?? {};
  const names = [told[annotations.branch] ?? "", slugOfStack(name) ?? ""];
  const pattern = names.flatMap((one) => reservedNameOf(one, unreviewed) ?? [])[0];
  const guards: readonly (readonly [boolean, string])[] = [
    [namespace !== undefined && said[labels.kind] !== "review", "it is permanent"],
    [permanent.includes(fullName), "it is one of `permanent` in the settings"],
    [said[labels.protect] !== undefined, `it is protected by the label ${labels.protect}`],
    [(said[labels.keep] ?? "false") !== "false", `it is kept by the label ${labels.keep}`],
    [pattern !== undefined, `its branch is one of those that get no environment (${pattern})`],
    [isBusy, "a run is at work on its stack"],
  ];
  return guards.find(([holds]) => holds)?.[1];
}

/** Why a stack may have its namespace all the same, or is about to make it. */
function orphanDoubt(
  listed: ListedStack,
  { isClusterNamed }: ReapOptions,
  now: string,
): string | undefined {
  if (!isClusterNamed) {
    return "the settings do not name the cluster, so its namespace may be in another one";
  }
  const age = Date.parse(now) - Date.parse(listed.lastUpdate ?? now);
  return listed.resourceCount() === 0 && !(age >= shortestLife)
    ? "it has nothing in it, so a run may have just made it"
    : undefined;
}

/** What is not known to be younger is taken to be older. */
function inOrder(one: Due, other: Due): number {
  const [first, second] = [one, other].map(({ since }) => Date.parse(since) || 0);
  return (first ?? 0) - (second ?? 0) || (one.fullStack < other.fullStack ? -1 : 1);
}
