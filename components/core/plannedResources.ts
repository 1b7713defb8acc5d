import * as admissionregistration from "@pulumi/kubernetes/admissionregistration/v1";
import * as apiextensions from "@pulumi/kubernetes/apiextensions";
import * as core from "@pulumi/kubernetes/core/v1";
import * as flowcontrol from "@pulumi/kubernetes/flowcontrol/v1";
import * as networking from "@pulumi/kubernetes/networking/v1";
import * as rbac from "@pulumi/kubernetes/rbac/v1";
import * as scheduling from "@pulumi/kubernetes/scheduling/v1";
import * as pulumi from "@pulumi/pulumi";
import { type PlannedObject, type Reference, requiredValue, withoutReferences } from "./plan";

/** A resource whose object has a name. */
export interface NamedResource extends pulumi.CustomResource {
  readonly metadata: pulumi.Output<{ readonly name: string }>;
}

type ResourceClass = new (
  name: string,
  args: Record<string, unknown>,
  options: pulumi.CustomResourceOptions,
) => NamedResource;

/**
 * The classes of what is planned; each is loaded when it is used. The package as a whole is not: to load
 * all its groups and versions takes a program ten times as long. Other kinds are custom resources.
 */
const classes: Readonly<Record<string, () => unknown>> = {
  "v1/LimitRange": () => core.LimitRange,
  "v1/Namespace": () => core.Namespace,
  "v1/ResourceQuota": () => core.ResourceQuota,
  "v1/Secret": () => core.Secret,
  "v1/ServiceAccount": () => core.ServiceAccount,
  "v1/ServiceAccountPatch": () => core.ServiceAccountPatch,
  "admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy": () =>
    admissionregistration.ValidatingAdmissionPolicy,
  "admissionregistration.k8s.io/v1/ValidatingAdmissionPolicyBinding": () =>
    admissionregistration.ValidatingAdmissionPolicyBinding,
  "flowcontrol.apiserver.k8s.io/v1/FlowSchema": () => flowcontrol.FlowSchema,
  "flowcontrol.apiserver.k8s.io/v1/PriorityLevelConfiguration": () =>
    flowcontrol.PriorityLevelConfiguration,
  "networking.k8s.io/v1/NetworkPolicy": () => networking.NetworkPolicy,
  "rbac.authorization.k8s.io/v1/ClusterRole": () => rbac.ClusterRole,
  "rbac.authorization.k8s.io/v1/ClusterRoleBinding": () => rbac.ClusterRoleBinding,
  "rbac.authorization.k8s.io/v1/Role": () => rbac.Role,
  "rbac.authorization.k8s.io/v1/RoleBinding": () => rbac.RoleBinding,
  "scheduling.k8s.io/v1/PriorityClass": () => scheduling.PriorityClass,
};

/** The resources of a plan, in its order. */
export type PlannedResources = ReadonlyMap<PlannedObject, NamedResource>;

/** @throws RangeError when it is not made yet. */
export function resourceOf(entry: PlannedObject, resources: PlannedResources): NamedResource {
  const resource = resources.get(entry);
  if (resource === undefined) {
    throw new RangeError(`The plan makes ${entry.logicalName} too late, or not at all.`);
  }
  return resource;
}

/**
 * Makes what is planned, in the order of the plan.
 *
 * @param values what the plan refers to by name.
 * @throws RangeError when one of them is missing, or an object is patched for whose kind no class patches.
 */
export function createPlanned(
  parent: pulumi.Resource,
  plan: readonly PlannedObject[],
  values: Readonly<Record<string, pulumi.Input<unknown>>> = {},
): PlannedResources {
  const resources = new Map<PlannedObject, NamedResource>();
  for (const entry of plan) {
    const resolve = (reference: Reference) => resolved(reference, resources, values);
    const args = withoutReferences(entry.object, resolve) as Record<string, unknown>;
    const options = {
      parent,
      dependsOn: entry.dependsOn.map((before) => resourceOf(before, resources)),
      deletedWith: entry.deletedWith && resourceOf(entry.deletedWith, resources),
      protect: entry.protect,
    };
    resources.set(entry, new (classOf(entry))(entry.logicalName, args, options));
  }
  return resources;
}

/** What patches is listed: a custom resource would make an object of its own. */
function classOf({ action, object: { apiVersion, kind } }: PlannedObject): ResourceClass {
  const name = `${apiVersion}/${kind}`;
  const load = action === "patch" ? classes[`${name}Patch`] : classes[name];
  if (load === undefined && action === "patch") {
    throw new RangeError(`The plan patches ${name}, for which there is no resource.`);
  }
  return (load?.() ?? apiextensions.CustomResource) as ResourceClass;
}

/** A value that is known already makes one that is known: a preview shows it. */
function resolved(
  { to, compute }: Reference,
  resources: PlannedResources,
  values: Readonly<Record<string, pulumi.Input<unknown>>>,
): unknown {
  const value =
    typeof to === "string" ? requiredValue(to, values) : resourceOf(to, resources).metadata.name;
  return pulumi.Output.isInstance(value) || value instanceof Promise
    ? pulumi.output(value).apply(compute)
    : compute(value);
}
