import {
  type FoundNamespace,
  type NamespaceVerdict,
  namespaceVerdict,
} from "secure-environment-cluster/namespaceVerdict";
import {
  environmentsOf,
  namespacesOf,
  type StateNamespace,
} from "secure-environment-cluster/stateNamespaces";
import { type Checkpoint } from "../state/checkpoint";
import { type Cluster } from "../cluster/cluster";
import { exitCodes, ReviewError } from "../exitCodes";

/**
 * Makes sure that what a `destroy` of the stack deletes is the stack's own, and that it leaves no
 * namespace of it behind. It only reads.
 *
 * @param checkpoint the state of the stack.
 * @param standing finds the namespaces that name the stack; asked where the state has none.
 * @throws ReviewError with 10 when something stands that is not the stack's own or that it does not know.
 */
export async function requireDestroyable(
  stack: string,
  { deployment }: Checkpoint,
  cluster: Cluster,
  standing: () => Promise<readonly FoundNamespace[]>,
): Promise<void> {
  const resources = deployment.resources ?? [];
  if (environmentsOf(resources).length === 0) {
    refuseUnknown(stack, await standing());
  }
  refuseForeign(stack, await faultsOf(cluster, namespacesOf(resources)));
}

/** A namespace that the state does not have would be left behind. */
function refuseUnknown(stack: string, standing: readonly FoundNamespace[]): void {
  if (standing.length === 0) {
    return;
  }
  const lines = standing.map(
    ({ metadata }) =>
      `Namespace ${metadata?.name} names the stack ${stack}, whose state does not have it.`,
  );
  const remedy =
    "Nothing was destroyed. If a run was killed, `review up` takes it into the state; otherwise have it deleted.";
  throw new ReviewError([...lines, remedy].join("\n"), exitCodes.refused);
}

function refuseForeign(stack: string, faults: readonly string[]): void {
  if (faults.length === 0) {
    return;
  }
  const remedy =
    "Nothing was destroyed. If it is this stack's, such as one restored from a backup, `pulumi refresh` takes " +
    `it into the state; otherwise \`pulumi stack rm --force --stack ${stack}\` forgets the stack and leaves the namespace.`;
  throw new ReviewError([...faults, remedy].join("\n"), exitCodes.refused);
}

/** Why namespaces of the state are not to be deleted. */
async function faultsOf(cluster: Cluster, known: readonly StateNamespace[]): Promise<string[]> {
  const looks = known.map(async (one) => {
    const found = await cluster.namespace(one.name);
    return destructionFault(one.name, namespaceVerdict(one, true, found));
  });
  return (await Promise.all(looks)).flat();
}

/** What is no reason to stop is told. */
function destructionFault(name: string, verdict: NamespaceVerdict): string[] {
  switch (verdict.kind) {
    case "own":
      return [];
    case "absent":
      console.error(`Namespace ${name} is in the state, and not in the cluster.`);
      return [];
    case "terminating":
      console.error(`Namespace ${name} ${verdict.fault}.`);
      return [];
    case "foreign":
    case "madeAnew":
    case "notInState":
      return [`Namespace ${name} ${verdict.fault}.`];
  }
}
