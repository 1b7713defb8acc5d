import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { childNameOf } from "../childNames";
import { type ReviewPlatformArgs } from "../platformArgs";
import { platformPolicies } from "./policies";

/**
 * The admission policies, each in force by its binding. A binding comes after its policy, as it
 * would bind nothing, and goes before it.
 */
export function createPolicies(
  name: string,
  args: ReviewPlatformArgs,
  parent: pulumi.Resource,
): k8s.admissionregistration.v1.ValidatingAdmissionPolicyBinding[] {
  return platformPolicies(args).map(({ name: objectName, policy, binding }) => {
    const child = childNameOf(name, objectName);
    const metadata = { name: objectName };
    const rule = new k8s.admissionregistration.v1.ValidatingAdmissionPolicy(
      child,
      { metadata, spec: policy },
      { parent },
    );
    return new k8s.admissionregistration.v1.ValidatingAdmissionPolicyBinding(
      `${child}-binding`,
      { metadata, spec: binding },
      { parent, dependsOn: rule },
    );
  });
}
