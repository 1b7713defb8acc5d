import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { childNameOf } from "../childNames";
import { type ReviewPlatformArgs } from "../platformArgs";
import { platformRoleNames } from "../../core/platformNames";
import { type NamedAccessRule, platformRoles } from "./clusterRoles";
import { platformSettings } from "../platformSettings";

/** Who is given which ClusterRole, by a ClusterRoleBinding of which name. */
interface ClusterRoleGrant {
  readonly name: string;
  readonly clusterRole: pulumi.Input<string>;
  readonly subject: k8s.types.input.rbac.v1.Subject;
}

/** All ClusterRoles but that of the pipelines, which comes with its bindings. */
export function createClusterRoles(
  name: string,
  args: ReviewPlatformArgs,
  options: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  return Object.entries(platformRoles(platformSettings(args)))
    .filter(([objectName]) => objectName !== platformRoleNames.pipeline)
    .map(([objectName, rules]) =>
      createClusterRole(childNameOf(name, objectName), objectName, rules, options),
    );
}

/** The ClusterRole of the pipelines. */
export function createPipelineRole(
  child: string,
  objectName: pulumi.Input<string>,
  args: ReviewPlatformArgs,
  options: pulumi.CustomResourceOptions,
): k8s.rbac.v1.ClusterRole {
  const rules = platformRoles(platformSettings(args))[platformRoleNames.pipeline] ?? [];
  return createClusterRole(child, objectName, rules, options);
}

/** Gives a subject a ClusterRole in every namespace. */
export function createClusterRoleBinding(
  child: string,
  { name, clusterRole, subject }: ClusterRoleGrant,
  options: pulumi.CustomResourceOptions,
): k8s.rbac.v1.ClusterRoleBinding {
  return new k8s.rbac.v1.ClusterRoleBinding(
    child,
    {
      metadata: { name },
      roleRef: {
        apiGroup: "rbac.authorization.k8s.io",
        kind: "ClusterRole",
        name: clusterRole,
      },
      subjects: [subject],
    },
    options,
  );
}

function createClusterRole(
  child: string,
  name: pulumi.Input<string>,
  rules: readonly NamedAccessRule[],
  options: pulumi.CustomResourceOptions,
): k8s.rbac.v1.ClusterRole {
  return new k8s.rbac.v1.ClusterRole(child, { metadata: { name }, rules: copies(rules) }, options);
}

/** The rules in lists of their own, as the API server takes them. */
function copies(rules: readonly NamedAccessRule[]): k8s.types.input.rbac.v1.PolicyRule[] {
  return rules.map(({ resourceNames, ...rule }) => ({
    apiGroups: [...rule.apiGroups],
    resources: [...rule.resources],
    verbs: [...rule.verbs],
    ...(resourceNames === undefined ? {} : { resourceNames: [...resourceNames] }),
  }));
}
