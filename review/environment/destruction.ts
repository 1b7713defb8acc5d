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
 * @param checkpoint the state of the stack; `undefined` when there is no such stack.
 * @param standing finds the namespaces that name the stack; asked where the state has none.
 * @returns whether there is a stack to destroy; without one there is no namespace of it either.
 * @throws ReviewError with 10 when something stands that is not the stack's own or that it does not know.
 */
export async function requireDestroyable(
  stack: string,
  checkpoint: Checkpoint | undefined,
  cluster: Cluster,
  standing: () => Promise<readonly FoundNamespace[]>,
): Promise<boolean> {
  const resources = checkpoint?.deployment.resources ?? [];
  if (environmentsOf(resources).length === 0) {
    const names = (await standing()).flatMap(({ metadata }) => metadata?.name ?? []);
    refuseUnknown(stack, checkpoint !== undefined, names);
  }
  refuseForeign(stack, await faultsOf(cluster, namespacesOf(resources)));
  return checkpoint !== undefined;
}

/** A namespace that no state has would be left behind: of a killed run, or of a state that was lost. */
function refuseUnknown(stack: string, isInBackend: boolean, names: readonly string[]): void {
  if (names.length === 0) {
    return;
  }
  const [state, remedy] = isInBackend
    ? [
        "whose state does not have it",
        "If a run was killed, `review up` takes it into the state; otherwise have it deleted.",
      ]
    : [
        "which is not in this backend",
        "Look for its stack in other backends, and under an earlier name of the Pulumi project; if there is none, have it deleted.",
      ];
  const lines = names.map((name) => `Namespace ${name} names the stack ${stack}, ${state}.`);
  const message = [...lines, `Nothing was destroyed. ${remedy}`].join("\n");
  throw new ReviewError(message, exitCodes.refused);
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
