import { labels } from "secure-environment/core";
import { type FoundNamespace, namespaceVerdict } from "secure-environment-cluster/namespaceVerdict";
import { environmentsOf, type StateNamespace } from "secure-environment-cluster/stateNamespaces";
import { type Checkpoint, emptyCheckpoint } from "../state/checkpoint";
import { type Cluster, clusterOf } from "../cluster/cluster";
import { exitCodes, ReviewError } from "../exitCodes";
import { orphanNamespaceFault, orphanStackFault } from "../listing/orphans";
import { allStacks, exportStack, findStack } from "../state/pulumi";

/** What a sweep leaves out. */
export interface SweepOptions {
  /** Stacks, by their full names, that are no review environments. */
  readonly except: readonly string[];
  /** The projects whose namespaces are looked for; all of the cluster when there are none. */
  readonly project: readonly string[];
}

/** A namespace that the state of a stack has, and that stack. */
interface Claim extends StateNamespace {
  readonly stack: string;
  /** The cluster that the stack works on. */
  readonly cluster: Cluster;
}

/**
 * Compares all stacks of the backend with the review environments in the cluster: namespaces whose stack
 * is gone, and stacks whose namespace is gone, being deleted or another's. It only reads. Namespaces are
 * listed before the states are read, and what seems wrong is looked at once more in the end, so that
 * environments which come or go meanwhile are not blamed.
 *
 * @throws ReviewError when something is wrong, or when that cannot be told.
 */
export async function sweep({ except, project }: SweepOptions): Promise<void> {
  const cluster = chosenCluster();
  console.error(`The cluster of this run: ${cluster.server}`);
  const listed = await cluster.namespacesWith({ [labels.kind]: "review" });
  const { claims, unread } = claimsOf(allStacks().filter((stack) => !except.includes(stack)));
  const ofProjects = listed.filter(isOf(project));
  const faults = [
    ...(await faultsOfStacks(claims, listed)),
    ...(unread.length > 0 ? unread : await faultsOfNamespaces(claims, ofProjects)),
  ];
  faults.forEach((fault) => console.log(fault));
  if (faults.length > 0) {
    const message = "Stacks and namespaces do not match; see above.";
    throw new ReviewError(message, exitCodes.failed);
  }
  console.log(`Stacks and namespaces match; environments: ${claims.length}.`);
}

function chosenCluster(): Cluster {
  return clusterOf(emptyCheckpoint, () => emptyCheckpoint);
}

/** What the states claim. Of a stack that could not be read nobody knows what it has. */
function claimsOf(stacks: readonly string[]) {
  const claims: Claim[] = [];
  const unread: string[] = [];
  for (const stack of stacks) {
    try {
      claims.push(...claimsOfStack(stack));
    } catch (error) {
      unread.push(unreadFault(stack, error));
    }
  }
  return { claims, unread };
}

/** Any other failure is a fault of this program, and ends it. */
function unreadFault(stack: string, error: unknown): string {
  if (!(error instanceof ReviewError)) {
    throw error;
  }
  return `Stack ${stack}: ${error.message} Namespaces whose stack is gone were not looked for.`;
}

/** A stack that was destroyed since it was listed has none. */
function claimsOfStack(stack: string): Claim[] {
  const checkpoint = findStack<Checkpoint>(stack);
  if (checkpoint === undefined) {
    return [];
  }
  const cluster = clusterOf(checkpoint, () => exportStack(stack, ["--show-secrets"]));
  return environmentsOf(checkpoint.deployment.resources ?? []).map((one) => ({
    ...one,
    stack,
    cluster,
  }));
}

async function faultsOfStacks(
  claims: readonly Claim[],
  listed: readonly FoundNamespace[],
): Promise<string[]> {
  const faults = claims.map(async (claim) => {
    const found = listed.find(({ metadata }) => metadata?.name === claim.name);
    if (namespaceVerdict(claim, true, found).kind === "own") {
      return [];
    }
    const verdict = namespaceVerdict(claim, true, await claim.cluster.namespace(claim.name));
    return verdict.kind === "own" ? [] : [faultOf(claim, verdict)];
  });
  return (await Promise.all(faults)).flat();
}

function faultOf(
  { stack, name }: Claim,
  verdict: { readonly kind: string; readonly fault?: string },
) {
  return verdict.kind === "absent"
    ? orphanStackFault(stack, `its namespace ${name}`)
    : `Stack ${stack}: its namespace ${name} ${verdict.fault}.`;
}

/**
 * Namespaces that no state has; what a state has and is another's is told of its stack. One that is gone
 * by now, or was made anew, is none of them.
 */
async function faultsOfNamespaces(
  claims: readonly Claim[],
  listed: readonly FoundNamespace[],
): Promise<string[]> {
  // Reading the states takes long enough for the connection of the list to be closed.
  const cluster = chosenCluster();
  const claimed = new Set(claims.map(({ name }) => name));
  const orphans = listed.filter(({ metadata }) => !claimed.has(metadata?.name ?? ""));
  const faults = orphans.map(async ({ metadata = {} }) => {
    const { name = "", uid } = metadata;
    const found = await cluster.namespace(name);
    return found?.metadata?.uid === uid ? [orphanNamespaceFault(found ?? {})] : [];
  });
  return (await Promise.all(faults)).flat();
}

function isOf(projects: readonly string[]) {
  return ({ metadata }: FoundNamespace) =>
    projects.length === 0 || projects.includes(metadata?.labels?.[labels.project] ?? "");
}
