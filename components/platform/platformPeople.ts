import { reviewPrefix } from "../core/names";
import { problem, problemIf, type Problem } from "../core/problems";
import { type ReviewPlatformArgs } from "./platformArgs";
import { guestAccountFault, guestAccountOf } from "../core/rbac/guestAccounts";
import { pipelineNamespace } from "../core/platformNames";
import { type PlatformSettings } from "./platformSettings";

/** Everything wrong with who is who: what one group may do must not be what another may. */
export function peopleProblems(
  args: Pick<ReviewPlatformArgs, "developers" | "serviceAccounts">,
  settings: PlatformSettings,
): Problem[] {
  return [
    ...developerProblems(args),
    ...accountProblems(args),
    ...administratorProblems(settings),
    ...overlapProblems(settings),
  ];
}

/** What is wrong with a group of the identity provider. */
export function groupProblems(property: string, group: string): Problem[] {
  return nameProblems(property, "group", group);
}

function developerProblems({ developers }: Pick<ReviewPlatformArgs, "developers">): Problem[] {
  return [
    ...(developers?.groups ?? []).flatMap((name, index) =>
      groupProblems(`developers.groups[${index}]`, name),
    ),
    ...(developers?.users ?? []).flatMap((name, index) =>
      nameProblems(`developers.users[${index}]`, "user", name),
    ),
  ];
}

function accountProblems({
  serviceAccounts = [],
}: Pick<ReviewPlatformArgs, "serviceAccounts">): Problem[] {
  return serviceAccounts.flatMap((account, index) => {
    const fault = guestAccountFault(guestAccountOf(account));
    const remedy =
      "Write the namespace and the name of its service account, such as argocd/argocd-application-controller.";
    return fault === undefined
      ? []
      : [problem(`serviceAccounts[${index}]`, fault, remedy, account)];
  });
}

/** Groups and users that stand for everybody, for every pod or for every node. */
const everybody: readonly string[] = [
  "system:anonymous",
  "system:authenticated",
  "system:nodes",
  "system:serviceaccounts",
  "system:unauthenticated",
];

/** Service accounts that people of an environment act by, and those of pipelines. */
const accountsOfOthers = new RegExp(
  `^system:serviceaccounts?:(${reviewPrefix}|${pipelineNamespace("")})`,
);

/** Administrators may be the cluster's own, such as `system:masters`. */
function administratorProblems({ administrators }: PlatformSettings): Problem[] {
  const { groups, users } = administrators;
  if (groups.length + users.length === 0) {
    const fault = "names nobody, so nobody could change what is protected";
    const remedy = "Name groups or users, or leave it out for system:masters.";
    return [problem("administrators", fault, remedy)];
  }
  return [
    ...groups.flatMap((name) => administratorNameProblems("administrators.groups", "group", name)),
    ...users.flatMap((name) => administratorNameProblems("administrators.users", "user", name)),
  ];
}

function administratorNameProblems(property: string, role: Role, name: string): Problem[] {
  const remedy = remedyFor(role);
  if (!isName(name)) {
    return [notNamed(property, role, name)];
  }
  if (everybody.includes(name)) {
    const fault = "stands for everybody, for every pod or for every node";
    return [problem(property, fault, remedy, name)];
  }
  const fault = "is whom the platform fences";
  return problemIf(accountsOfOthers.test(name), property, fault, remedy, name);
}

/** Schedulers are users of the cluster, service accounts among them. */
export function schedulerProblems({
  schedulers = [],
}: Pick<ReviewPlatformArgs, "schedulers">): Problem[] {
  return schedulers.flatMap((name, index) =>
    administratorNameProblems(`schedulers[${index}]`, "user", name),
  );
}

/**
 * The fence knows pipelines by their groups. A developer or an administrator in such a group would be
 * fenced as well, or the pipeline would not be.
 */
function overlapProblems({ administrators, developers, pipelines }: PlatformSettings): Problem[] {
  const others = [...administrators.groups, ...developers.groups];
  return pipelines
    .filter(({ group }) => others.includes(group))
    .map(({ group }) =>
      problem(
        "projects",
        "is the group of a pipeline, and of developers or administrators as well",
        "Give pipelines groups of their own.",
        group,
      ),
    );
}

type Role = "group" | "user";

function nameProblems(property: string, role: Role, name: string): Problem[] {
  if (!isName(name)) {
    return [notNamed(property, role, name)];
  }
  const fault = `is a ${role} of the cluster itself`;
  return problemIf(name.startsWith("system:"), property, fault, remedyFor(role), name);
}

/** The names stand in policies, whose texts take no control characters and no half of a character. */
function isName(name: string): boolean {
  return name !== "" && name.trim() === name && !/[\p{Cc}\p{Cs}]/u.test(name);
}

function notNamed(property: string, role: Role, name: string): Problem {
  return problem(property, `is not the name of a ${role}`, remedyFor(role), name);
}

function remedyFor(role: Role): string {
  return `Name a ${role} of your identity provider.`;
}
