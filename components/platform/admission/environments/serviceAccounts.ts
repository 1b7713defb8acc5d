import { environmentAccounts } from "../../../core/objectNames";
import { type AdmissionPolicy } from "../validatingAdmissionPolicy";
import { addsNone, literal } from "../cel";
import { changesMoreThanFinalizers } from "../changes";
import { notSentByAdministrator, notSentByCluster, notSentByPipeline } from "../senders";
import { type PlatformSettings } from "../../platformSettings";

/** Whether the request is about one of the accounts that every environment has. */
export const concernsEnvironmentAccount =
  'request.resource.resource == "serviceaccounts" && ' +
  `(object == null ? oldObject : object).metadata.name in ${literal(environmentAccounts)}`;

/**
 * Charts make service accounts. Such an account has no rights, because bindings are the pipeline's, and
 * pods get no token by it. Its annotations are judged as those of any object.
 */
export function serviceAccountsHoldNoTokens(settings: PlatformSettings): AdmissionPolicy {
  return {
    name: "service-accounts-hold-no-tokens",
    isForEnvironments: true,
    rules: [{ apiGroups: [""], resources: ["serviceaccounts"], operations: ["CREATE", "UPDATE"] }],
    matchConditions: [
      notSentByPipeline(settings),
      notSentByAdministrator(settings),
      notSentByCluster,
      changesMoreThanFinalizers,
      {
        name: "is-made-beside-the-environments-own",
        expression: `!(${concernsEnvironmentAccount})`,
      },
    ],
    validations: [
      {
        expression: "object.?automountServiceAccountToken.orValue(true) == false",
        message:
          "Service accounts of an environment say automountServiceAccountToken: false. Charts call it serviceAccount.automount or serviceAccount.automountServiceAccountToken; a chart that has neither runs with serviceAccount.create: false.",
      },
      {
        expression: addsNone("secrets"),
        message:
          "Service accounts of an environment list no secrets: passwords of image registries belong to imagePullSecrets.",
      },
    ],
  };
}
