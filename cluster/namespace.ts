import * as pulumi from "@pulumi/pulumi";
import {
  type ClusterChoice,
  describeProblems,
  type Problem,
  shownWords,
} from "secure-environment/core";
import {
  accessTo,
  firstLine,
  KubernetesApi,
  type KubernetesResponse,
  messageOf,
} from "secure-environment-kubernetes";
import { failure } from "./failure";
import { namespaceIn } from "./namespaceAnswer";
import { type FoundNamespace, namespaceVerdict } from "./namespaceVerdict";
import { ownStateNamespaces } from "./ownState";
import { hasNameOf, replacementProblems, type WantedNamespace } from "./replacement";
import { type StateNamespace } from "./stateNamespaces";

/** What a run is about to do with a namespace. */
export interface NamespaceRun {
  readonly wanted: WantedNamespace;
  /** The name of a namespace that the run may replace, if there is one. */
  readonly replaceable?: string;
  readonly cluster: ClusterChoice;
}

/** A namespace that a run makes, goes on with or replaces. */
export interface ExpectedNamespace extends StateNamespace {
  readonly isInState: boolean;
  /** Whether the run replaces it, by another name. */
  readonly isReplaced?: boolean;
}

/** How long the API server may take to answer, in milliseconds. */
const patience = 10_000;

/**
 * Makes sure that the namespace is free or the stack's own, before anything is created: some versions
 * and settings of Pulumi's provider for Kubernetes take over an object that has the name, without a
 * word (https://github.com/pulumi/pulumi-kubernetes/issues/4278).
 *
 * It asks the state of the stack first, with one call of the engine: what stands is not replaced unless
 * the run says so. Then it asks the cluster for the namespace, with one request. A preview makes
 * nothing and asks no cluster, and neither does a run whose namespace gets a name that is still free.
 *
 * @throws RunError when a namespace that stands would be replaced, when the namespace is not the stack's
 * own or is being deleted, and when that cannot be found out.
 */
export async function requireOwnNamespace(run: NamespaceRun): Promise<void> {
  const { wanted, replaceable, cluster } = run;
  const standing = await ownStateNamespaces().catch((error: unknown) => {
    throw failure(describeProblems([unreadProblem(error)], "namespace"));
  });
  refuse(replacementProblems(wanted, standing, replaceable));
  if (!pulumi.runtime.isDryRun()) {
    const expected = expectedNamespaces(wanted, standing);
    refuse(await problemsIn(cluster, expected).catch((error) => [unseenProblem(error)]));
  }
}

/** Those that the state has, and the one that will be made, where its name is known. */
export function expectedNamespaces(
  wanted: WantedNamespace,
  standing: readonly StateNamespace[],
): ExpectedNamespace[] {
  const { name, hasSuffix, labels } = wanted;
  const isNew = !hasSuffix && standing.every((one) => one.name !== name);
  return [
    ...standing.map((one) => ({ ...one, isInState: true, isReplaced: !hasNameOf(wanted, one) })),
    ...(isNew ? [{ name, labels, isInState: false }] : []),
  ];
}

function refuse(problems: readonly Problem[]): void {
  if (problems.length > 0) {
    throw failure(describeProblems(problems, "namespace"));
  }
}

function unreadProblem(error: unknown): Problem {
  return {
    property: "stack",
    fault: `has a state that could not be read: ${shownWords(firstLine(error))}`,
    remedy: "Whose its namespace is is unknown, so nothing was touched. Try again.",
  };
}

async function problemsIn(
  choice: ClusterChoice,
  expected: readonly ExpectedNamespace[],
): Promise<Problem[]> {
  if (expected.length === 0) {
    return [];
  }
  const api = new KubernetesApi(await accessTo(choice), { keepAlive: false });
  const problems = await Promise.all(expected.map((one) => look(api, one)));
  return problems.flatMap((problem) => problem ?? []);
}

async function look(api: KubernetesApi, expected: ExpectedNamespace) {
  const path = `/api/v1/namespaces/${encodeURIComponent(expected.name)}`;
  const answer = await api.request("GET", path, undefined, { timeout: patience });
  return namespaceProblem(expected, answer);
}

/** What is wrong with the namespace, by what the API server answered to a GET of it. */
export function namespaceProblem(
  expected: ExpectedNamespace,
  answer: KubernetesResponse<unknown>,
): Problem | undefined {
  const found = namespaceIn(expected.name, answer);
  return found === "unclear"
    ? refusedProblem(expected, answer.status, answer.body)
    : foundProblem(expected, found === "absent" ? undefined : found);
}

function foundProblem(
  expected: ExpectedNamespace,
  found: FoundNamespace | undefined,
): Problem | undefined {
  const verdict = namespaceVerdict(expected, expected.isInState, found);
  if (verdict.kind === "absent" || verdict.kind === "own") {
    return undefined;
  }
  const { name, isReplaced } = expected;
  const { kind, fault } = verdict;
  return kind === "terminating" && isReplaced === true
    ? undefined
    : { property: "namespace", found: name, fault, remedy: foundRemedies[kind](expected) };
}

const foundRemedies = {
  foreign: () =>
    "It was left alone. Use another branch or set `project`; if nobody needs it, have it deleted.",
  madeAnew: () =>
    "It was left alone. If it is this stack's, such as one restored from a backup, run `pulumi refresh` " +
    "once, which takes it into the state; otherwise have it deleted.",
  notInState: () =>
    "It was left alone. If a run was killed, `review up` takes it into the state; if a stack in " +
    "another state backend made it, use another branch or set `project`; otherwise have it deleted.",
  terminating: ({ name, isInState }: ExpectedNamespace) =>
    "Run again when it is gone, or set uniqueSuffix: true, so that the branch comes up in another one" +
    (isInState ? `, with replaceNamespace: ${name}.` : "."),
};

function refusedProblem({ name }: ExpectedNamespace, status: number, body: unknown): Problem {
  return {
    property: "namespace",
    found: name,
    fault: `could not be looked at, HTTP status ${status}: ${shownWords(messageOf(body))}`,
    remedy: remedies[status] ?? "Whether it is free is unknown, so it was left alone. Try again.",
  };
}

const remedies: Readonly<Record<number, string>> = {
  401: "The cluster does not know these credentials. Renew them.",
  403:
    "Whether it is free is unknown, so it was left alone. Whoever runs this needs the verb `get` " +
    "on namespaces, which is not implied by `create`.",
  404: "What answers there is no API server. Correct the kubeconfig.",
};

/** The cluster cannot be asked. Pulumi's provider would not get further, or somewhere else. */
function unseenProblem(error: unknown): Problem {
  return {
    property: "cluster",
    fault: `could not be asked whether the namespace is free: ${shownWords(firstLine(error))}`,
    remedy:
      "Correct the kubeconfig (a proxy is taken from its proxy-url alone), or try again when the cluster answers.",
  };
}
