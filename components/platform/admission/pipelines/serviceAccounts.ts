import { environmentAccounts as accounts, objectNames } from "../../../core/objectNames";
import { type AdmissionPolicy } from "../validatingAdmissionPolicy";
import { addsNone, isWritten, literal, requestField, whenWritten } from "../cel";
import { sentByPipeline } from "../senders";
import { type PlatformSettings } from "../../platformSettings";

/** Longest life of a deployer's token, in seconds. */
const maximumTokenSeconds = 3600;

/** A pipeline writes two service accounts of an environment. Pods get no token by them, and none lasts. */
export function pipelinesKeepServiceAccounts(settings: PlatformSettings): AdmissionPolicy {
  return {
    name: "pipelines-keep-service-accounts",
    rules: [{ apiGroups: [""], resources: ["serviceaccounts"], operations: ["*"] }],
    matchConditions: [sentByPipeline(settings)],
    variables: [isWritten],
    validations: [
      {
        expression: "variables.isWritten",
        message: "The service accounts of an environment stay as long as its namespace.",
      },
      {
        expression: whenWritten(`object.metadata.name in ${literal(accounts)}`),
        message: `Service accounts that a pipeline writes are ${accounts.join(" and ")}.`,
      },
      {
        expression: whenWritten("object.?automountServiceAccountToken.orValue(true) == false"),
        message: "Service accounts of an environment say automountServiceAccountToken: false.",
      },
      {
        expression: whenWritten(addsNone("secrets"), addsNone("imagePullSecrets")),
        message: "Pipelines give service accounts no secrets.",
      },
    ],
  };
}

/** Pipelines ask for tokens of the deployer only, which live for an hour at most. */
export function pipelinesMintOnlyDeployerTokens(settings: PlatformSettings): AdmissionPolicy {
  const { apiAudiences } = settings;
  return {
    name: "pipelines-mint-only-deployer-tokens",
    rules: [{ apiGroups: [""], resources: ["serviceaccounts/token"], operations: ["*"] }],
    matchConditions: [sentByPipeline(settings)],
    validations: [
      {
        expression: `${requestField("name")} == ${literal(objectNames.deployer)}`,
        message: `Pipelines ask for tokens of the service account ${objectNames.deployer} only.`,
      },
      {
        expression: `object.spec.?expirationSeconds.orValue(0) <= ${maximumTokenSeconds}`,
        message: `Tokens of the deployer live for ${maximumTokenSeconds} seconds at most.`,
      },
      {
        expression: `object.spec.?audiences.orValue([]).all(audience, audience in ${literal(apiAudiences)})`,
        message: `Tokens of the deployer are for the API server, which says ${apiAudiences.join(", ")}. If it says otherwise, an administrator sets apiAudiences.`,
      },
    ],
  };
}
