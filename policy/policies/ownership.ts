import {
  annotations,
  type EnvironmentKind,
  isInstant,
  isMissing,
  isProject,
  labels,
  namespaceName,
  problem,
  problemUnless,
  recordOf,
  slugOfStack,
  textOf,
  uniqueSuffixLength,
  unreadable,
} from "secure-environment/core";
import { isFlowSchema } from "./flowSchemas";
import { type StackPolicy, type StackViolation, type Violation, violationsBy } from "../policy";
import { type SettingsSchema } from "../settings";
import { type JudgedNamespace, type JudgedStack } from "../judgedStack";
import { type KubernetesObject } from "../kubernetesObject";

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
    ...stack.namespaces.slice(1).map(furtherViolation),
    ...stack.objects
      .filter(isFlowSchema)
      .filter(({ name }) => !stack.namespaces.some(({ object }) => object.name === name))
      .map(foreignViolation),
  ],
};

function furtherViolation({ object }: JudgedNamespace): StackViolation {
  const fault = "is not the only namespace of its stack";
  const remedy = "Make each environment in a stack of its own.";
  return { resource: object.resource, ...problem("", fault, remedy) };
}

function foreignViolation({ resource }: KubernetesObject): StackViolation {
  const fault = "is not the name of a namespace that the stack makes";
  const remedy = "Name the FlowSchema after the namespace.";
  return { resource, ...problem("metadata.name", fault, remedy) };
}

function nameViolations(
  { object }: JudgedNamespace,
  stack: JudgedStack,
  settings: ProfileSettings,
): StackViolation[] {
  const { resource, name } = object;
  if (settings.profile === "review" && slugOfStack(stack.name) === undefined) {
    const fault =
      "belongs to a stack that is none of a review environment, as its name has no `review-`";
    const remedy = "Name the stack as `npx review name BRANCH` does.";
    return [{ resource, ...problem("", fault, remedy) }];
  }
  const fault = nameFault(object, stack);
  const remedy = `Use ${namespaceName(stack.name)}, or the same with the project of the label ${labels.project} in between.`;
  return fault === undefined || (name === unreadable && hasSuffix(object, stack))
    ? []
    : [{ resource, ...problem("metadata.name", fault, remedy) }];
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
  const isUnknown = (key: string) =>
    found[key] === unreadable || object.metadata["labels"] === unreadable;
  const unknownFault = "is not known before the update, so nobody can tell whose the namespace is";
  const remedy = "Set it, or use the component SecureEnvironment, which does.";
  const wrong = expected.filter(({ isRight }) => !isRight);
  return violationsBy(
    object.resource,
    wrong.map(({ key, what }) => {
      const fault = isUnknown(key) ? unknownFault : `is not ${what}`;
      return problem(`metadata.labels["${key}"]`, fault, remedy);
    }),
  );
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
      const violationsOf =
        settings.profile === "permanent" ? permanentViolations : reviewViolations;
      return violationsBy(object.resource, violationsOf(expiry));
    }),
};

const expiryProperty = `metadata.annotations["${annotations.expiresAt}"]`;

function permanentViolations(expiry: unknown): Violation[] {
  const fault = "is there, but an environment that stays never expires";
  return problemUnless(isMissing(expiry), expiryProperty, fault, "Leave it out.");
}

/** An instant that the program computes is not known yet, and no wall. */
function reviewViolations(expiry: unknown): Violation[] {
  const isGiven = expiry === unreadable || isInstant(textOf(expiry) ?? "");
  const fault = isMissing(expiry) ? "is missing" : "is no instant in UTC";
  const remedy = "Write it as RFC 3339 in UTC to the second, such as 2027-01-31T18:00:00Z.";
  return problemUnless(isGiven, expiryProperty, fault, remedy);
}
