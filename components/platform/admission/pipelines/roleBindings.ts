import { platformClusterRoles } from "../../../core/rbac/clusterRoles";
import { objectNames } from "../../../core/objectNames";
import { type AdmissionPolicy, type Validation } from "../validatingAdmissionPolicy";
import { literal } from "../cel";
import { sentByPipeline } from "../senders";
import { platformNamespace, platformRoleNames, verifierAccount } from "../../../core/platformNames";
import { type PlatformSettings } from "../../platformSettings";

/** The ClusterRole that each RoleBinding of an environment gives, by the binding's name. */
const roleOfBinding: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    Object.entries(platformClusterRoles).map(([role, clusterRole]) => [
      objectNames[role as keyof typeof platformClusterRoles],
      clusterRole,
    ]),
  ),
  [objectNames.verifier]: platformRoleNames.verifier,
};

/** Bindings give the platform's ClusterRoles to those for whom they are made. */
export function pipelinesBindOnlyPlatformRoles(settings: PlatformSettings): AdmissionPolicy {
  return {
    name: "pipelines-bind-only-platform-roles",
    rules: [
      {
        apiGroups: ["rbac.authorization.k8s.io"],
        resources: ["rolebindings"],
        operations: ["CREATE", "UPDATE"],
      },
    ],
    matchConditions: [sentByPipeline(settings)],
    variables: [
      { name: "roleOfBinding", expression: literal(roleOfBinding) },
      { name: "subjects", expression: "object.?subjects.orValue([])" },
      { name: "accounts", expression: literal(settings.serviceAccounts) },
    ],
    validations: [
      roleValidation,
      accountValidation(
        objectNames.deployer,
        `((subject.name == ${literal(objectNames.deployer)} && subject.?namespace.orValue("") == request.namespace) || ${isListed})`,
        `The binding ${objectNames.deployer} is for the service account ${objectNames.deployer} of its own namespace, and those that an administrator lists in serviceAccounts: ${listed(settings.serviceAccounts)}.`,
      ),
      accountValidation(
        objectNames.verifier,
        `subject.name == ${literal(verifierAccount)} && subject.?namespace.orValue("") == ${literal(platformNamespace)}`,
        `The binding ${objectNames.verifier} is for the service account ${verifierAccount} of ${platformNamespace}.`,
      ),
      peopleValidation(settings),
    ],
  };
}

const roleValidation: Validation = {
  expression:
    'object.roleRef.kind == "ClusterRole" && object.metadata.name in variables.roleOfBinding && ' +
    "variables.roleOfBinding[object.metadata.name] == object.roleRef.name",
  message: `Bindings of an environment are, with the ClusterRole that each gives: ${Object.entries(
    roleOfBinding,
  )
    .map(([binding, role]) => `${binding} (${role})`)
    .join(", ")}.`,
};

function accountValidation(binding: string, condition: string, message: string): Validation {
  return {
    expression: `object.metadata.name != ${literal(binding)} || variables.subjects.all(subject, subject.kind == "ServiceAccount" && ${condition})`,
    message,
  };
}

/** Whether the subject is a service account that the platform lists. */
const isListed = 'subject.?namespace.orValue("") + "/" + subject.name in variables.accounts';

/** Service accounts read secrets with the deployer's rights only, as these are what they deploy with. */
function peopleValidation({ developers, serviceAccounts }: PlatformSettings): Validation {
  const { groups, users } = developers;
  return {
    expression:
      `object.metadata.name in ${literal([objectNames.deployer, objectNames.verifier])} || variables.subjects.all(subject, ` +
      `(subject.kind == "Group" && subject.name in ${literal(groups)}) || (subject.kind == "User" && subject.name in ${literal(users)}) || ` +
      `(subject.kind == "ServiceAccount" && object.metadata.name != ${literal(objectNames.secretReader)} && ${isListed}))`,
    message: `Pipelines let in whom the platform lists as developers: ${listed([...groups, ...users])}; and service accounts, but for reading secrets, that it lists in serviceAccounts: ${listed(serviceAccounts)}.`,
  };
}

function listed(names: readonly string[]): string {
  return names.join(", ") || "nobody";
}
