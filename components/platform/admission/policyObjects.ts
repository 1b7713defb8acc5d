import { type PlannedObject, planned } from "../../core/plan";
import { childNameOf } from "../childNames";
import { type PlatformSettings } from "../platformSettings";
import { platformPolicies } from "./policies";

const apiVersion = "admissionregistration.k8s.io/v1";

const bindingKind = "ValidatingAdmissionPolicyBinding";

/** Whether the object puts an admission policy in force. */
export function isPolicyBinding({ object }: PlannedObject): boolean {
  return object.kind === bindingKind;
}

/**
 * The admission policies, each in force by its binding. A binding comes after its policy, as it
 * would bind nothing, and goes before it.
 */
export function policyObjects(name: string, settings: PlatformSettings): PlannedObject[] {
  return platformPolicies(settings).flatMap(({ name: objectName, policy, binding }) => {
    const child = childNameOf(name, objectName);
    const metadata = { name: objectName };
    const rule = planned(child, {
      apiVersion,
      kind: "ValidatingAdmissionPolicy",
      metadata,
      spec: policy,
    });
    return [
      rule,
      planned(
        `${child}-binding`,
        { apiVersion, kind: bindingKind, metadata, spec: binding },
        { dependsOn: [rule] },
      ),
    ];
  });
}
