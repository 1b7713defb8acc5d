import { environmentGivesNoTokens } from "#policy/policies/environmentTokens";
import { describePolicy } from "./support/policyCases";
import { unknownText } from "./support/policyAnalyzer";
import { resourceOf, secret } from "./support/policyResources";

const own = resourceOf("core/v1:Namespace", { metadata: { name: "review-x" } }, { name: "env" });
const fault =
  "Namespace env has a service account `default` that gives pods a token for the API server. Add";

function accountOf(
  automountServiceAccountToken: unknown,
  metadata: object = { name: "default", namespace: "review-x" },
  type = "core/v1:ServiceAccountPatch",
) {
  return resourceOf(type, { metadata, automountServiceAccountToken }, { name: "account" });
}

describePolicy(environmentGivesNoTokens, [
  {
    it: "passes where the default service account gives none",
    resources: [own, accountOf(false)],
  },
  {
    it: "passes where the stack makes that account itself",
    resources: [own, accountOf(false, undefined, "core/v1:ServiceAccount")],
  },
  {
    it: "passes before the name of the namespace is known",
    resources: [
      { ...own, properties: { metadata: { name: unknownText } } },
      { ...accountOf(false, { name: "default", namespace: unknownText }), dependencies: [own] },
    ],
  },
  {
    it: "has no say where the stack makes no namespace",
    resources: [accountOf(true)],
  },
  {
    it: "refuses a namespace of which nothing is said",
    resources: [own],
    finds: [fault],
  },
  {
    it: "refuses a namespace where it is said of other accounts, namespaces and kinds",
    resources: [
      own,
      accountOf(false, { name: "deployer", namespace: "review-x" }),
      accountOf(false, { name: secret, namespace: "review-x" }),
      accountOf(false, { name: "default", namespace: "review-y" }),
      accountOf(false, undefined, "core/v1:ConfigMapPatch"),
      accountOf(false, undefined, "example.com/v1:ServiceAccount"),
    ],
    finds: [fault],
  },
  {
    it: "refuses an account that gives a token, or says nothing",
    resources: [own, accountOf(true), accountOf("false"), accountOf(null)],
    finds: [fault],
  },
  {
    it: "says that it cannot tell before the update",
    resources: [own, accountOf(unknownText)],
    finds: [
      fault,
      "ServiceAccountPatch account: automountServiceAccountToken is not known before the update",
    ],
  },
]);
