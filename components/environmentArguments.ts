import { isInstant, isLabelValue, isWebAddress } from "./metadata";
import { type Amounts, capacityProblems, resolveContainerDefaults, resolveQuota } from "./capacity";
import { type EnvironmentKind } from "./labels";
import * as names from "./names";
import { type Problem } from "./problems";

/** The plain part of the arguments: everything that defines a wall. */
export interface PlainArguments {
  readonly branch?: string;
  readonly project?: string;
  readonly permanent?: boolean;
  readonly uniqueSuffix?: boolean;
  readonly reservedNames?: readonly string[];
  readonly developerGroup?: string;
  readonly quota?: Amounts;
  readonly containerDefaults?: { readonly requests?: Amounts; readonly limits?: Amounts };
  readonly owner?: unknown;
  readonly url?: unknown;
  readonly expiresAt?: unknown;
}

/** Where the environment is made: the Pulumi project and stack. */
export interface Origin {
  readonly pulumiProject: string;
  readonly stack: string;
}

/** Kind of an environment. */
export function kindOf(args: PlainArguments): EnvironmentKind {
  return args.permanent === true ? "permanent" : "review";
}

/** The group that may deploy in the environment unless another one is given. */
export const defaultDeveloperGroup = "dev-users";

/** Everything wrong with the arguments of an environment, found before anything is created. */
export function environmentProblems(args: PlainArguments, origin: Origin): Problem[] {
  return [
    ...projectProblems(args.project),
    ...emptyBranchProblems(args.branch),
    ...(args.permanent === true
      ? permanentStackProblems(args, origin.stack)
      : reviewStackProblems(args, origin.stack)),
    ...lengthProblems(args, origin.stack),
    ...labelProblems(args, origin),
    ...groupProblems(args.developerGroup),
    ...descriptionProblems(args),
    ...capacityProblems(resolveQuota(args.quota), resolveContainerDefaults(args.containerDefaults)),
  ];
}

function projectProblems(project: string | undefined): Problem[] {
  const isValid = project === undefined || names.isProject(project);
  return isValid
    ? []
    : [
        {
          property: "project",
          found: project,
          fault: "cannot be part of a namespace",
          remedy: `Use at most ${names.maximumProjectLength} characters of a-z and 0-9, such as shop. A hyphen would make it ambiguous where the project ends.`,
        },
      ];
}

function reviewStackProblems(args: PlainArguments, stack: string): Problem[] {
  const slug = names.slugOfStack(stack);
  if (slug === undefined) {
    const branch = args.branch ?? stack;
    const remedy =
      reservedNameFor(args, branch) === undefined
        ? `Use the stack ${reviewStackFor(branch)}, or set permanent: true for an environment that stays.`
        : "Set permanent: true for an environment that stays; the name is reserved, so no review environment has it.";
    return [
      { property: "stack", found: stack, fault: "is not the name of a review environment", remedy },
    ];
  }
  return [
    ...slugProblems(stack, slug),
    ...branchProblems(args, stack),
    ...reservedProblems(args, slug),
  ];
}

function slugProblems(stack: string, slug: string): Problem[] {
  return names.isLabel(slug)
    ? []
    : [
        {
          property: "stack",
          found: stack,
          fault: "cannot be the name of a namespace",
          remedy: `Use the stack ${reviewStackFor(slug)}, which \`npx review name BRANCH\` prints.`,
        },
      ];
}

function emptyBranchProblems(branch: string | undefined): Problem[] {
  const remedy = "Give the branch's full name, or leave `branch` out.";
  return branch === undefined || branch.trim() !== ""
    ? []
    : [{ property: "branch", found: branch, fault: "is empty", remedy }];
}

function branchProblems(args: PlainArguments, stack: string): Problem[] {
  if (args.branch === undefined || args.branch.trim() === "") {
    return [];
  }
  const expected = names.stackName(args.branch);
  return expected === stack
    ? []
    : [
        {
          property: "branch",
          found: args.branch,
          fault: `belongs to the stack ${expected}, but this is the stack ${stack}`,
          remedy: `Select the stack ${expected}, or leave \`branch\` out.`,
        },
      ];
}

