import {
  guestAccountFault,
  guestAccountOf,
  isClusterOwned,
  isMissing,
  objectNames,
  platformClusterRoles,
  platformRoleNames,
  problem,
  problemIf,
  problemUnless,
  textOf,
  unreadable,
} from "secure-environment/core";
import {
  distinct,
  elementsOf,
  type Field,
  fieldBelow,
  isNothing,
  unknownViolation,
} from "../fields";
import { type Violation, type ResourcePolicy } from "../policy";
import { isOfKind } from "../kinds";
import { type KubernetesObject, kubernetesObject } from "../kubernetesObject";
import { verifierViolations } from "../verifier";

interface BindingSettings {
  readonly allowSecretReaders: boolean;
  readonly serviceAccounts: readonly string[];
}

/**
 * Whom the bound role is for: those that read secrets are for a pipeline or for people, and that of
 * the platform's verifier is for this alone.
 */
type Holder = "deployer" | "secretReader" | "verifier" | "anybody";

/**
 * Rights go to named people and to service accounts of the same namespace. Judged by itself, before
 * the binding is made: the names of roles that read secrets are contracts.
 */
export const bindingsAreNarrow: ResourcePolicy<BindingSettings> = {
  name: "bindings-are-narrow",
  description:
    "Every binding gives a role of the environment to people by name, to service accounts of its own namespace, or to those of others that are listed; the platform's verifier has the one that is made for it.",
  threat: "Pods of other namespaces, or everybody with an account, act in the environment.",
  remediation:
    "Bind a Role of the namespace, or a ClusterRole of the platform, to a group of the identity provider.",
  severity: "critical",
  url: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege",
  example: {
    bad: 'roleRef: { kind: "ClusterRole", name: "edit" }, subjects: [{ kind: "Group", name: "system:authenticated" }]',
    good: 'roleRef: { kind: "Role", name: "developer" }, subjects: [{ kind: "Group", name: "dev-users" }]',
  },
  settings: {
    allowSecretReaders: {
      type: "boolean",
      description:
        "Whether people may be given the role that reads secrets, as with `readSecrets` of an environment. Whoever may run pods can have them show these secrets in any case.",
      default: true,
    },
    serviceAccounts: {
      type: "array",
      items: { type: "string", minLength: 1 },
      description:
        "Service accounts of other namespaces that may be let in, each as `namespace/name`, as in the platform's `serviceAccounts`: Argo CD's or Flux' deploys with its own.",
      default: [],
    },
  },
  judge: (resource, settings) => {
    const object = kubernetesObject(resource);
    return object === undefined ||
      !isOfKind(object, { "rbac.authorization.k8s.io": ["RoleBinding", "ClusterRoleBinding"] })
      ? []
      : distinct(bindingViolations(object, settings));
  },
};

function bindingViolations(object: KubernetesObject, settings: BindingSettings): Violation[] {
  const root: Field = { property: "", value: object.properties };
  const roleRef = fieldBelow(root, "roleRef");
  const holder = holderOf(roleRef);
  const isUntouched = object.isPatch && isMissing(roleRef.value);
  const isVerifiers = holder === "verifier";
  return [
    ...wideViolations(object),
    ...(isUntouched || isVerifiers ? [] : roleViolations(roleRef)),
    ...(holder === "secretReader" && !settings.allowSecretReaders ? readerViolations(roleRef) : []),
    ...elementsOf(fieldBelow(root, "subjects")).flatMap((subject) =>
      isVerifiers
        ? verifierViolations(subject)
        : subjectViolations(subject, object, holder, settings),
    ),
  ];
}

function wideViolations({ kind }: KubernetesObject): Violation[] {
  const fault = "gives its rights in every namespace of the cluster";
  const remedy = "Use a RoleBinding.";
  return problemIf(kind === "ClusterRoleBinding", "", fault, remedy);
}

function roleViolations(roleRef: Field): Violation[] {
  const kind = fieldBelow(roleRef, "kind");
  const name = fieldBelow(roleRef, "name");
  const unknown = [kind, name].filter(({ value }) => value === unreadable);
  if (unknown.length > 0) {
    return unknown.map(({ property }) => unknownViolation(property));
  }
  if (kind.value === "Role") {
    return [];
  }
  if (kind.value !== "ClusterRole") {
    return [problem(kind.property, "is neither Role nor ClusterRole", "Use Role.")];
  }
  return clusterRoleViolations(name);
}

/** The cluster's own are told apart, as an operator may widen them at any time. */
function clusterRoleViolations({ property, value }: Field): Violation[] {
  const name = textOf(value) ?? "";
  const allowed = Object.values(platformClusterRoles);
  if (isClusterOwned(name)) {
    const fault = "is a ClusterRole of the cluster itself, wider than the walls of an environment";
    const remedy = "Bind a Role of the namespace that lists what is needed.";
    return [problem(property, fault, remedy)];
  }
  const fault = "is no ClusterRole of the platform for environments";
  const remedy = `Use ${allowed.join(", ")}, or a Role of the namespace.`;
  return problemUnless(allowed.includes(name), property, fault, remedy);
}

