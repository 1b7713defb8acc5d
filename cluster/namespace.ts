import * as pulumi from "@pulumi/pulumi";
import { type ClusterChoice, describeProblems, type Problem } from "secure-environment/core";
import {
  accessTo,
  firstLine,
  KubernetesApi,
  type KubernetesResponse,
  messageOf,
} from "secure-environment-kubernetes";
import { failure } from "./failure";
import { describeOwner, ownershipOf } from "./ownership";

/** A namespace as a program is about to make it. */
export interface WantedNamespace {
  readonly name: string;
  /** Its labels that say which stack of which project makes it. */
  readonly labels: Readonly<Record<string, string>>;
}

/** The parts of a namespace in the cluster that are looked at. */
interface FoundNamespace {
  readonly kind?: string;
  readonly metadata?: {
    readonly name?: string;
    readonly labels?: Readonly<Record<string, string>>;
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

/** How long the API server may take to answer, in milliseconds. */
const patience = 10_000;

/**
 * Makes sure, with one request, that the namespace is free or the stack's own, before anything is
 * created: some versions and settings of Pulumi's provider for Kubernetes take over an object that has
 * the name, without a word (https://github.com/pulumi/pulumi-kubernetes/issues/4278). A preview makes
 * nothing and looks at nothing, and neither does a run whose namespace gets a name that is still free.
 *
 * The stack's own is what names the same project and stack in its labels. A program is not told what
 * the state of its stack knows, such as the namespace's UID.
 *
 * @throws RunError when the namespace is not the stack's own or is being deleted, and when that cannot
 * be found out.
 */
export async function requireOwnNamespace(
  wanted: WantedNamespace | undefined,
  choice: ClusterChoice,
): Promise<void> {
  if (wanted === undefined || pulumi.runtime.isDryRun()) {
    return;
  }
  const problem = await look(wanted, choice).catch(unseenProblem);
  if (problem !== undefined) {
    throw failure(describeProblems([problem]));
  }
}

async function look(wanted: WantedNamespace, choice: ClusterChoice): Promise<Problem | undefined> {
  const path = `/api/v1/namespaces/${encodeURIComponent(wanted.name)}`;
  const api = new KubernetesApi(await accessTo(choice), { keepAlive: false });
  return namespaceProblem(wanted, await api.request("GET", path, undefined, { timeout: patience }));
}

/** What is wrong with the namespace, by what the API server answered to a GET of it. */
export function namespaceProblem(
  wanted: WantedNamespace,
  { status, body }: KubernetesResponse<unknown>,
): Problem | undefined {
  const found = body as FoundNamespace | null;
  if (status === 404 && isAbsent(body)) {
    return undefined;
  }
  return status === 200 && found?.kind === "Namespace" && found.metadata?.name === wanted.name
    ? foundProblem(wanted, found)
    : refusedProblem(wanted, status, body);
}

/** A 404 from something that is no API of Kubernetes says nothing about namespaces. */
function isAbsent(body: unknown): boolean {
  const { kind, reason } = (body ?? {}) as { readonly kind?: unknown; readonly reason?: unknown };
  return kind === "Status" && reason === "NotFound";
}

function foundProblem({ name, labels }: WantedNamespace, found: FoundNamespace) {
  const { labels: foundLabels = {}, deletionTimestamp } = found.metadata ?? {};
  if (ownershipOf(labels, foundLabels) !== "own") {
    return foreignProblem(name, found);
  }
  return deletionTimestamp === undefined ? undefined : terminatingProblem(name, found);
}

function foreignProblem(name: string, { metadata = {} }: FoundNamespace): Problem {
  const { labels = {}, creationTimestamp = "an unknown time", deletionTimestamp } = metadata;
  const end =
    deletionTimestamp === undefined ? "" : ` and is being deleted since ${deletionTimestamp}`;
  return {
    property: "namespace",
    found: name,
    fault: `exists since ${creationTimestamp}${end} and is not this stack's: ${describeOwner(labels)}`,
    remedy:
      "It was left alone. Use another branch or set `project`; if nobody needs it, have it deleted.",
  };
}

function terminatingProblem(name: string, { metadata, status }: FoundNamespace): Problem {
  const held = (status?.conditions ?? [])
    .filter((condition) => condition.status === "True")
    .map(({ type, message = "no message" }) => `${type}: ${message}`);
  const reasons = held.length === 0 ? "nothing is known to hold it" : `held by ${held.join("; ")}`;
  return {
    property: "namespace",
    found: name,
    fault: `is this stack's and is being deleted since ${metadata?.deletionTimestamp}, ${reasons}`,
    remedy:
      "Run again when it is gone, or set uniqueSuffix: true, so that the branch comes up in another one.",
  };
}

function refusedProblem({ name }: WantedNamespace, status: number, body: unknown): Problem {
  return {
    property: "namespace",
    found: name,
    fault: `could not be looked at, HTTP status ${status}: ${messageOf(body)}`,
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
    fault: `could not be asked whether the namespace is free: ${firstLine(error)}`,
    remedy:
      "Correct the kubeconfig (a proxy is taken from its proxy-url alone), or try again when the cluster answers.",
  };
}
