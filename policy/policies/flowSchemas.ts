import {
  environmentFlowSchemaSpec,
  labels,
  problem,
  problemUnless,
  recordOf,
  textOf,
  unreadable,
} from "secure-environment/core";
import { differences } from "../differences";
import { unknownViolation } from "../fields";
import {
  onObjects,
  type ResourcePolicy,
  type StackPolicy,
  type StackViolation,
  type Violation,
} from "../policy";
import { type JudgedNamespace } from "../judgedStack";
import { isOfKind } from "../kinds";
import { type KubernetesObject } from "../kubernetesObject";
import { isNamespaceOf, projectOfNamespace } from "../ownNamespaces";

/** What bounds the requests of an environment says nothing of anybody else's. */
export const flowSchemasAreTheEnvironmentsOwn: ResourcePolicy<object> = {
  name: "flow-schemas-are-the-environments-own",
  description:
    "A FlowSchema is the one of the environment: it puts the requests of its service accounts, and of nobody else, into the share of its project.",
  threat:
    "A FlowSchema sends its own requests before those of the whole cluster, or has those of others wait.",
  remediation:
    "Leave it to the component SecureEnvironment, which makes it where a platform guards the environment.",
  severity: "critical",
  url: "https://kubernetes.io/docs/concepts/cluster-administration/flow-control/#flowschema",
  example: {
    bad: 'new k8s.flowcontrol.v1.FlowSchema("x", { spec: { priorityLevelConfiguration: { name: "exempt" }, matchingPrecedence: 1, rules } })',
    good: 'new SecureEnvironment("x", { platform: true, project: "shop" })',
  },
  settings: {},
  judge: onObjects((object) =>
    isFlowSchema(object) ? [...nameViolations(object), ...specViolations(object)] : [],
  ),
};

/** Whether the object is a FlowSchema, in any version. */
export function isFlowSchema(object: KubernetesObject): boolean {
  return isOfKind(object, { "flowcontrol.apiserver.k8s.io": ["FlowSchema"] });
}

/** A name that is not known yet is judged when it is. */
function nameViolations({ name, resource }: KubernetesObject): Violation[] {
  const fault = "is not the namespace of this stack's environment";
  const remedy = "Name it after the namespace that the stack makes.";
  const isValid = name === unreadable || isNamespaceOf(resource.stack, name ?? "");
  return problemUnless(isValid, "metadata.name", fault, remedy);
}

/** What is not known before the name is, is judged with it. */
function specViolations(object: KubernetesObject): Violation[] {
  const { name, properties } = object;
  const wanted = environmentFlowSchemaSpec(textOf(name) ?? "", projectOf(object));
  const fault = "is not what the platform has for the FlowSchemas of environments";
  const remedy = "Leave the FlowSchema to the component SecureEnvironment.";
  return differences({ property: "spec", value: properties["spec"] }, wanted)
    .filter(({ value }) => value !== unreadable || name !== unreadable)
    .map(({ property, value }) =>
      value === unreadable ? unknownViolation(property) : problem(property, fault, remedy),
    );
}

/** Until its name is known, its label says whose it is. */
function projectOf({ name, metadata, resource }: KubernetesObject): string {
  const project =
    name === unreadable
      ? textOf(recordOf(metadata["labels"])[labels.project])
      : projectOfNamespace(resource.stack, name ?? "");
  return project ?? "";
}

interface ShareSettings {
  readonly platform: boolean;
}

/** Without its FlowSchema, an environment asks the API server from the share of everybody. */
export const environmentHasFlowSchema: StackPolicy<ShareSettings> = {
  name: "environment-has-flow-schema",
  description:
    "Where a platform guards environments, every namespace of the stack has a FlowSchema of its name.",
  threat: "The pods of one environment keep the API server from answering those of all others.",
  remediation: "Set `platform: true` where the stack makes its SecureEnvironment.",
  severity: "medium",
  url: "https://kubernetes.io/docs/concepts/cluster-administration/flow-control/",
  example: {
    bad: 'new SecureEnvironment("x")',
    good: 'new SecureEnvironment("x", { platform: true, project: "shop" })',
  },
  settings: {
    platform: {
      type: "boolean",
      description: "Whether a platform guards the environments of the cluster.",
      default: false,
    },
  },
  judgeStack: ({ namespaces, objects }, { platform }) =>
    namespaces
      .filter(() => platform)
      .filter(({ object }) => !objects.some((other) => isFlowSchemaOf(other, object)))
      .map(missingViolation),
};

function missingViolation({ object }: JudgedNamespace): StackViolation {
  const fault = "has no FlowSchema of its name";
  const remedy = "Make it with the component SecureEnvironment and `platform: true`.";
  return { resource: object.resource, ...problem("", fault, remedy) };
}

/** Before the name of the namespace is known, that of its FlowSchema is not known either. */
function isFlowSchemaOf(object: KubernetesObject, namespace: KubernetesObject): boolean {
  return isFlowSchema(object) && !object.isPatch && object.name === namespace.name;
}
