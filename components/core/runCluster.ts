import * as pulumi from "@pulumi/pulumi";
import { describeProblems, type Subject } from "./problems";
import { type ProgramSettings, programSettings, settledCluster } from "./programSettings";
import { providerProblems, providerVariables } from "./providerSettings";

/** Arguments of programs that judge and name their cluster themselves. */
const settled = new WeakSet<object>();

/** The arguments, of which the program has judged and named the cluster already. */
export function withSettledCluster<Arguments extends object>(args: Arguments): Arguments {
  settled.add(args);
  return args;
}

/**
 * Names the cluster of the run, whatever program the component is used by, in any language. Tests have
 * no engine and so no cluster.
 *
 * The environment variable KUBECONFIG is read here, because a component that is run for a program in
 * another language has no other place for it. Whether its file exists is for programs to look at.
 *
 * @throws RunError when no cluster was chosen: the provider would take the current context of
 * `~/.kube/config`. A provider that the program gives is its choice.
 */
export function requireChosenCluster(
  component: pulumi.ComponentResource,
  subject: Subject,
  args: object,
): void {
  if (settled.has(args) || pulumi.runtime.getEngine() === undefined) {
    return;
  }
  const provider = component.getProvider("kubernetes:core/v1:Namespace");
  if (provider === undefined) {
    say(settledCluster(subject, settingsOf(process.env), []), component);
    return;
  }
  const told = { configuration: {}, providerVariables: providerVariables(process.env) };
  const problems = providerProblems(told);
  if (problems.length > 0) {
    throw new pulumi.RunError(describeProblems(problems, subject));
  }
  provider.urn.apply((urn) =>
    say(`that of the provider ${urn.split("::").at(-1)}, which the program gives`, component),
  );
}

/** Of a file whose existence is not known nothing is told that looks like no path. */
function settingsOf(environment: NodeJS.ProcessEnv): ProgramSettings {
  return { ...programSettings(environment, () => false), kubeconfigExists: undefined };
}

function say(cluster: string, component: pulumi.Resource): void {
  void pulumi.log.info(`The cluster of this run: ${cluster}`, component);
}
