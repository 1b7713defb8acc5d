import { platformNamespace, problemUnless, verifierAccount } from "secure-environment/core";
import { differences } from "./differences";
import { type Field } from "./fields";
import { type Violation } from "./policy";

const verifier = { kind: "ServiceAccount", name: verifierAccount, namespace: platformNamespace };

/** The verifier is the one account of another namespace that an environment lets in. */
export function verifierViolations(subject: Field): Violation[] {
  const fault = "is not the platform's verifier, for whom alone the role is";
  const remedy = `Bind it to the service account ${verifierAccount} of ${platformNamespace}.`;
  const isValid = differences(subject, verifier).length === 0;
  return problemUnless(isValid, subject.property, fault, remedy);
}
