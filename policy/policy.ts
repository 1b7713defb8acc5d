import { type JudgedResource } from "./judgedResource";
import { type JudgedStack } from "./judgedStack";
import { type KubernetesObject, kubernetesObject } from "./kubernetesObject";
import { type SettingsSchema } from "./settings";

/** Something that is not as guaranteed. Its texts hold no value that could be a secret. */
export interface Finding {
  /** Where it is in the resource, such as `spec.ingress[0].from[1].ipBlock.cidr`. */
  readonly property?: string;
  /** What was found there. */
  readonly fault: string;
  /** What to do. */
  readonly remedy: string;
}

/** What messages say of a resource. */
export type ConcernedResource = Pick<JudgedResource, "name" | "type" | "urn">;

/** A finding about one resource of a stack, or about the stack as a whole. */
export interface StackFinding extends Finding {
  readonly resource?: ConcernedResource;
}

/** What every stack is guaranteed to be, whoever wrote its program. */
interface Guarantee {
  /** In kebab-case: what holds where it is kept. */
  readonly name: string;
  /** One sentence: what holds. */
  readonly description: string;
  /** One sentence: what could happen where it does not hold. */
  readonly threat: string;
  /** What to do where it does not hold, in general; a finding says it for its own case. */
  readonly remediation: string;
  readonly severity: "low" | "medium" | "high" | "critical";
  /** Where the rule comes from. */
  readonly url: string;
  /** Whether a violation is only told. Defaults to false: it stops the update. */
  readonly isAdvisory?: boolean;
  /** The same lines of a program, first as they break it and then as they keep it. */
  readonly example: { readonly bad: string; readonly good: string };
}

/** A guarantee about single resources. It is judged before each is created. */
export interface ResourceGuarantee<Settings extends object> extends Guarantee {
  readonly settings: SettingsSchema<Settings>;
  judge(this: void, resource: JudgedResource, settings: Settings): Finding[];
}

/** A guarantee about what is there and what is missing. It is judged once all resources are known. */
export interface StackGuarantee<Settings extends object> extends Guarantee {
  readonly settings: SettingsSchema<Settings>;
  judgeStack(this: void, stack: JudgedStack, settings: Settings): StackFinding[];
}

/** Judges objects of Kubernetes, patches of them included, and nothing else. */
export function onObjects<Settings>(
  judge: (object: KubernetesObject, settings: Settings) => Finding[],
): (resource: JudgedResource, settings: Settings) => Finding[] {
  return (resource, settings) => {
    const object = kubernetesObject(resource);
    return object === undefined ? [] : judge(object, settings);
  };
}
