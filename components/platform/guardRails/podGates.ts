import { defaultDenySpec } from "../../network/isolationPolicies";
import { objectNames } from "../../objectNames";
import { type AdmissionPolicy } from "../admissionPolicy";
import { literal } from "../cel";

const pods = { apiGroups: [""], resources: ["pods"], operations: ["CREATE"] } as const;

/** No pod runs where the network is open, whoever makes it and whatever pipeline forgot the wall. */
export const podsWaitForDefaultDeny: AdmissionPolicy = {
  name: "pods-wait-for-default-deny",
  scope: "reviewNamespaces",
  rules: [pods],
  parameter: {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    name: objectNames.defaultDeny,
  },
  validations: [
    {
      expression: `dyn(params.spec) == ${literal(defaultDenySpec())}`,
      message: `The network policy ${objectNames.defaultDeny} does not close both directions for every pod. Run \`pulumi up\` for this environment.`,
    },
  ],
};

const boundedKeys = ["limits.cpu", "limits.memory", "limits.ephemeral-storage", "pods"];

/** No pod runs where nothing bounds what pods take. */
export const podsWaitForQuota: AdmissionPolicy = {
  name: "pods-wait-for-quota",
  scope: "reviewNamespaces",
  rules: [pods],
  parameter: { apiVersion: "v1", kind: "ResourceQuota", name: objectNames.quota },
  validations: [
    {
      expression: `${literal(boundedKeys)}.all(key, params.spec.?hard[?key].hasValue()) && params.spec.?scopes.orValue([]).size() == 0 && !has(params.spec.scopeSelector)`,
      message: `The quota ${objectNames.quota} does not bound ${boundedKeys.join(", ")} of every pod. Run \`pulumi up\` for this environment.`,
    },
  ],
};
