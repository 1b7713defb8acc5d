import { labels } from "../../core/labels";
import {
  type AdmissionObjects,
  type AdmissionPolicy,
  type ResourceRule,
} from "./validatingAdmissionPolicy";
import { platformPrefix } from "../../core/platformNames";

/**
 * A policy as the API server takes it. It fails closed: what it cannot judge it refuses.
 * See https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
 */
export function admissionObjects(policy: AdmissionPolicy): AdmissionObjects {
  const name = `${platformPrefix}${policy.name}`;
  return { name, policy: policySpec(policy), binding: bindingSpec(name, policy) };
}

function policySpec(policy: AdmissionPolicy): AdmissionObjects["policy"] {
  const { parameter, exceptions = [], matchConditions = [], variables = [] } = policy;
  const scope = policy.isForEnvironments ? "Namespaced" : "*";
  return {
    failurePolicy: "Fail",
    ...(parameter === undefined
      ? {}
      : { paramKind: { apiVersion: parameter.apiVersion, kind: parameter.kind } }),
    matchConstraints: {
      matchPolicy: "Equivalent",
      resourceRules: policy.rules.map((rule) => resourceRule(rule, scope)),
      ...nonEmpty(
        "excludeResourceRules",
        exceptions.map((rule) => resourceRule(rule, scope)),
      ),
    },
    ...nonEmpty("matchConditions", matchConditions),
    ...nonEmpty("variables", variables),
    validations: policy.validations.map((validation) => ({ ...validation, reason: "Forbidden" })),
  };
}

function resourceRule({ resourceNames = [], ...rule }: ResourceRule, scope: "Namespaced" | "*") {
  return {
    apiGroups: [...rule.apiGroups],
    apiVersions: ["*"],
    resources: [...rule.resources],
    operations: [...rule.operations],
    scope,
    ...(resourceNames.length === 0 ? {} : { resourceNames: [...resourceNames] }),
  };
}

/** Namespaces are told by a marker that only pipelines and administrators can set. */
function bindingSpec(
  policyName: string,
  { isForEnvironments, parameter }: AdmissionPolicy,
): AdmissionObjects["binding"] {
  return {
    policyName,
    validationActions: ["Deny"],
    ...(parameter === undefined
      ? {}
      : { paramRef: { name: parameter.name, parameterNotFoundAction: "Deny" } }),
    ...(isForEnvironments
      ? { matchResources: { namespaceSelector: { matchLabels: { [labels.kind]: "review" } } } }
      : {}),
  };
}

/** The API server stores no empty list: sending one would look like a change in every run. */
function nonEmpty<Item extends object>(key: string, items: readonly Item[]) {
  return items.length === 0 ? {} : { [key]: items.map((item) => ({ ...item })) };
}
