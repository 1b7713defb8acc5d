import { type AnalyzedResource, secretValue } from "./policyAnalyzer";
import { secretText } from "./policyCases";
import { compliantPod } from "../../e2e/support/workloads";

/** An object with these properties, as the engine shows it before it is made. */
export function resourceOf(
  type: string,
  properties: Readonly<Record<string, unknown>>,
  others: Partial<AnalyzedResource> = {},
): AnalyzedResource {
  return { type: `kubernetes:${type}`, name: "x", properties, ...others };
}

/** A pod that the restricted standard admits, but for what is changed of it. */
export function podWith(
  spec: Readonly<Record<string, unknown>> = {},
  container: Readonly<Record<string, unknown>> = {},
): AnalyzedResource {
  return resourceOf("core/v1:Pod", { metadata: { name: "x" }, spec: podSpec(spec, container) });
}

/** The same pod's specification. */
export function podSpec(
  spec: Readonly<Record<string, unknown>> = {},
  container: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  const { spec: compliant } = compliantPod("x");
  const [first] = compliant.containers;
  return { ...compliant, containers: [{ ...first, ...container }], ...spec };
}

/** A value that is a secret, and that no message may show. */
export const secret = secretValue(secretText);
