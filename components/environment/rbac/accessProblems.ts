import { type AccessArgs, type DeployerKindArgs } from "./accessArgs";
import { type AccessWishes, defaultPreset, subjectOf } from "./accessGrants";
import { clusterRoleProblems, type PlatformWishes } from "./boundClusterRoles";
import { imageRegistryProblems, type RegistryWish } from "../imageRegistries";
import { problem, problemIf, problemUnless, type Problem } from "../../core/problems";
import { deployerKindProblems } from "../../core/rules";

/** The arguments that say who is let into the environment, and who pulls its images. */
export interface AccessArguments extends AccessWishes, PlatformWishes {
  readonly deployerKinds?: readonly DeployerKindArgs[];
  readonly imageRegistries?: readonly RegistryWish[];
}

/** Everything wrong with these arguments. */
export function accessProblems(args: AccessArguments): Problem[] {
  return [
    ...developerGroupProblems(args),
    ...(args.access ?? []).flatMap((entry, index, entries) => entryProblems(entry, index, entries)),
    ...clusterRoleProblems(args),
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

function entryProblems(
  entry: AccessArgs,
  index: number,
  entries: readonly AccessArgs[],
): Problem[] {
  const property = `access[${index}]`;
  if ((entry.group === undefined) === (entry.user === undefined)) {
    const fault = entry.group === undefined ? "names nobody" : "names a group and a user";
    return [problem(property, fault, "Give either `group` or `user`.")];
  }
  const { kind, name } = subjectOf(entry);
  const role = kind === "Group" ? "group" : "user";
  const problems = nameProblems(`${property}.${role}`, role, name);
  return problems.length > 0 ? problems : repetitionProblems(`${property}.${role}`, index, entries);
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
  const { kind, name } = subjectOf(entries[index] ?? {});
  const first = entries.findIndex((other) => {
    const subject = subjectOf(other);
    return subject.kind === kind && subject.name === name;
  });
  const fault = `repeats access[${first}]${presetChange(entries[first], entries[index])}`;
  const remedy = "Keep one entry, with the preset and `readSecrets` that are meant.";
  return problemUnless(first === index, property, fault, remedy, name);
}

function presetChange(first: AccessArgs = {}, second: AccessArgs = {}): string {
  const [before, after] = [first.preset ?? defaultPreset, second.preset ?? defaultPreset];
  return before === after ? "" : `, with the preset ${after} instead of ${before}`;
}
