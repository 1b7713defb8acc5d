import {
  isApiServerAudience,
  isMissing,
  isRecord,
  meshTokenAudiences,
  problem,
  problemIf,
  problemUnless,
  projectedSources,
  recordOf,
  unreadable,
} from "secure-environment/core";
import { type Field, fieldBelow, fieldsAt, isNothing, unknownViolation } from "../fields";
import { type Violation, type ResourcePolicy } from "../policy";
import { isOfKind } from "../kinds";
import { type KubernetesObject, kubernetesObject } from "../kubernetesObject";
import { podTemplateOf } from "../podTemplates";

/** Nobody has a token for the API server that never expires. */
export const noLastingTokens: ResourcePolicy<object> = {
  name: "no-lasting-tokens",
  description: "No Secret asks for a token of a service account, and no service account lists one.",
  threat: "A token that never expires still opens the cluster long after it was copied.",
  remediation:
    "Ask for a short-lived token where it is used, such as with `kubectl create token deployer`.",
  severity: "high",
  url: "https://kubernetes.io/docs/concepts/security/service-accounts/#get-a-token",
  example: {
    bad: 'new k8s.core.v1.Secret("x", { type: "kubernetes.io/service-account-token", … })',
    good: "kubectl create token deployer --duration 10m",
  },
  settings: {},
  judge: (resource) => {
    const object = kubernetesObject(resource);
    return object === undefined
      ? []
      : [...tokenSecretViolations(object), ...listedViolations(object)];
  },
};

function tokenSecretViolations(object: KubernetesObject): Violation[] {
  const { property, value } = fieldBelow(rootOf(object), "type");
  if (!isOfKind(object, { "": ["Secret"] })) {
    return [];
  }
  if (value === unreadable) {
    return [unknownViolation(property)];
  }
  const fault = "asks for a token of a service account that never expires";
  const remedy = "Leave the Secret out, and ask for a short-lived token where it is used.";
  return problemIf(value === "kubernetes.io/service-account-token", property, fault, remedy);
}

function listedViolations(object: KubernetesObject): Violation[] {
  const { property, value } = fieldBelow(rootOf(object), "secrets");
  const fault = "lists secrets, which is how lasting tokens are given to an account";
  const remedy = "Leave it out; passwords of image registries belong to imagePullSecrets.";
  const isValid = isNothing(value) || !isOfKind(object, { "": ["ServiceAccount"] });
  return problemUnless(isValid, property, fault, remedy);
}

interface TokenSettings {
  readonly tokenAudiences: readonly string[];
}

/** No pod is given a token for the API server that it did not need to have. */
export const podsHaveNoTokens: ResourcePolicy<TokenSettings> = {
  name: "pods-have-no-tokens",
  description:
    "No pod and no service account has a token for the API server, or a certificate of the cluster, mounted into pods. Tokens for others are for those who are listed.",
  threat: "Whoever breaks into the application acts in the cluster as its service account.",
  remediation: "Set `automountServiceAccountToken` to false.",
  severity: "medium",
  url: "https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#opt-out-of-api-credential-automounting",
  example: {
    bad: 'new k8s.core.v1.ServiceAccount("x")',
    good: 'new k8s.core.v1.ServiceAccount("x", { automountServiceAccountToken: false })',
  },
  settings: {
    tokenAudiences: {
      type: "array",
      description:
        "Whom tokens of pods may be for beside the meshes, such as `sts.amazonaws.com`, as the platform has it in `tokenAudiences`. None is the API server.",
      items: { type: "string", minLength: 1 },
      default: [],
    },
  },
  judge: (resource, { tokenAudiences }) => {
    const object = kubernetesObject(resource);
    return object === undefined
      ? []
      : [...accountViolations(object), ...podViolations(object, tokenAudiences)];
  },
};

/** An account that does not say otherwise gives its token to its pods. */
function accountViolations(object: KubernetesObject): Violation[] {
  const field = fieldBelow(rootOf(object), "automountServiceAccountToken");
  return !isOfKind(object, { "": ["ServiceAccount"] }) || (object.isPatch && isMissing(field.value))
    ? []
    : automountViolations(field);
}

function podViolations(object: KubernetesObject, audiences: readonly string[]): Violation[] {
  const template = podTemplateOf(object);
  if (template === undefined || template.spec.value === unreadable) {
    return [];
  }
  const automount = fieldBelow(template.spec, "automountServiceAccountToken");
  return [
    ...(isMissing(automount.value) ? [] : automountViolations(automount)),
    ...fieldsAt(template.spec, "volumes[].projected.sources[]").flatMap((source) => [
      ...sourceViolations(source),
      ...projectedViolations(fieldBelow(source, "serviceAccountToken"), audiences),
    ]),
  ];
}

function automountViolations({ property, value }: Field): Violation[] {
  if (value === unreadable) {
    return [unknownViolation(property)];
  }
  const fault = isMissing(value) ? "is missing, so its pods get a token" : "gives pods a token";
  const remedy = "Set it to false: pods of an environment have no business with the API server.";
  return problemUnless(value === false, property, `${fault} for the API server`, remedy);
}

/** Other sources give a client certificate for the API server, or what later versions have. */
function sourceViolations({ property, value }: Field): Violation[] {
  const others = Object.entries(recordOf(value)).filter(
    ([source, content]) => !isMissing(content) && !projectedSources.includes(source),
  );
  const fault = "is of a type that may prove to the cluster who the pod is";
  const remedy = `Use ${projectedSources.join(", ")}.`;
  return problemUnless(others.length === 0, property, fault, remedy);
}

/** A token for somebody else, such as a cloud's identity service, is of no use at the API server. */
function projectedViolations(token: Field, audiences: readonly string[]): Violation[] {
  const { property, value } = fieldBelow(token, "audience");
  if (!isRecord(token.value)) {
    return [];
  }
  if (value === unreadable) {
    return [unknownViolation(property)];
  }
  if (isNothing(value) || (typeof value === "string" && isApiServerAudience(value))) {
    const fault = "gives the pod a token for the API server";
    const remedy = "Leave it out, or name the audience that the token is meant for.";
    return [problem(token.property, fault, remedy)];
  }
  const listed: readonly unknown[] = [...Object.values(meshTokenAudiences).flat(), ...audiences];
  const fault = "names somebody for whom pods of environments have no tokens";
  const remedy =
    "Leave the token out, or have the platform's administrators add its audience to the setting `tokenAudiences`.";
  return problemUnless(listed.includes(value), property, fault, remedy);
}

function rootOf({ properties }: KubernetesObject): Field {
  return { property: "", value: properties };
}
