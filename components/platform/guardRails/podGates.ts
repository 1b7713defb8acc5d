import { defaultDenySpec } from "../../network/isolationPolicies";
import { computeResources } from "../../capacity/amounts";
import { objectNames } from "../../objectNames";
import { type AdmissionPolicy } from "../admissionPolicy";
import { literal } from "../cel";

const pods = { apiGroups: [""], resources: ["pods"], operations: ["CREATE"] } as const;

/** No pod runs where the network is open, whoever makes it and whatever pipeline forgot the wall. */
export const podsWaitForDefaultDeny: AdmissionPolicy = {
  name: "pods-wait-for-default-deny",
  isForEnvironments: true,
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

/** No pod runs where what it does not say is not counted: the quota needs the limit range. */
export const podsWaitForLimitRange: AdmissionPolicy = {
  name: "pods-wait-for-limit-range",
  isForEnvironments: true,
  rules: [pods],
  parameter: { apiVersion: "v1", kind: "LimitRange", name: objectNames.limits },
  validations: [
    {
      expression:
        '["Container", "Pod"].all(type, params.spec.?limits.orValue([]).exists(limit, limit.type == type && ' +
        `${literal(computeResources)}.all(key, limit.?max[?key].hasValue())))`,
      message: `The limit range ${objectNames.limits} does not bound ${computeResources.join(", ")} of containers and pods. Run \`pulumi up\` for this environment.`,
    },
  ],
};

const boundedKeys = ["limits.cpu", "limits.memory", "limits.ephemeral-storage", "pods"];

/** No pod runs where nothing bounds what pods take. */
export const podsWaitForQuota: AdmissionPolicy = {
  name: "pods-wait-for-quota",
  isForEnvironments: true,
  rules: [pods],
  parameter: { apiVersion: "v1", kind: "ResourceQuota", name: objectNames.quota },
  validations: [
    {
      expression: `${literal(boundedKeys)}.all(key, params.spec.?hard[?key].hasValue()) && params.spec.?scopes.orValue([]).size() == 0 && !has(params.spec.scopeSelector)`,
      message: `The quota ${objectNames.quota} does not bound ${boundedKeys.join(", ")} of every pod. Run \`pulumi up\` for this environment.`,
    },
  ],
};
