import { labels } from "secure-environment/core";
import { type FoundNamespace, namespaceVerdict } from "secure-environment-cluster/namespaceVerdict";
import { environmentsOf, type StateNamespace } from "secure-environment-cluster/stateNamespaces";
import { type Cluster } from "../cluster/cluster";
import { orphanNamespaceFault, orphanStackFault } from "../listing/orphans";
import { isForRehearsals } from "../listing/rehearsals";
import { type StackState } from "./stackStates";

/** A namespace that the state of a stack has, and that stack. */
export interface Claim extends StateNamespace {
  readonly stack: string;
  /** The cluster that the stack works on. */
  readonly cluster: Cluster;
}

/** The namespaces that a state has. */
export function claimsOf({ stack, checkpoint, cluster }: StackState): Claim[] {
  return environmentsOf(checkpoint.deployment.resources ?? []).map((one) => ({
    ...one,
    stack,
    cluster,
  }));
}

/** Claims to a namespace that is gone, being deleted or another's; what seems so is looked at once more. */
export async function faultsOfClaims(
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
export async function faultsOfNamespaces(
  cluster: Cluster,
  claims: readonly Claim[],
  listed: readonly FoundNamespace[],
): Promise<string[]> {
  const claimed = new Set(claims.map(({ name }) => name));
  const orphans = listed.filter(
    (one) => !isForRehearsals(one) && !claimed.has(one.metadata?.name ?? ""),
  );
  const faults = orphans.map(async ({ metadata = {} }) => {
    const { name = "", uid } = metadata;
    const found = await cluster.namespace(name);
    return found?.metadata?.uid === uid ? [orphanNamespaceFault(found ?? {})] : [];
  });
  return (await Promise.all(faults)).flat();
}

/** Whether a namespace says that it is of this project; any is when none is given. */
export function isOfProject(project: string | undefined) {
  return ({ metadata }: FoundNamespace) =>
    project === undefined || metadata?.labels?.[labels.project] === project;
}
