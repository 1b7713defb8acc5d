import { isLabelValue } from "../core/metadata";
import { isLabel, maximumLabelLength } from "../core/dnsNames";
import * as names from "../core/names";
import { problem, problemIf, problemUnless, type Problem } from "../core/problems";

/** The arguments that say where an environment is. */
export interface StackArguments {
  readonly branch?: string;
  readonly project?: string;
  readonly permanent?: boolean;
  readonly uniqueSuffix?: boolean;
  readonly reservedNames?: readonly string[];
  readonly expiresAt?: unknown;
}

/** Where the environment is made: the Pulumi project and stack. */
export interface Origin {
  readonly pulumiProject: string;
  readonly stack: string;
}

/** Longest branch, in characters: a file's path of its length holds it. */
const maximumBranchLength = 1000;

/** Everything wrong with the stack, and with what its name is made of. */
export function stackProblems(args: StackArguments, origin: Origin): Problem[] {
  return [
    ...projectProblems(args.project),
    ...branchTextProblems(args.branch),
    ...(args.permanent === true
      ? permanentStackProblems(args, origin.stack)
      : reviewStackProblems(args, origin.stack)),
    ...lengthProblems(args, origin.stack),
    ...labelProblems(args, origin),
  ];
}

function projectProblems(project: string | undefined): Problem[] {
  const isValid = project === undefined || names.isProject(project);
  const remedy = `Use at most ${names.maximumProjectLength} characters of a-z and 0-9, such as shop. A hyphen would make it ambiguous where the project ends.`;
  return problemUnless(isValid, "project", "cannot be part of a namespace", remedy, project);
}

function reviewStackProblems(args: StackArguments, stack: string): Problem[] {
  const slug = names.slugOfStack(stack);
  if (slug === undefined) {
    const branch = args.branch ?? stack;
    const remedy =
      reservedNameFor(args, branch) === undefined
        ? `Use the stack ${reviewStackFor(branch)}, or set permanent: true for an environment that stays.`
        : "Set permanent: true for an environment that stays; the name is reserved, so no review environment has it.";
    return [problem("stack", "is not the name of a review environment", remedy, stack)];
  }
  return [
    ...slugProblems(stack, slug),
    ...branchProblems(args, stack),
    ...reservedProblems(args, slug),
  ];
}

function slugProblems(stack: string, slug: string): Problem[] {
  const remedy = `Use the stack ${reviewStackFor(slug)}, which \`npx review name BRANCH\` prints.`;
  return problemUnless(isLabel(slug), "stack", "cannot be the name of a namespace", remedy, stack);
}

function branchTextProblems(branch: string | undefined): Problem[] {
  const remedy = "Give the branch's full name, or leave `branch` out.";
  if (branch !== undefined && branch.length > maximumBranchLength) {
    const fault = `has ${branch.length} characters, more than any branch`;
    return [problem("branch", fault, remedy)];
  }
  const isValid = branch === undefined || branch.trim() !== "";
  return problemUnless(isValid, "branch", "is empty", remedy, branch);
}

function branchProblems(args: StackArguments, stack: string): Problem[] {
  if (args.branch === undefined || args.branch.trim() === "") {
    return [];
  }
  const expected = names.stackName(args.branch);
  const fault = `belongs to the stack ${expected}, but this is the stack ${stack}`;
  const remedy = `Select the stack ${expected}, or leave \`branch\` out.`;
  return problemUnless(expected === stack, "branch", fault, remedy, args.branch);
}

function reservedProblems(args: StackArguments, slug: string): Problem[] {
  const name = reservedNameFor(args, args.branch ?? slug);
  return problemUnless(
    name === undefined,
    args.branch === undefined ? "stack" : "branch",
    `is reserved (${name})`,
    "Use another branch: reserved names belong to environments that must not be touched.",
    args.branch ?? names.reviewPrefix + slug,
  );
}

function reservedNameFor(args: StackArguments, branchOrSlug: string): string | undefined {
  const reserved = [...names.reservedNames, ...(args.reservedNames ?? [])];
  return names.reservedNameOf(branchOrSlug, reserved);
}

function permanentStackProblems(args: StackArguments, stack: string): Problem[] {
  return [...permanentNameProblems(args, stack), ...permanentExpiryProblems(args)];
}

function permanentNameProblems(args: StackArguments, stack: string): Problem[] {
  const namespace = names.namespaceName(stack, args.project);
  const owned =
    names.reservedNameOf(stack, names.clusterOwnedNames) ??
    names.reservedNameOf(namespace, names.clusterOwnedNames);
  const fault =
    owned === undefined
      ? "cannot be the name of a namespace"
      : `makes the namespace ${namespace}, which belongs to the cluster (${owned})`;
  const remedy = "Use a stack named with a-z, 0-9 and hyphens inside, such as staging.";
  return problemUnless(isLabel(stack) && owned === undefined, "stack", fault, remedy, stack);
}

function permanentExpiryProblems({ expiresAt }: StackArguments): Problem[] {
  const fault = "is set, but a permanent environment never expires";
  const remedy = "Leave out `expiresAt` or `permanent`.";
  return problemIf(expiresAt !== undefined, "expiresAt", fault, remedy);
}

function lengthProblems(args: StackArguments, stack: string): Problem[] {
  const suffixLength = args.uniqueSuffix === true ? names.uniqueSuffixLength + 1 : 0;
  const namespace = names.namespaceName(stack, args.project);
  const excess = namespace.length + suffixLength - maximumLabelLength;
  const fault = `makes the namespace ${excess} ${excess === 1 ? "character" : "characters"} longer than ${maximumLabelLength}`;
  const remedy = `Use a stack of at most ${stack.length - excess} characters; \`npx review name BRANCH\` prints one that fits.`;
  return problemUnless(excess <= 0, "stack", fault, remedy, stack);
}

function labelProblems(args: StackArguments, origin: Origin): Problem[] {
  const isValid = args.project !== undefined || isLabelValue(origin.pulumiProject);
  const fault = "of Pulumi.yaml cannot be the value of a label";
  const remedy =
    "Set `project`, or name the Pulumi project with at most 63 of a-z, 0-9, -, _ and .";
  return problemUnless(isValid, "project", fault, remedy, origin.pulumiProject);
}

function reviewStackFor(text: string): string {
  return text.trim() === "" ? `${names.reviewPrefix}<slug>` : names.stackName(text);
}
