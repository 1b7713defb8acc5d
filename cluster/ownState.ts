import * as pulumi from "@pulumi/pulumi";
import { environmentsOf, type StateNamespace, type StateResource } from "./stateNamespaces";

/** A function of Pulumi's engine that reads what a stack's last state has, also in a preview. */
const readState = "pulumi:pulumi:readStackResourceOutputs";

interface ReadState {
  readonly outputs?: Readonly<Record<string, StateResource>>;
}

/**
 * The environment's namespaces in the state of the program's own stack, as the run before has left it:
 * with `--refresh` too it is the state before.
 */
export async function ownStateNamespaces(): Promise<StateNamespace[]> {
  const stack = [pulumi.getOrganization(), pulumi.getProject(), pulumi.getStack()].join("/");
  const { outputs = {} } = (await pulumi.runtime.invoke(readState, {
    stackName: stack,
  })) as ReadState;
  return environmentsOf(Object.values(outputs));
}
