import {
  isHarmless,
  problem,
  providerOptions,
  recordOf,
  textOf,
  unreadable,
} from "secure-environment/core";
import { type Violation, type ResourcePolicy } from "../policy";
import { type JudgedResource } from "../judgedResource";
import { kubernetesObject } from "../kubernetesObject";

/** Something that a provider or an annotation can be told to do, and should not be. */
interface Deviation {
  readonly property: string;
  /** What comes of it, as it goes on after the property's name. */
  readonly fault: string;
  /** Whether the value asks for nothing of it. A missing value never does. */
  readonly isHarmless: (value: unknown) => boolean;
}

const providerDeviations: readonly Deviation[] = providerOptions.map((option) => ({
  property: option.name,
  fault: option.fault,
  isHarmless: (value) => isHarmless(option, value),
}));

const annotationDeviations: readonly Deviation[] = [
  {
    property: "pulumi.com/patchForce",
    fault: "lets the stack overwrite what others have set",
    isHarmless: isOff,
  },
  {
    property: "pulumi.com/deletionPropagationPolicy",
    fault: "lets the stack forget what belongs to the object when it is deleted",
    isHarmless: (value) =>
      ["foreground", "background"].includes(textOf(value)?.toLowerCase() ?? ""),
  },
];

function isOff(value: unknown): boolean {
  return value === false || value === "false" || value === "";
}

/** What a stack makes is its own, and stays known to it. */
export const providersOnlyMakeObjects: ResourcePolicy<object> = {
  name: "providers-only-make-objects",
  description: "Objects are made on the cluster: none is taken over, forced, hidden or forgotten.",
  threat:
    "A provider can be told to take over objects that are there already, those of production among them.",
  remediation: "Leave the option out.",
  severity: "critical",
  url: "https://www.pulumi.com/registry/packages/kubernetes/api-docs/provider/",
  example: {
    bad: 'new k8s.Provider("cluster", { upsertExistingObjects: true })',
    good: 'new k8s.Provider("cluster", {})',
  },
  settings: {},
  judge: (resource) => [
    ...providerViolations(resource.type, resource.properties),
    ...(resource.provider === undefined
      ? []
      : providerViolations(resource.provider.type, resource.provider.properties, "provider.")),
    ...annotationViolations(resource),
  ],
};

function providerViolations(
  type: string,
  properties: JudgedResource["properties"],
  prefix = "",
): Violation[] {
  return type === "pulumi:providers:kubernetes"
    ? deviationViolations(providerDeviations, properties, (property) => prefix + property)
    : [];
}

function annotationViolations(resource: JudgedResource): Violation[] {
  const annotations = recordOf(kubernetesObject(resource)?.metadata["annotations"]);
  return deviationViolations(
    annotationDeviations,
    annotations,
    (key) => `metadata.annotations["${key}"]`,
  );
}

function deviationViolations(
  deviations: readonly Deviation[],
  values: JudgedResource["properties"],
  placeOf: (property: string) => string,
): Violation[] {
  return deviations.flatMap(({ property, fault, isHarmless }) => {
    const value = values[property];
    if (value === undefined || value === null || isHarmless(value)) {
      return [];
    }
    const unknownFault = `is not known before the update, so nobody can tell whether it ${fault}`;
    const found = value === unreadable ? unknownFault : fault;
    return [problem(placeOf(property), found, "Leave it out.")];
  });
}
