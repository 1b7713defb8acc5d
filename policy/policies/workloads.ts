import {
  isMissing,
  labels,
  problem,
  problemIf,
  problemUnless,
  recordOf,
  unreadable,
} from "secure-environment/core";
import {
  distinct,
  elementsOf,
  type Field,
  fieldAt,
  fieldBelow,
  fieldsAt,
  unknownViolation,
} from "../fields";
import { type Violation, type ResourcePolicy } from "../policy";
import { isOfKind } from "../kinds";
import { type KubernetesObject, kubernetesObject } from "../kubernetesObject";
import { affinityViolations, nodeViolations, tolerationViolations } from "../podPlacement";
import { containerRules, type FieldRule, podRules, refusedVolumeType } from "../podRules";
import { containersOf, type PodTemplate, podTemplateOf } from "../podTemplates";

interface PodSettings {
  readonly strict: boolean;
  readonly csiDrivers: readonly string[];
  readonly nodePoolKeys: readonly string[];
}

/** No workload asks for more than the Pod Security Standard `restricted` gives. */
export const podsAreRestricted: ResourcePolicy<PodSettings> = {
  name: "pods-are-restricted",
  description:
    "Every workload keeps the Pod Security Standard `restricted`, and leaves it to the scheduler on which of the environment's nodes it runs, whatever pods of others are there.",
  threat: "A pod with the rights of its node reads and changes all that runs there.",
  remediation:
    "Leave out what asks for the node, run as a user other than root, and drop all capabilities.",
  severity: "high",
  url: "https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted",
  example: {
    bad: "securityContext: { privileged: true }",
    good: 'securityContext: { runAsNonRoot: true, allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] }, seccompProfile: { type: "RuntimeDefault" } }',
  },
  settings: {
    strict: {
      type: "boolean",
      description:
        "Whether what the standard asks for must be there. A namespace refuses pods without it in any case, but says so only in an event of the workload, when the update has waited in vain. Switch it off where an admission webhook adds it.",
      default: true,
    },
    csiDrivers: {
      type: "array",
      description:
        "Storage drivers of which pods may have inline volumes, such as `secrets-store.csi.k8s.io`: those that take nothing from the pod by which they reach further than it.",
      items: { type: "string", minLength: 1 },
      default: [],
    },
    nodePoolKeys: {
      type: "array",
      description:
        "Keys of the taints of node pools for environments, as in `nodePool.nodeLabel` of an environment.",
      items: { type: "string", minLength: 1 },
      default: [labels.nodePool],
    },
  },
  judge: (resource, settings) => {
    const object = kubernetesObject(resource);
    return object === undefined ? [] : workloadViolations(object, settings);
  },
};

function workloadViolations(object: KubernetesObject, settings: PodSettings): Violation[] {
  const template = podTemplateOf(object);
  return template === undefined
    ? bindingViolations(object)
    : distinct([
        ...daemonViolations(object),
        ...askedViolations(template, settings),
        ...nodeViolations(template.spec),
        ...affinityViolations(template.spec, object.namespace),
        ...(settings.strict && !object.isPatch ? missingViolations(template) : []),
      ]);
}

/** What the scheduler makes for each pod. */
function bindingViolations(object: KubernetesObject): Violation[] {
  const fault = "puts a pod on a node past the scheduler";
  const remedy = "Leave it to the scheduler.";
  return problemIf(isOfKind(object, { "": ["Binding"] }), "", fault, remedy);
}

function daemonViolations(object: KubernetesObject): Violation[] {
  const fault = "runs a pod on every node of the cluster, those of others included";
  const remedy = "Use a Deployment.";
  const isWrong =
    isOfKind(object, { apps: ["DaemonSet"] }) || isOfKind(object, { extensions: ["DaemonSet"] });
  return problemIf(isWrong, "", fault, remedy);
}

/** What asks for more than a pod may have. */
function askedViolations(template: PodTemplate, settings: PodSettings): Violation[] {
  const { spec } = template;
  const hasOwnUsers = fieldBelow(spec, "hostUsers").value === false;
  const rulesFor = (rules: readonly FieldRule[]) =>
    rules.filter(({ isForUsersOfTheNode = false }) => !(hasOwnUsers && isForUsersOfTheNode));
  return [
    ...ruleViolations(spec, rulesFor(podRules)),
    ...priorityViolations(spec),
    ...tolerationViolations(spec, settings.nodePoolKeys),
    ...fieldsAt(spec, "volumes[]").flatMap((volume) => volumeViolations(volume, settings)),
    ...appArmorViolations(template),
    ...containersOf(template).flatMap((container) =>
      ruleViolations(container, rulesFor(containerRules)),
    ),
  ];
}