function holderOf(roleRef: Field): Holder {
  const name = fieldBelow(roleRef, "name").value;
  const isClusterRole = fieldBelow(roleRef, "kind").value === "ClusterRole";
  if (isClusterRole && name === platformRoleNames.verifier) {
    return "verifier";
  }
  const names = isClusterRole ? platformClusterRoles : objectNames;
  return (["deployer", "secretReader"] as const).find((role) => names[role] === name) ?? "anybody";
}

function readerViolations(roleRef: Field): Violation[] {
  const fault = "lets people read every secret of the environment";
  const remedy =
    "Leave the binding out (`readSecrets` of an environment), or set `allowSecretReaders` in the pack's configuration.";
  return [problem(fieldBelow(roleRef, "name").property, fault, remedy)];
}

function subjectViolations(
  subject: Field,
  object: KubernetesObject,
  holder: Holder,
  settings: BindingSettings,
): Violation[] {
  const kind = fieldBelow(subject, "kind");
  if (kind.value === unreadable) {
    return [unknownViolation(kind.property)];
  }
  switch (kind.value) {
    case "ServiceAccount":
      return accountViolations(subject, object, holder, settings);
    case "Group":
    case "User":
      return personViolations(subject, holder);
    default: {
      const fault = "is neither Group, User nor ServiceAccount";
      return [problem(kind.property, fault, "Name a group of the identity provider.")];
    }
  }
}

function personViolations(subject: Field, holder: Holder): Violation[] {
  const { property, value } = fieldBelow(subject, "name");
  if (value === unreadable) {
    return [unknownViolation(property)];
  }
  const name = textOf(value) ?? "";
  if (name === "" || name.startsWith("system:")) {
    const fault = systemSubjectFault(name);
    const remedy = "Name a group or a user of the identity provider, or a ServiceAccount as such.";
    return [problem(property, fault, remedy)];
  }
  const fault = "is somebody else than a service account, and the deployer's role reads secrets";
  const remedy = "Bind the role developer, or debugger.";
  return problemIf(holder === "deployer", subject.property, fault, remedy);
}

const systemSubjects: readonly { readonly names: RegExp; readonly fault: string }[] = [
  {
    names: /^system:authenticated$/,
    fault: "is system:authenticated: everybody who has an account, every pod included",
  },
  {
    names: /^system:(unauthenticated|anonymous)$/,
    fault: "stands for everybody, without any account",
  },
  { names: /^system:masters$/, fault: "is system:masters, whom no rule holds" },
  { names: /^system:serviceaccounts$/, fault: "stands for every pod of the cluster" },
  { names: /^system:serviceaccounts:/, fault: "stands for every pod of a namespace" },
  { names: /^system:serviceaccount:/, fault: "hides a service account behind a user" },
  { names: /^system:/, fault: "belongs to the cluster itself" },
];

function systemSubjectFault(name: string): string {
  return systemSubjects.find(({ names }) => names.test(name))?.fault ?? "names nobody";
}

function accountViolations(
  subject: Field,
  object: KubernetesObject,
  holder: Holder,
  settings: BindingSettings,
): Violation[] {
  return [
    ...(isListed(subject, settings)
      ? []
      : namespaceViolations(fieldBelow(subject, "namespace"), object)),
    ...defaultViolations(fieldBelow(subject, "name")),
    ...(holder === "secretReader" ? [readerAccountViolation(subject)] : []),
  ];
}

function defaultViolations({ property, value }: Field): Violation[] {
  const fault = "is default, the account of every pod that names none";
  const remedy = "Bind an account that is made for it.";
  return problemIf(value === "default", property, fault, remedy);
}

function readerAccountViolation({ property }: Field): Violation {
  const fault = "is a service account, and the role reads every secret";
  return problem(property, fault, "Mount the secrets that the pod needs.");
}

/** Accounts of environments, of pipelines and of every pod are never let in, listed or not. */
function isListed(subject: Field, { serviceAccounts }: BindingSettings): boolean {
  const account = ["namespace", "name"].map((field) => textOf(fieldBelow(subject, field).value));
  const key = account.join("/");
  return serviceAccounts.includes(key) && guestAccountFault(guestAccountOf(key)) === undefined;
}

/**
 * An account is in the binding's own namespace unless it says otherwise. Where neither namespace is
 * known yet they are compared once more before the binding is made.
 */
function namespaceViolations(
  { property, value }: Field,
  { namespace }: KubernetesObject,
): Violation[] {
  if (isNothing(value) || value === namespace) {
    return [];
  }
  const fault = "is another namespace than the binding's, so pods of others get its rights";
  const remedy =
    "Bind a service account of the same namespace, or list it in the setting `serviceAccounts`.";
  return value === unreadable ? [unknownViolation(property)] : [problem(property, fault, remedy)];
}
