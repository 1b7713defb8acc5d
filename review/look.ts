import { labels } from "secure-environment/core";
import {
  type NamespaceVerdict,
  namespaceVerdict,
} from "secure-environment-cluster/namespaceVerdict";
import {
  environmentsOf,
  namespacesOf,
  type StateNamespace,
} from "secure-environment-cluster/stateNamespaces";
import { type Checkpoint, emptyCheckpoint } from "./checkpoint";
import { type Cluster, clusterOf } from "./cluster";
import { exitCodes, ReviewError } from "./exitCodes";
import { labelledProject } from "./labelledProject";
import { exportStack, findStack } from "./pulumi";

/** How a stack is looked at. */
export interface LookOptions {
  /** The folder of the program, whose settings say the project. */
  readonly program: string;
}

/**
 * Says whether a stack may be destroyed: whether the namespaces that it would delete are its own, and
 * whether it leaves none behind. It only reads.
 *
 * One that is being deleted already is told, and is no reason to stop: `destroy` waits for it, as after
 * one that failed half-way.
 *
 * @throws ReviewError with 10 when something stands that is not the stack's own or that the stack does
 * not know, with 6 when there is neither a stack nor a namespace of it.
 */
export async function look(stack: string, { program }: LookOptions): Promise<void> {
  const checkpoint = findStack<Checkpoint>(stack);
  const cluster = clusterOf(checkpoint ?? emptyCheckpoint, () =>
    exportStack(stack, ["--show-secrets"]),
  );
  console.error(`The cluster of this run: ${cluster.server}`);
  const resources = checkpoint?.deployment.resources ?? [];
  if (environmentsOf(resources).length === 0) {
    refuseUnknown(stack, checkpoint !== undefined, await namesOf(cluster, stack, program));
  }
  refuseForeign(stack, await faultsOf(cluster, namespacesOf(resources)));
  if (checkpoint === undefined) {
    throw new ReviewError(
      `There is no stack ${stack} in this backend, and no namespace of it in the cluster: nothing to destroy.`,
      exitCodes.noStack,
    );
  }
}

/** The namespaces that name a stack of the program as the one that made them. */
async function namesOf(cluster: Cluster, stack: string, program: string): Promise<string[]> {
  const standing = await cluster.namespacesWith({
    [labels.project]: labelledProject(program),
    [labels.stack]: stack.split("/").at(-1) ?? stack,
  });
  return standing.flatMap(({ metadata }) => metadata?.name ?? []);
}

/** A namespace that no state has would be left behind: of a killed run, or of a state that was lost. */
function refuseUnknown(stack: string, isInBackend: boolean, names: readonly string[]): void {
  if (names.length === 0) {
    return;
  }
  const [state, remedy] = isInBackend
    ? [
        "whose state does not have it",
        `If a run was killed, \`review recover ${stack}\` takes it into the state; otherwise have it deleted.`,
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