function ruleViolations(root: Field, rules: readonly FieldRule[]): Violation[] {
  return rules.flatMap((rule) => fieldsAt(root, rule.path).flatMap((field) => judge(field, rule)));
}

function judge({ property, value }: Field, { path, isAllowed, fault, remedy }: FieldRule) {
  if (value === unreadable) {
    return mustBeKnown(property, path) ? [unknownViolation(property)] : [];
  }
  return problemUnless(isMissing(value) || isAllowed(value), property, fault, remedy);
}

/**
 * What a program computes, such as a whole specification or its ports, is judged once more with
 * its values before it is made. There is no reason to compute what is about security alone.
 */
function mustBeKnown(property: string, path: string): boolean {
  const [last = ""] = path.split(".").slice(-1);
  return path.startsWith("securityContext.")
    ? /\bsecurityContext\b/.test(property)
    : property.endsWith(`.${last}`);
}

function priorityViolations(spec: Field): Violation[] {
  const { property, value } = fieldBelow(spec, "priorityClassName");
  const fault = "lets the pod push others off their nodes";
  const remedy = "Leave it out, or name a class of the platform for such environments.";
  const isWrong = typeof value === "string" && value.startsWith("system-");
  return problemIf(isWrong, property, fault, remedy);
}

function volumeViolations({ property, value }: Field, { csiDrivers }: PodSettings): Violation[] {
  const fault = refusedVolumeType(recordOf(value), csiDrivers);
  const remedy = "Use an emptyDir, or a persistent volume claim.";
  return fault === undefined ? [] : [problem(property, fault, remedy)];
}

/** See https://kubernetes.io/docs/tutorials/security/apparmor/#securing-a-pod */
function appArmorViolations({ metadata }: PodTemplate): Violation[] {
  const annotations = fieldBelow(metadata, "annotations");
  const prefix = "container.apparmor.security.beta.kubernetes.io/";
  const fault = "does not name a profile that keeps AppArmor on";
  const remedy = "Leave it out.";
  return Object.entries(recordOf(annotations.value))
    .filter(([key, value]) => key.startsWith(prefix) && !isAppArmorProfile(value))
    .map(() => problem(`${annotations.property}["${prefix}…"]`, fault, remedy));
}

function isAppArmorProfile(value: unknown): boolean {
  return typeof value === "string" && /^(runtime\/default$|localhost\/|$)/.test(value);
}

/** What the standard asks for and is not there. */
function missingViolations(template: PodTemplate): Violation[] {
  const containers = containersOf(template);
  const isWindows = fieldAt(template.spec, "os.name").value === "windows";
  const onLinux = [
    ...inheritedViolations(template, "securityContext.seccompProfile.type", "RuntimeDefault"),
    ...containers.flatMap((container) => [
      ...escalationViolations(container),
      ...dropViolations(container),
    ]),
  ];
  const hasOwnUsers = fieldBelow(template.spec, "hostUsers").value === false;
  return [
    ...(hasOwnUsers ? [] : inheritedViolations(template, "securityContext.runAsNonRoot", "true")),
    ...(isWindows ? [] : onLinux),
  ];
}

/** What a container takes over from its pod may be said in either place. */
function inheritedViolations(template: PodTemplate, path: string, wanted: string): Violation[] {
  const ofPod = fieldAt(template.spec, path);
  const isMissingAt = (field: Field) => isMissing(fieldAt(field, path).value);
  const fault = "is missing, and not every container has it";
  const remedy = `Set it to ${wanted}: the namespace refuses the pod otherwise.`;
  const isWrong = isMissing(ofPod.value) && containersOf(template).some(isMissingAt);
  return problemIf(isWrong, ofPod.property, fault, remedy);
}

function escalationViolations(container: Field): Violation[] {
  const { property, value } = fieldAt(container, "securityContext.allowPrivilegeEscalation");
  const fault = "is missing";
  const remedy = "Set it to false: the namespace refuses the pod otherwise.";
  return problemIf(isMissing(value), property, fault, remedy);
}

function dropViolations(container: Field): Violation[] {
  const drop = fieldAt(container, "securityContext.capabilities.drop");
  const dropped = elementsOf(drop);
  const unknown = dropped.find(({ value }) => value === unreadable);
  if (dropped.some(({ value }) => value === "ALL")) {
    return [];
  }
  const fault = "does not have ALL";
  const remedy = 'Set it to ["ALL"]: the namespace refuses the pod otherwise.';
  return unknown === undefined
    ? [problem(drop.property, fault, remedy)]
    : [unknownViolation(unknown.property)];
}
