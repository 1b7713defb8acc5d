import {
  annotations,
  type EnvironmentKind,
  isInstant,
  isMissing,
  isProject,
  labels,
  namespaceName,
  recordOf,
  slugOfStack,
  textOf,
  uniqueSuffixLength,
  unreadable,
} from "secure-environment/core";
import { isFlowSchema } from "./flowSchemas";
import { type StackViolation, type StackPolicy } from "../policy";
import { type SettingsSchema } from "../settings";
import { type JudgedNamespace, type JudgedStack } from "../judgedStack";

interface ProfileSettings {
  readonly profile: EnvironmentKind;
}

const profile: SettingsSchema<ProfileSettings>["profile"] = {
  type: "string",
  enum: ["review", "permanent"],
  description: "What the stack is: a review environment, or one that stays.",
  default: "review",
};

/** One stack is one environment, and says which. */
export const stackOwnsOnlyItsEnvironment: StackPolicy<ProfileSettings> = {
  name: "stack-owns-only-its-environment",
  description:
    "A stack makes one namespace at most, with the name that its own name gives and labels that say whose it is, and a FlowSchema for no other.",
  threat:
    "A stack takes the name of another environment, or makes one that nobody finds and removes.",
  remediation:
    "Make the namespace with the component SecureEnvironment, one in each stack, and name stacks of branches as `npx review name BRANCH` does.",
  severity: "high",
  url: "https://www.pulumi.com/docs/iac/concepts/stacks/",
  example: {
    bad: 'new k8s.core.v1.Namespace("x", { metadata: { name: "shop" } })',
    good: 'new SecureEnvironment("x")',
  },
  settings: { profile },
  judgeStack: (stack, settings) => [
    ...stack.namespaces.flatMap((namespace) => [
      ...nameViolations(namespace, stack, settings),
      ...labelViolations(namespace, stack, settings),
    ]),
    ...stack.namespaces.slice(1).map(({ object }) => ({
      resource: object.resource,
      fault: "is not the only namespace of its stack",
      remedy: "Make each environment in a stack of its own.",
    })),
    ...stack.objects
      .filter(isFlowSchema)
      .filter(({ name }) => !stack.namespaces.some(({ object }) => object.name === name))
      .map(({ resource }) => ({
        resource,
        property: "metadata.name",
        fault: "is not the name of a namespace that the stack makes",
        remedy: "Name the FlowSchema after the namespace.",
      })),
  ],
};

function nameViolations(
  { object }: JudgedNamespace,
  stack: JudgedStack,
  settings: ProfileSettings,
): StackViolation[] {
  const { resource, name } = object;
  if (settings.profile === "review" && slugOfStack(stack.name) === undefined) {
    return [
      {
        resource,
        fault:
          "belongs to a stack that is none of a review environment, as its name has no `review-`",
        remedy: "Name the stack as `npx review name BRANCH` does.",
      },
    ];
  }
  const fault = nameFault(object, stack);
  const remedy = `Use ${namespaceName(stack.name)}, or the same with the project of the label ${labels.project} in between.`;
  return fault === undefined || (name === unreadable && hasSuffix(object, stack))
    ? []
    : [{ resource, property: "metadata.name", fault, remedy }];
}

function nameFault({ name, metadata }: JudgedNamespace["object"], stack: JudgedStack) {
  if (name === unreadable) {
    return "is not known before the update, and depends on no random suffix";
  }
  if (name === undefined) {
    return "is left out, so the provider makes one up";
  }
  const project = recordOf(metadata["labels"])[labels.project];
  return plainNames(stack, project).some((plain) => isWithSuffix(name, plain))
    ? undefined
    : "is not the one that the stack's name gives";
}

/** Without `project`, the label has the project of Pulumi. */
function plainNames({ name, project }: JudgedStack, label: unknown): string[] {
  return [
    ...(label === project ? [namespaceName(name)] : []),
    ...(typeof label === "string" && isProject(label) ? [namespaceName(name, label)] : []),
  ];
}

function isWithSuffix(name: string, plain: string): boolean {
  const suffix = new RegExp(`^(-[a-z0-9]{${uniqueSuffixLength}})?$`);
  return name.startsWith(plain) && suffix.test(name.slice(plain.length));
}

/** Whether the name waits for a random text, as it does with `uniqueSuffix`. */
function hasSuffix({ resource }: JudgedNamespace["object"], { resources }: JudgedStack): boolean {
  return resources.some(
    ({ type, urn }) => type.startsWith("random:") && resource.dependencies.includes(urn),
  );
}

function labelViolations(
  { object }: JudgedNamespace,
  stack: JudgedStack,
  settings: ProfileSettings,
): StackViolation[] {
  const found = recordOf(object.metadata["labels"]);
  const isProjectLabel = (value: unknown) =>
    value === stack.project || (typeof value === "string" && isProject(value));
  const expected = [
    { key: labels.kind, isRight: found[labels.kind] === settings.profile, what: settings.profile },
    { key: labels.stack, isRight: found[labels.stack] === stack.name, what: stack.name },
    { key: labels.project, isRight: isProjectLabel(found[labels.project]), what: stack.project },
  ];
  return expected
    .filter(({ isRight }) => !isRight)
    .map(({ key, what }) => ({
      resource: object.resource,
      property: `metadata.labels["${key}"]`,
      fault:
        found[key] === unreadable || object.metadata["labels"] === unreadable
          ? "is not known before the update, so nobody can tell whose the namespace is"
          : `is not ${what}`,
      remedy: "Set it, or use the component SecureEnvironment, which does.",
    }));
}

/** What is not removed in time costs as if it were needed. */
export const environmentExpires: StackPolicy<ProfileSettings> = {
  name: "environment-expires",
  description:
    "A review environment says when it may be removed; one that stays says no such thing.",
  threat: "Environments of branches that nobody remembers pile up until the cluster is full.",
  remediation: "Give `expiresAt`, an instant in UTC.",
  severity: "low",
  url: "https://codeberg.org/hjacobs/kube-janitor#usage",
  isAdvisory: true,
  example: {
    bad: 'new SecureEnvironment("x")',
    good: 'new SecureEnvironment("x", { expiresAt: "2027-01-31T18:00:00Z" })',
  },
  settings: { profile },
  judgeStack: ({ namespaces }, settings) =>
    namespaces.flatMap(({ object }) => {
      const found = object.metadata["annotations"];
      if (found === unreadable) {
        return [];
      }
      const expiry = recordOf(found)[annotations.expiresAt];
      const fault = settings.profile === "permanent" ? permanentFault(expiry) : reviewFault(expiry);
      return fault === undefined
        ? []
        : [
            {
              resource: object.resource,
              property: `metadata.annotations["${annotations.expiresAt}"]`,
              ...fault,
            },
          ];
    }),
};

function permanentFault(expiry: unknown): Pick<StackViolation, "fault" | "remedy"> | undefined {
  return isMissing(expiry)
    ? undefined
    : {
        fault: "is there, but an environment that stays never expires",
        remedy: "Leave it out.",
      };
}

/** An instant that the program computes is not known yet, and no wall. */
function reviewFault(expiry: unknown): Pick<StackViolation, "fault" | "remedy"> | undefined {
  const isGiven = expiry === unreadable || isInstant(textOf(expiry) ?? "");
  return isGiven
    ? undefined
    : {
        fault: isMissing(expiry) ? "is missing" : "is no instant in UTC",
        remedy: "Write it as RFC 3339 in UTC to the second, such as 2027-01-31T18:00:00Z.",
      };
}
