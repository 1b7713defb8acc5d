import { problem, unreadable } from "secure-environment/core";
import { type Violation, type ResourcePolicy } from "../policy";
import { isOfKind } from "../kinds";
import { type KubernetesObject, kubernetesObject } from "../kubernetesObject";
import { isNamespaceOf } from "../ownNamespaces";

const defaultAccount = { "": ["ServiceAccount"] };

/** What a patch changes belongs to somebody else. */
export const objectsAreNotPatched: ResourcePolicy<object> = {
  name: "objects-are-not-patched",
  description:
    "A stack patches nothing but the `default` service account of its own namespace, to give pods no token.",
  threat: "A patch changes objects that the stack did not make, in any namespace: staging's too.",
  remediation:
    "Make the object in this stack, or leave it to its owner. Patch nothing but the token of the `default` service account.",
  severity: "critical",
  url: "https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/managing-resources-with-server-side-apply/#patch-a-resource",
  example: {
    bad: 'new k8s.core.v1.NamespacePatch("x", { metadata: { name: "staging", labels } })',
    good: 'new k8s.core.v1.ServiceAccountPatch("x", { metadata: { name: "default", namespace }, automountServiceAccountToken: false })',
  },
  settings: {},
  judge: (resource) => {
    const object = kubernetesObject(resource);
    if (object?.isPatch !== true) {
      return [];
    }
    const fault = "changes an object that this stack does not make";
    const remedy = "Make the object here, or leave it to its owner.";
    return isOfKind(object, defaultAccount) && object.name === "default"
      ? accountPatchViolations(object)
      : [problem("", fault, remedy)];
  },
};

function accountPatchViolations(patch: KubernetesObject): Violation[] {
  const { properties, metadata, namespace, resource } = patch;
  const violations: Violation[] = [];
  if (namespace !== unreadable && !isNamespaceOf(resource.stack, namespace)) {
    const fault = "is not the namespace of this stack's environment";
    const remedy = "Use the namespace that the stack makes, which is named after it.";
    violations.push(problem("metadata.namespace", fault, remedy));
  }
  if (properties["automountServiceAccountToken"] !== false) {
    const remedy = "Set it to false: that is what this one patch is allowed for.";
    violations.push(problem("automountServiceAccountToken", "is not false", remedy));
  }
  if (hasMoreThan(properties, accountPatchKeys) || hasMoreThan(metadata, ["name", "namespace"])) {
    const fault = "changes more of the service account than its token and its `imagePullSecrets`";
    const remedy = "Leave the rest out, labels and annotations too.";
    violations.push(problem("", fault, remedy));
  }
  return violations;
}

const accountPatchKeys = [
  "apiVersion",
  "kind",
  "metadata",
  "automountServiceAccountToken",
  "imagePullSecrets",
];

function hasMoreThan(record: object, keys: readonly string[]): boolean {
  return Object.keys(record).some((key) => !keys.includes(key));
}
