import { recordOf, textOf, unreadable } from "secure-environment-isolation";
import { type Finding, type ResourceGuarantee } from "../guarantee";
import { type JudgedResource } from "../judgedResource";
import { isMeshKind, isOneOf } from "../kinds";
import { type KubernetesObject, kubernetesObject } from "../kubernetesObject";
import { isNamespaceOf } from "../ownNamespaces";

const defaultAccount = { "": ["ServiceAccount"] };

/** What a patch changes belongs to somebody else. */
export const objectsAreNotPatched: ResourceGuarantee<object> = {
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
      ? accountPatchFindings(object)
      : [
          {
            fault: "changes an object that this stack does not make",
            remedy: "Make the object here, or leave it to its owner.",
          },
        ];
  },
};

function accountPatchFindings(patch: KubernetesObject): Finding[] {
  const { properties, metadata, namespace, resource } = patch;
  const findings: Finding[] = [];
  if (namespace !== unreadable && !isNamespaceOf(resource.stack, namespace)) {
    findings.push({
      property: "metadata.namespace",
      fault: "is not the namespace of this stack's environment",
      remedy: `Use the namespace that the stack makes, which is named after it.`,
    });
  }
  if (properties["automountServiceAccountToken"] !== false) {
    findings.push({
      property: "automountServiceAccountToken",
      fault: "is not false",
      remedy: "Set it to false: that is what this one patch is allowed for.",
    });
  }
  if (hasMoreThan(properties, accountPatchKeys) || hasMoreThan(metadata, ["name", "namespace"])) {
    findings.push({
      fault: "changes more of the service account than its token and its `imagePullSecrets`",
      remedy: "Leave the rest out, labels and annotations too.",
    });
  }
  return findings;
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

/** Something that a provider or an annotation can be told to do, and should not be. */
interface Deviation {
  readonly property: string;
  /** What comes of it, as it goes on after the property's name. */
  readonly fault: string;
  /** Whether the value asks for nothing of it. A missing value never does. */
  readonly isHarmless: (value: unknown) => boolean;
}

/**
 * What the provider can be told. It reads texts: `"true"` is true, and anything else is false.
 * See https://www.pulumi.com/registry/packages/kubernetes/api-docs/provider/
 */
const providerDeviations: readonly Deviation[] = [
  {
    property: "upsertExistingObjects",
    fault: "lets the stack take over objects that somebody else made",
    isHarmless: isOff,
  },
  {
    property: "enablePatchForce",
    fault: "lets the stack overwrite what others have set",
    isHarmless: isOff,
  },
  {
    property: "renderYamlToDirectory",
    fault: "lets objects be written to files, so that no wall is ever made",
    isHarmless: (value) => value === "",
  },
  {
    property: "skipUpdateUnreachable",
    fault: "lets an update succeed that changed nothing",
    isHarmless: isOff,
  },
  {
    property: "deleteUnreachable",
    fault: "lets the stack forget objects that are still there",
    isHarmless: isOff,
  },
  {
    property: "enableServerSideApply",
    fault: "lets updates overwrite what others have set, without a conflict",
    isHarmless: (value) => value === true || value === "true",
  },
];

const annotationDeviations: readonly Deviation[] = [
  {
    property: "pulumi.com/patchForce",
    fault: "lets the stack overwrite what others have set",
    isHarmless: isOff,
  },
  {
    property: "pulumi.com/deletionPropagationPolicy",
    fault: "lets the stack forget what belongs to the object when it is deleted",
    isHarmless: (value) =>
      ["foreground", "background"].includes(textOf(value)?.toLowerCase() ?? ""),
  },
];

function isOff(value: unknown): boolean {
  return value === false || value === "false" || value === "";
}

/** What a stack makes is its own, and stays known to it. */
export const providersOnlyMakeObjects: ResourceGuarantee<object> = {
  name: "providers-only-make-objects",
  description: "Objects are made on the cluster: none is taken over, forced, hidden or forgotten.",
  threat:
    "A provider can be told to take over objects that are there already, those of production among them.",
  remediation: "Leave the option out.",
  severity: "critical",
  url: "https://www.pulumi.com/registry/packages/kubernetes/api-docs/provider/",
  example: {
    bad: 'new k8s.Provider("cluster", { upsertExistingObjects: true })',
    good: 'new k8s.Provider("cluster", {})',
  },
  settings: {},
  judge: (resource) => [
    ...providerFindings(resource.type, resource.properties),
    ...(resource.provider === undefined
      ? []
      : providerFindings(resource.provider.type, resource.provider.properties, "provider.")),
    ...annotationFindings(resource),
  ],
};

function providerFindings(
  type: string,
  properties: JudgedResource["properties"],
  prefix = "",
): Finding[] {
  return type === "pulumi:providers:kubernetes"
    ? deviationFindings(providerDeviations, properties, (property) => prefix + property)
    : [];
}

function annotationFindings(resource: JudgedResource): Finding[] {
  const annotations = recordOf(kubernetesObject(resource)?.metadata["annotations"]);
  return deviationFindings(
    annotationDeviations,
    annotations,
    (key) => `metadata.annotations["${key}"]`,
  );
}

function deviationFindings(
  deviations: readonly Deviation[],
  values: JudgedResource["properties"],
  placeOf: (property: string) => string,
): Finding[] {
  return deviations.flatMap(({ property, fault, isHarmless }) => {
    const value = values[property];
    if (value === undefined || value === null || isHarmless(value)) {
      return [];
    }
    return [
      {
        property: placeOf(property),
        fault:
          value === unreadable
            ? `is not known before the update, so nobody can tell whether it ${fault}`
            : fault,
        remedy: "Leave it out.",
      },
    ];
  });
}

const wallKinds = {
  "": ["Namespace", "ResourceQuota", "LimitRange", "ServiceAccount"],
  "networking.k8s.io": ["NetworkPolicy"],
  extensions: ["NetworkPolicy"],
  "flowcontrol.apiserver.k8s.io": ["FlowSchema"],
  "rbac.authorization.k8s.io": ["Role", "RoleBinding"],
};

/** What was judged is what stands. */
export const wallsFollowTheirProgram: ResourceGuarantee<object> = {
  name: "walls-follow-their-program",
  description: "No wall is left as it is on the cluster while its program says something else.",
  threat:
    "A wall that somebody weakened on the cluster stays weak: updates pass, and change nothing.",
  remediation: "Leave out `ignoreChanges` on walls.",
  severity: "high",
  url: "https://www.pulumi.com/docs/iac/concepts/options/ignorechanges/",
  example: {
    bad: 'new k8s.core.v1.ResourceQuota("quota", { … }, { ignoreChanges: ["spec"] })',
    good: 'new k8s.core.v1.ResourceQuota("quota", { … })',
  },
  settings: {},
  judge: (resource) => {
    const object = kubernetesObject(resource);
    const isWall = object !== undefined && (isOneOf(object, wallKinds) || isMeshKind(object));
    return isWall && resource.ignoreChanges.length > 0
      ? [
          {
            fault: "is a wall whose changes are ignored by `ignoreChanges`",
            remedy: "Leave the option out, so that each update puts the wall back up.",
          },
        ]
      : [];
  },
};
