import { labels, namespaceName } from "secure-environment/core";
import { namespaceIn } from "secure-environment-cluster/namespaceAnswer";
import { type FoundNamespace } from "secure-environment-cluster/namespaceVerdict";
import { describeOwner, ownershipOf } from "secure-environment-cluster/ownership";
import { type Cluster, telling } from "../cluster/cluster";
import { configuredProject, type Target } from "../environment/target";
import { exitCodes, ReviewError } from "../exitCodes";
import { heldObjectMessages } from "../cluster/heldObjects";
import { listAll } from "../cluster/lists";
import { send } from "./requests";

/** An environment that stands, or that of which these credentials may not see whether it does. */
export interface StandingEnvironment {
  readonly namespace: string;
  /** The namespace in the cluster; `undefined` where it may not be read. */
  readonly found: FoundNamespace | undefined;
}

/**
 * The environment of a branch. It is found by its labels; developers, who may list no namespaces, find it
 * by its name.
 *
 * @throws ReviewError with 6 when there is none, with 10 when it is another's, with 1 when it is being
 * deleted.
 */
export async function standingEnvironment(
  cluster: Cluster,
  target: Target,
): Promise<StandingEnvironment> {
  const { labelledProject: project, stack } = target;
  const labelSelector = `${labels.project}=${project},${labels.stack}=${stack}`;
  const listed = await listNamespaces(cluster, labelSelector);
  return listed === undefined ? byName(cluster, target) : chosen(listed, cluster, target);
}

function listNamespaces(cluster: Cluster, labelSelector: string) {
  return telling("The list of namespaces", async () =>
    listAll<FoundNamespace>(await cluster.api(), "/api/v1/namespaces", { labelSelector }),
  );
}

/** Of several, as an earlier one may still be going, the one that stays. */
function chosen(
  listed: readonly FoundNamespace[],
  cluster: Cluster,
  target: Target,
): StandingEnvironment {
  const staying = listed.filter(({ metadata }) => metadata?.deletionTimestamp === undefined);
  const [found = listed[0], another] = staying;
  if (found === undefined) {
    throw none(cluster, target);
  }
  if (another !== undefined) {
    const names = staying.map(nameOf).join(" and ");
    const message = `${names} both name the stack ${target.stack}. \`review list\` shows them; have the one deleted that nothing needs.`;
    throw new ReviewError(message, exitCodes.refused);
  }
  requireStaying(found, target);
  return { namespace: nameOf(found), found };
}

async function byName(cluster: Cluster, target: Target): Promise<StandingEnvironment> {
  const name = namespaceName(target.stack, configuredProject(target.settings));
  const answer = await send<FoundNamespace>(cluster, "GET", `/api/v1/namespaces/${name}`);
  if (answer.status === 403) {
    return { namespace: name, found: undefined };
  }
  const found = namespaceIn(name, answer);
  if (found === "absent") {
    throw none(cluster, target);
  }
  if (found === "unclear") {
    const message = `Namespace ${name} could not be read, HTTP status ${answer.status}. Once the API server answers, try again.`;
    throw new ReviewError(message, exitCodes.failed);
  }
  requireOwn(found, target);
  requireStaying(found, target);
  return { namespace: name, found };
}

function requireOwn(found: FoundNamespace, { stack, labelledProject }: Target): void {
  const said = found.metadata?.labels ?? {};
  if (ownershipOf({ [labels.project]: labelledProject, [labels.stack]: stack }, said) !== "own") {
    const message =
      `Namespace ${nameOf(found)} is not this branch's: ${describeOwner(said)}. ` +
      "Nothing was done. See that `project` in `config` of the settings is that of the environment.";
    throw new ReviewError(message, exitCodes.refused);
  }
}

function requireStaying(found: FoundNamespace, { branch }: Target): void {
  if (found.metadata?.deletionTimestamp !== undefined) {
    const message = [
      ...heldObjectMessages([{ kind: "Namespace", ...found }]),
      `Once it is gone, \`review up ${JSON.stringify(branch)}\` makes the environment again.`,
    ];
    throw new ReviewError(message.join("\n"), exitCodes.failed);
  }
}

function none({ server }: Cluster, { branch, stack }: Target): ReviewError {
  const name = JSON.stringify(branch);
  return new ReviewError(
    `The branch ${name} has no environment in the cluster ${server}: no namespace names the stack ${stack}. \`review up ${name}\` makes it.`,
    exitCodes.noStack,
  );
}

function nameOf({ metadata }: FoundNamespace): string {
  return metadata?.name ?? "";
}
