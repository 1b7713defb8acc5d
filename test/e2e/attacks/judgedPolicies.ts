import { type AdmissionObjects } from "#components/platform/admission/validatingAdmissionPolicy";
import { validPlatform } from "#components/platform/validPlatform";
import { platformPolicies } from "#components/platform/admission/policies";
import { type Attack } from "./attack";
import { isSaid } from "./refusal";
import { defaultSetting, fullSetting } from "./settings";

/** What is attacked where, and what of it nobody attacks. */

/** All policies of a platform that uses whatever a platform offers. */
export const fullPolicies: readonly AdmissionObjects[] = platformPolicies(
  validPlatform(fullSetting.platform),
);

/** The policies of a platform with nothing but defaults that say something else there. */
export const defaultPolicies: readonly AdmissionObjects[] = platformPolicies(
  validPlatform(defaultSetting.platform),
).filter((policy) => !fullPolicies.some((other) => isSame(policy, other)));

/** What the API server would say for each validation that no attack is refused for. */
export function unprovedRefusals(
  policies: readonly AdmissionObjects[],
  attacks: readonly Attack[],
): string[] {
  const reasons = attacks.map(({ refusal }) => refusal).filter(({ says }) => says.length > 1);
  return policies.flatMap(({ name, policy }) =>
    (policy.validations as { message: string }[])
      .map(({ message }) => `ValidatingAdmissionPolicy '${name}' denied request: ${message}`)
      .filter((message) => !reasons.some((reason) => isSaid(reason, message))),
  );
}

function isSame(policy: AdmissionObjects, other: AdmissionObjects): boolean {
  return JSON.stringify(policy.policy.validations) === JSON.stringify(other.policy.validations);
}
