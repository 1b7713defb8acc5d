import { reviewPrefix } from "../../core/names";
import { literal } from "./cel";
import { type NamedExpression } from "./validatingAdmissionPolicy";
import { type PlatformSettings } from "../platformSettings";

/** CEL that tells who sends a request. No sender is told by a name that other users could take. */

type Senders = Pick<PlatformSettings, "administrators" | "pipelines">;

/** Holds for pipelines, whatever service account or token they use. */
export function sentByPipeline({ pipelines }: Senders): NamedExpression {
  return { name: "sent-by-a-pipeline", expression: isInGroups(groupsOf(pipelines)) };
}

/** Holds for everybody but pipelines, whom the fence judges. */
export function notSentByPipeline(senders: Senders): NamedExpression {
  return not("not-sent-by-a-pipeline", sentByPipeline(senders).expression);
}

/** Holds for everybody but administrators. */
export function notSentByAdministrator({ administrators }: Senders): NamedExpression {
  const { groups, users } = administrators;
  return not(
    "not-sent-by-an-administrator",
    `${isInGroups(groups)} || request.userInfo.username in ${literal(users)}`,
  );
}

/**
 * Holds for everybody but the cluster itself: its own users, such as the controller manager's, and
 * the service accounts of kube-system, as which controllers act.
 */
export const notSentByCluster: NamedExpression = not(
  "not-sent-by-the-cluster",
  [
    isInGroups(["system:serviceaccounts:kube-system"]),
    'request.userInfo.username.matches("^system:(kube-|node:|apiserver$|addon-manager$|cloud-controller-manager$)")',
  ].join(" || "),
);

/** Holds but for updates by the cluster itself, which puts in order what it did not choose. */
export const notUpdatedByCluster: NamedExpression = {
  name: "not-updated-by-the-cluster",
  expression: `request.operation != "UPDATE" || ${notSentByCluster.expression}`,
};

const isSentFromOutside = [
  'request.userInfo.username.startsWith("system:serviceaccount:")',
  `!request.userInfo.username.matches("^system:serviceaccount:(${reviewPrefix}|kube-system:)")`,
].join(" && ");

/** Holds for everybody but service accounts outside environments and kube-system. */
export const notSentFromOutside: NamedExpression = not("not-sent-from-outside", isSentFromOutside);

/**
 * Holds for everybody but operators: service accounts outside environments and kube-system. Those that
 * pipelines may let in are none, as they make what developers tell them to.
 */
export function notSentByOperator({
  serviceAccounts,
}: Pick<PlatformSettings, "serviceAccounts">): NamedExpression {
  const isGuest = `request.userInfo.username in ${literal(usersOf(serviceAccounts))}`;
  const isOperator =
    serviceAccounts.length === 0 ? isSentFromOutside : `${isSentFromOutside} && !(${isGuest})`;
  return not("not-sent-by-an-operator", isOperator);
}

/** Holds for everybody but the operators that administrators have listed. */
export function notSentByListedOperator({
  operators,
}: Pick<PlatformSettings, "operators">): NamedExpression {
  const isListed = `request.userInfo.username in ${literal(usersOf(operators))}`;
  return not("not-sent-by-a-listed-operator", isListed);
}

/** Service accounts as users, each given as `namespace/name`. */
function usersOf(accounts: readonly string[]): string[] {
  return accounts.map((account) => `system:serviceaccount:${account.replace("/", ":")}`);
}

/** Whether one of the schedulers that administrators have listed sends the request. */
export function isSentByScheduler({ schedulers }: Pick<PlatformSettings, "schedulers">): string {
  return `request.userInfo.username in ${literal(schedulers)}`;
}

/** Holds for everybody but these schedulers. The cluster's own is part of the cluster. */
export function notSentByScheduler(
  settings: Pick<PlatformSettings, "schedulers">,
): NamedExpression {
  return not("not-sent-by-a-scheduler", isSentByScheduler(settings));
}

/** Holds for everybody but the kubelets, which mirror their static pods. */
export const notSentByNode: NamedExpression = not(
  "not-sent-by-a-node",
  isInGroups(["system:nodes"]),
);

/** The projects whose pipeline sends the request. */
export function projectVariables({ pipelines }: Senders): NamedExpression[] {
  const projectOfGroup = Object.fromEntries(
    pipelines.map(({ group, project }) => [group, project]),
  );
  return [
    { name: "projectOfGroup", expression: literal(projectOfGroup) },
    {
      name: "projects",
      expression:
        "request.userInfo.groups.filter(group, group in variables.projectOfGroup)" +
        ".map(group, variables.projectOfGroup[group])",
    },
  ];
}

/** Whether a text is named for an environment of the project. */
export function isNamedFor(project: string, name: string): string {
  return `${name}.startsWith(${literal(reviewPrefix)} + ${project} + "-")`;
}

/** Whether a text is named for an environment of a project whose pipeline sends the request. */
export function isNamedForOwnProject(name: string): string {
  return `variables.projects.exists(project, ${isNamedFor("project", name)})`;
}

function groupsOf(pipelines: PlatformSettings["pipelines"]): string[] {
  return pipelines.map(({ group }) => group);
}

function isInGroups(groups: readonly string[]): string {
  return `request.userInfo.?groups.orValue([]).exists(group, group in ${literal(groups)})`;
}

function not(name: string, expression: string): NamedExpression {
  return { name, expression: `!(${expression})` };
}
