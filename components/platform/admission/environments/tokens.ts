import { type AdmissionPolicy } from "../validatingAdmissionPolicy";
import { notSentByAdministrator, notSentByCluster, notSentByPipeline } from "../senders";
import { type PlatformSettings } from "../../platformSettings";

/**
 * No Secret of an environment becomes a token that lasts. The type of a Secret never changes.
 * See https://kubernetes.io/docs/concepts/configuration/secret/#serviceaccount-token-secrets
 */
export const secretsHoldNoTokens: AdmissionPolicy = {
  name: "secrets-hold-no-tokens",
  isForEnvironments: true,
  rules: [{ apiGroups: [""], resources: ["secrets"], operations: ["CREATE"] }],
  validations: [
    {
      expression: 'object.?type.orValue("") != "kubernetes.io/service-account-token"',
      message:
        "Secrets of an environment are no tokens of service accounts. Ask for a short-lived token of the deployer instead.",
    },
  ],
};

/** Tokens of an environment's service accounts are asked for by its pipeline and by kubelets. */
export function tokensAreMintedByPipelines(settings: PlatformSettings): AdmissionPolicy {
  return {
    name: "tokens-are-minted-by-pipelines",
    isForEnvironments: true,
    rules: [{ apiGroups: [""], resources: ["serviceaccounts/token"], operations: ["CREATE"] }],
    matchConditions: [
      notSentByPipeline(settings),
      notSentByAdministrator(settings),
      notSentByCluster,
    ],
    validations: [
      {
        expression: "false",
        message: "Tokens of an environment's service accounts are asked for by its pipeline only.",
      },
    ],
  };
}
