import { type Problem } from "secure-environment/core";
import { type JudgedResource } from "./judgedResource";
import { type JudgedStack } from "./judgedStack";
import { type KubernetesObject, kubernetesObject } from "./kubernetesObject";
import { type SettingsSchema } from "./settings";

/**
 * How a policy is violated: a problem of a resource, whose property is such as
 * `spec.ingress[0].from[1].ipBlock.cidr`, or empty for the resource as a whole. What was found there is
 * left out, and the texts hold no value either: it could be a secret.
 */
export type Violation = Omit<Problem, "found">;

/** What messages say of a resource. */
export type ConcernedResource = Pick<JudgedResource, "name" | "type" | "urn">;

/** A violation by one resource of a stack, or by the stack as a whole. */
export interface StackViolation extends Violation {
  readonly resource?: ConcernedResource;
}

/** Violations by this resource. */
export function violationsBy(
  resource: ConcernedResource,
  violations: readonly Violation[],
): StackViolation[] {
  return violations.map((violation) => ({ resource, ...violation }));
}

/** What holds for every stack, whichever program makes it. */
interface Policy {
  /** In kebab-case: what holds where it is kept. */
  readonly name: string;
  /** One sentence: what holds. */
  readonly description: string;
  /** One sentence: what could happen where it does not hold. */
  readonly threat: string;
  /** What to do where it does not hold, in general; a violation says it for its own case. */
  readonly remediation: string;
  readonly severity: "low" | "medium" | "high" | "critical";
  /** Where the rule comes from. */
  readonly url: string;
  /** Whether a violation is only told. Defaults to false: it stops the update. */
  readonly isAdvisory?: boolean;
  /** The same lines of a program, first as they break it and then as they keep it. */
  readonly example: { readonly bad: string; readonly good: string };
}

/** A policy about single resources. It is judged before each is created, at an instant in UTC. */
export interface ResourcePolicy<Settings extends object> extends Policy {
  readonly settings: SettingsSchema<Settings>;
  judge(this: void, resource: JudgedResource, settings: Settings, now: string): Violation[];
}

/** A policy about what is there and what is missing. It is judged once all resources are known. */
export interface StackPolicy<Settings extends object> extends Policy {
  readonly settings: SettingsSchema<Settings>;
  judgeStack(this: void, stack: JudgedStack, settings: Settings): StackViolation[];
}

/** Any policy, whatever its settings are. */
export type AnyPolicy = ResourcePolicy<object> | StackPolicy<object>;

/** Judges objects of Kubernetes, patches of them included, and nothing else. */
export function onObjects<Settings>(
  judge: (object: KubernetesObject, settings: Settings, now: string) => Violation[],
): (resource: JudgedResource, settings: Settings, now: string) => Violation[] {
  return (resource, settings, now) => {
    const object = kubernetesObject(resource);
    return object === undefined ? [] : judge(object, settings, now);
  };
}
