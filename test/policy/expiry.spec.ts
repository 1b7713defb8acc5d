import { nothingOutlivesItsExpiry } from "#policy/policies/expiry";
import { describePolicy, secretText } from "./support/policyCases";
import { type AnalyzedResource, secretValue, unknownText } from "./support/policyAnalyzer";

const key = "secure-environment/expires-at";

function annotated(value: unknown, type = "core/v1:Namespace"): AnalyzedResource {
  const metadata = { name: "review-login", annotations: { [key]: value } };
  return { type: `kubernetes:${type}`, name: "env", properties: { metadata } };
}

describePolicy(nothingOutlivesItsExpiry, [
  {
    it: "lets everything stand until its instant, or without one",
    resources: [
      annotated("2026-01-01T00:00:01Z"),
      annotated("2027-01-31T18:00:00Z", "networking.k8s.io/v1:NetworkPolicy"),
      { type: "kubernetes:core/v1:Namespace", name: "env", properties: {} },
    ],
  },
  {
    it: "refuses an environment and an opening whose instant has passed",
    resources: [
      annotated("2026-01-01T00:00:00Z"),
      annotated("2025-12-31T23:59:59Z", "networking.k8s.io/v1:NetworkPolicy"),
    ],
    finds: [
      'Namespace env: metadata.annotations["secure-environment/expires-at"] has passed, and the environment is still there. Give a later `expiresAt`',
      'NetworkPolicy env: metadata.annotations["secure-environment/expires-at"] has passed, and what it opens is still there',
    ],
  },
  {
    it: "leaves what is no instant, and what is not known yet, to others",
    resources: [annotated("2020"), annotated(unknownText), annotated(secretValue(secretText))],
  },
]);
