import {
  isRecord,
  problem,
  problemUnless,
  type UnknownRecord,
  unreadable,
} from "secure-environment/core";
import { type StackPolicy, type StackViolation, violationsBy } from "../policy";
import { type JudgedProvider, type JudgedResource } from "../judgedResource";
import { kubernetesObject } from "../kubernetesObject";

/** Walls hold what is in the same cluster. */
export const environmentIsOnOneCluster: StackPolicy<object> = {
  name: "environment-is-on-one-cluster",
  description:
    "One provider makes all objects of the stack, and which cluster it leads to is known before the update.",
  threat: "The walls stand in another cluster than the pods, which run without any.",
  remediation:
    "Make all objects with the same provider: that of the configuration, or one that is given to all of them.",
  severity: "critical",
  url: "https://www.pulumi.com/docs/iac/concepts/resources/providers/#explicit-provider-configuration",
  example: {
    bad: 'new SecureEnvironment("x"); new k8s.core.v1.Pod("web", { … }, { provider: other })',
    good: 'new SecureEnvironment("x", {}, { provider }); new k8s.core.v1.Pod("web", { … }, { provider })',
  },
  settings: {},
  judgeStack: (stack) => {
    const made = stack.resources.filter(isMadeOnCluster);
    const reference = stack.namespaces[0]?.object.resource ?? made[0];
    return [...otherViolations(made, reference), ...unknownViolations(made)];
  },
};

function isMadeOnCluster(resource: JudgedResource): boolean {
  return (
    resource.provider?.type === "pulumi:providers:kubernetes" ||
    kubernetesObject(resource) !== undefined
  );
}

function otherViolations(
  made: readonly JudgedResource[],
  reference: JudgedResource | undefined,
): StackViolation[] {
  const wanted = keyOf(reference?.provider);
  return made.flatMap((resource) => {
    const { provider } = resource;
    if (provider === undefined) {
      const fault = "has no provider, so nobody can tell on which cluster it is";
      const remedy = "Make it with the provider of the namespace.";
      return [{ resource, ...problem("", fault, remedy) }];
    }
    const fault = `is made by the provider ${provider.name}, and ${reference?.name} by ${reference?.provider?.name ?? "none"}`;
    const remedy = "Give both the same provider, so that the walls are where the pods are.";
    return violationsBy(resource, problemUnless(keyOf(provider) === wanted, "", fault, remedy));
  });
}

/**
 * What tells providers apart. Those that Pulumi itself makes, one for each version of the package,
 * are as good as one if they are configured alike; of others each is its own.
 */
function keyOf(provider: JudgedProvider | undefined): string | undefined {
  return provider !== undefined && /^default(_|$)/.test(provider.name)
    ? configurationOf(provider.properties)
    : provider?.urn;
}

function configurationOf(properties: UnknownRecord): string {
  const entries = Object.entries(properties).filter(([key]) => key !== "version");
  return JSON.stringify(entries.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

/** Where a provider leads to; other names are not repeated, as anything could be in them. */
const placeProperties = ["cluster", "context", "kubeconfig", "namespace"];

/** Each provider once, at the first that it makes. */
function unknownViolations(made: readonly JudgedResource[]): StackViolation[] {
  const first = new Map(made.toReversed().map((resource) => [resource.provider?.urn, resource]));
  return [...first.values()].flatMap((resource) => {
    const unknown = Object.entries(resource.provider?.properties ?? {}).filter(([, value]) =>
      hasUnreadable(value),
    );
    const fault = "is not known before the update, so nobody can tell where the objects will be";
    const remedy = "Configure the provider with plain values.";
    return unknown.map(([key]) => ({
      resource,
      ...problem(placeProperties.includes(key) ? `provider.${key}` : "provider", fault, remedy),
    }));
  });
}

function hasUnreadable(value: unknown): boolean {
  if (Array.isArray(value)) {
    return value.some(hasUnreadable);
  }
  return value === unreadable || (isRecord(value) && Object.values(value).some(hasUnreadable));
}
