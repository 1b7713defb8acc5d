import { unreadable } from "secure-environment/core";
import { type Violation, type ResourcePolicy } from "../policy";
import { isOneOf } from "../kinds";
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
    return isOneOf(object, defaultAccount) && object.name === "default"
      ? accountPatchViolations(object)
      : [
          {
            fault: "changes an object that this stack does not make",
            remedy: "Make the object here, or leave it to its owner.",
          },
        ];
  },
};

function accountPatchViolations(patch: KubernetesObject): Violation[] {
  const { properties, metadata, namespace, resource } = patch;
  const violations: Violation[] = [];
  if (namespace !== unreadable && !isNamespaceOf(resource.stack, namespace)) {
    violations.push({
      property: "metadata.namespace",
      fault: "is not the namespace of this stack's environment",
      remedy: `Use the namespace that the stack makes, which is named after it.`,
    });
  }
  if (properties["automountServiceAccountToken"] !== false) {
    violations.push({
      property: "automountServiceAccountToken",
      fault: "is not false",
      remedy: "Set it to false: that is what this one patch is allowed for.",
    });
  }
  if (hasMoreThan(properties, accountPatchKeys) || hasMoreThan(metadata, ["name", "namespace"])) {
    violations.push({
      fault: "changes more of the service account than its token and its `imagePullSecrets`",
      remedy: "Leave the rest out, labels and annotations too.",
    });
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