function reservedProblems(args: PlainArguments, slug: string): Problem[] {
  const name = reservedNameFor(args, args.branch ?? slug);
  return name === undefined
    ? []
    : [
        {
          property: args.branch === undefined ? "stack" : "branch",
          found: args.branch ?? names.reviewPrefix + slug,
          fault: `is reserved (${name})`,
          remedy:
            "Use another branch: reserved names belong to environments that must not be touched.",
        },
      ];
}

function reservedNameFor(args: PlainArguments, branchOrSlug: string): string | undefined {
  const reserved = [...names.reservedNames, ...(args.reservedNames ?? [])];
  return names.reservedNameOf(branchOrSlug, reserved);
}

function permanentStackProblems(args: PlainArguments, stack: string): Problem[] {
  const problems: Problem[] = [];
  const namespace = names.namespaceName(stack, args.project);
  const owned =
    names.reservedNameOf(stack, names.clusterOwnedNames) ??
    names.reservedNameOf(namespace, names.clusterOwnedNames);
  if (!names.isLabel(stack) || owned !== undefined) {
    problems.push({
      property: "stack",
      found: stack,
      fault:
        owned === undefined
          ? "cannot be the name of a namespace"
          : `makes the namespace ${namespace}, which belongs to the cluster (${owned})`,
      remedy: "Use a stack named with a-z, 0-9 and hyphens inside, such as staging.",
    });
  }
  if (args.expiresAt !== undefined) {
    problems.push({
      property: "expiresAt",
      fault: "is set, but a permanent environment never expires",
      remedy: "Leave out `expiresAt` or `permanent`.",
    });
  }
  return problems;
}

function lengthProblems(args: PlainArguments, stack: string): Problem[] {
  const suffixLength = args.uniqueSuffix === true ? names.uniqueSuffixLength + 1 : 0;
  const namespace = names.namespaceName(stack, args.project);
  const excess = namespace.length + suffixLength - names.maximumLabelLength;
  return excess <= 0
    ? []
    : [
        {
          property: "stack",
          found: stack,
          fault: `makes the namespace ${excess} ${excess === 1 ? "character" : "characters"} longer than ${names.maximumLabelLength}`,
          remedy: `Use a stack of at most ${stack.length - excess} characters; \`npx review name BRANCH\` prints one that fits.`,
        },
      ];
}

function labelProblems(args: PlainArguments, origin: Origin): Problem[] {
  return args.project !== undefined || isLabelValue(origin.pulumiProject)
    ? []
    : [
        {
          property: "project",
          found: origin.pulumiProject,
          fault: "of Pulumi.yaml cannot be the value of a label",
          remedy:
            "Set `project`, or name the Pulumi project with at most 63 of a-z, 0-9, -, _ and .",
        },
      ];
}

function groupProblems(group: string | undefined): Problem[] {
  if (group === undefined) {
    return [];
  }
  const remedy = "Name a group of your identity provider, such as dev-users.";
  if (group.trim() === "") {
    return [{ property: "developerGroup", found: group, fault: "is empty", remedy }];
  }
  return group.startsWith("system:")
    ? [
        {
          property: "developerGroup",
          found: group,
          fault: "is a group of the cluster itself",
          remedy,
        },
      ]
    : [];
}

function descriptionProblems(args: PlainArguments): Problem[] {
  return [
    ...textProblems("owner", args.owner, isLabelValue, {
      fault: "cannot be the value of a label",
      remedy: "Use at most 63 letters, digits, -, _ and ., such as jane.doe.",
    }),
    ...textProblems("url", args.url, isWebAddress, {
      fault: "is not a web address",
      remedy: "Write it in full and without a password, such as https://shop.example.com/.",
    }),
    ...textProblems("expiresAt", args.expiresAt, isInstant, {
      fault: "is not an instant in UTC",
      remedy: "Write it as RFC 3339 in UTC to the second, such as 2027-01-31T18:00:00Z.",
    }),
  ];
}

/** Judges a value when it is plain; one that is not known yet is judged where it is used. */
function textProblems(
  property: string,
  found: unknown,
  isValid: (text: string) => boolean,
  message: Pick<Problem, "fault" | "remedy">,
): Problem[] {
  return typeof found !== "string" || isValid(found) ? [] : [{ property, found, ...message }];
}

function reviewStackFor(text: string): string {
  return text.trim() === "" ? `${names.reviewPrefix}<slug>` : names.stackName(text);
}
