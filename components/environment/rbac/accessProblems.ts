import { type AccessArgs, type DeployerKindArgs } from "./accessArgs";
import { type AccessWishes, defaultPreset, subjectOf } from "./accessGrants";
import { imageRegistryProblems, type RegistryWish } from "../imageRegistries";
import { guestAccountFault, guestAccountKey, lendingFault } from "../../core/rbac/guestAccounts";
import { type ProtectedNamespaces } from "../../core/protectedNamespaces";
import { problem, problemIf, problemUnless, type Problem } from "../../core/problems";
import { deployerKindProblems } from "../../core/rules";

/** The arguments that say who is let into the environment, and who pulls its images. */
export interface AccessArguments extends AccessWishes {
  readonly platform?: boolean;
  readonly deployerKinds?: readonly DeployerKindArgs[];
  readonly imageRegistries?: readonly RegistryWish[];
  readonly protected?: ProtectedNamespaces;
}

/** Everything wrong with these arguments. */
export function accessProblems(args: AccessArguments): Problem[] {
  return [
    ...developerGroupProblems(args),
    ...(args.access ?? []).flatMap((entry, index) => entryProblems(entry, index, args)),
    ...deployerKindProblems(args.deployerKinds),
    ...imageRegistryProblems(args.imageRegistries ?? []),
  ];
}

function developerGroupProblems({ developerGroup, access }: AccessWishes): Problem[] {
  if (developerGroup === undefined) {
    return [];
  }
  const problems = nameProblems("developerGroup", "group", developerGroup);
  return access === undefined
    ? problems
    : [
        ...problems,
        problem(
          "developerGroup",
          "is given beside `access`, which says the same in full",
          "Leave out one of the two.",
          developerGroup,
        ),
      ];
}

/** Who an entry may name. */
const roles = ["group", "user", "serviceAccount"] as const;
type Role = (typeof roles)[number];

const words: Readonly<Record<Role, string>> = {
  group: "a group",
  user: "a user",
  serviceAccount: "a service account",
};

function entryProblems(entry: AccessArgs, index: number, args: AccessArguments): Problem[] {
  const property = `access[${index}]`;
  const [role, ...others] = roles.filter((field) => entry[field] !== undefined);
  if (role === undefined || others.length > 0) {
    const named = [role, ...others].flatMap((other) => (other === undefined ? [] : words[other]));
    const fault = named.length === 0 ? "names nobody" : `names ${named.join(" and ")}`;
    return [problem(property, fault, "Give one of `group`, `user` and `serviceAccount`.")];
  }
  const problems = [
    ...subjectProblems(`${property}.${role}`, role, entry, args),
    ...levelProblems(property, role, entry),
  ];
  return problems.length > 0
    ? problems
    : repetitionProblems(`${property}.${role}`, index, args.access ?? []);
}

function subjectProblems(
  property: string,
  role: Role,
  entry: AccessArgs,
  args: AccessArguments,
): Problem[] {
  return role === "serviceAccount"
    ? accountProblems(property, entry.serviceAccount, args)
    : nameProblems(property, role, entry[role] ?? "");
}

/** Which service accounts of protected namespaces may come in, a platform says. */
function accountProblems(
  property: string,
  account: AccessArgs["serviceAccount"],
  args: AccessArguments,
): Problem[] {
  if (account === undefined) {
    return [];
  }
  const remedy =
    "Name the account of a controller in a namespace of its own, such as argocd-application-controller of argocd.";
  const fault = guestAccountFault(account);
  if (fault !== undefined) {
    return [problem(property, fault, remedy, guestAccountKey(account))];
  }
  const lending =
    args.platform === true
      ? undefined
      : lendingFault(account.namespace, args.protected?.namespaces);
  return problemUnless(
    lending === undefined,
    `${property}.namespace`,
    `${lending}, and only a platform may list its accounts`,
    remedy,
    account.namespace,
  );
}

/** The deployer's rights hold secrets, for accounts that deploy; people have them by `readSecrets`. */
function levelProblems(property: string, role: Role, entry: AccessArgs): Problem[] {
  const isAccount = role === "serviceAccount";
  return [
    ...problemIf(
      entry.preset === "deploy" && !isAccount,
      `${property}.preset`,
      "is for service accounts only, as it writes secrets",
      "Use develop or debug, with `readSecrets` if they are to read secrets.",
      entry.preset,
    ),
    ...problemIf(
      entry.readSecrets === true && isAccount,
      `${property}.readSecrets`,
      "is for groups and users only",
      "Leave it out; a service account that deploys has the preset deploy, which reads secrets.",
      entry.readSecrets,
    ),
  ];
}

function nameProblems(property: string, role: "group" | "user", name: string): Problem[] {
  const example = role === "group" ? "dev-users" : "jane.doe@example.com";
  const remedy = `Name a ${role} of your identity provider, such as ${example}.`;
  if (name.trim() === "") {
    return [problem(property, "is empty", remedy, name)];
  }
  if (name.trim() !== name) {
    const fault = "begins or ends with a space, so it fits nobody";
    return [problem(property, fault, remedy, name)];
  }
  const fault = `is a ${role} of the cluster itself`;
  return problemIf(name.startsWith("system:"), property, fault, remedy, name);
}

function repetitionProblems(
  property: string,
  index: number,
  entries: readonly AccessArgs[],
): Problem[] {
  const name = subjectName(entries[index] ?? {});
  const { kind } = subjectOf(entries[index] ?? {});
  const first = entries.findIndex(
    (other) => subjectOf(other).kind === kind && subjectName(other) === name,
  );
  const fault = `repeats access[${first}]${presetChange(entries[first], entries[index])}`;
  const remedy = "Keep one entry, with the preset and `readSecrets` that are meant.";
  return problemUnless(first === index, property, fault, remedy, name);
}

function subjectName(entry: AccessArgs): string {
  const subject = subjectOf(entry);
  return subject.kind === "ServiceAccount" ? guestAccountKey(subject) : subject.name;
}

function presetChange(first: AccessArgs = {}, second: AccessArgs = {}): string {
  const [before, after] = [first.preset ?? defaultPreset, second.preset ?? defaultPreset];
  return before === after ? "" : `, with the preset ${after} instead of ${before}`;
}
