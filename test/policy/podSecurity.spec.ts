import { namespacesEnforcePodSecurity } from "#policy/policies/podSecurity";
import { describePolicy } from "./support/policyCases";
import { unknownText } from "./support/policyAnalyzer";
import { resourceOf, secret } from "./support/policyResources";

const enforce = "pod-security.kubernetes.io/enforce";
const version = "pod-security.kubernetes.io/enforce-version";
const namespace = (labels: unknown) => resourceOf("core/v1:Namespace", { metadata: { labels } });
const patch = (labels: unknown) => resourceOf("core/v1:NamespacePatch", { metadata: { labels } });

describePolicy(namespacesEnforcePodSecurity, [
  { it: "passes what is restricted", resources: namespace({ [enforce]: "restricted" }) },
  {
    it: "passes the latest version",
    resources: namespace({ [enforce]: "restricted", [version]: "latest" }),
  },
  {
    it: "has no say in other kinds, and in what has no properties",
    resources: [
      resourceOf("core/v1:ConfigMap", { metadata: {} }),
      resourceOf("example.com/v1:Namespace", { metadata: {} }),
      resourceOf("core/v1:Namespace", {}),
    ],
  },
  {
    it: "refuses namespaces that say nothing",
    resources: [
      resourceOf("core/v1:Namespace", { metadata: { name: "x" } }),
      resourceOf("core/v1:Namespace", { apiVersion: "v1" }),
      namespace({}),
      namespace(null),
      namespace({ [enforce]: null }),
      namespace("restricted"),
    ],
    finds: Array.from(
      { length: 6 },
      () => `x: metadata.labels["${enforce}"] is missing, so the namespace admits every pod`,
    ),
  },
  {
    it: "refuses lower levels and what is none, without showing it",
    resources: [
      namespace({ [enforce]: "privileged" }),
      namespace({ [enforce]: "baseline" }),
      namespace({ [enforce]: "Restricted" }),
      namespace({ [enforce]: "" }),
      namespace({ [enforce]: 1 }),
      namespace({ [enforce]: secret }),
    ],
    finds: [
      "is privileged, which lets too much in. Set it to restricted.",
      "is baseline, which lets too much in",
      "is no Pod Security Standard",
      "is no Pod Security Standard",
      "is no Pod Security Standard",
      "is no Pod Security Standard",
    ],
  },
  {
    it: "refuses levels that are not known, beside a version that is wrong",
    resources: namespace({ [enforce]: unknownText, [version]: "v1.24" }),
    finds: [`${enforce}"] is not known before the update`, `${version}"] is not latest`],
  },
  {
    it: "refuses labels that are not known as a whole, once",
    resources: [namespace(unknownText), resourceOf("core/v1:Namespace", { metadata: unknownText })],
    finds: [
      "metadata.labels is not known before the update",
      "metadata is not known before the update",
    ],
  },
  {
    it: "refuses a version that is not known",
    resources: namespace({ [enforce]: "restricted", [version]: unknownText }),
    finds: [`${version}"] is not known before the update`],
  },
  { it: "passes patches of other labels", resources: patch({ team: "shop" }) },
  {
    it: "refuses patches that lower the level or may do so",
    resources: [
      patch({ [enforce]: "privileged" }),
      patch({ [enforce]: null }),
      patch({ [enforce]: unknownText }),
      patch({ [version]: "v1.24" }),
      patch(unknownText),
    ],
    finds: ["is privileged", "is missing", "is not known", "is not latest", "is not known"],
  },
  {
    it: "goes by the levels that are configured",
    resources: [namespace({ [enforce]: "baseline" }), namespace({ [enforce]: "privileged" })],
    settings: { levels: ["restricted", "baseline"] },
    finds: ["is privileged, which lets too much in. Set it to restricted or baseline."],
  },
]);
