import { isMissing, unreadable } from "secure-environment/core";

/**
 * Something in an object that cannot be relied on, and how it counts instead. It is no `Problem` of
 * core: it is about an object of a cluster, which it names, and the model goes on without a remedy.
 */
export interface Doubt {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  /** Where it is, such as `spec.ingress[0].from[1].ipBlock.cidr`. */
  readonly property: string;
  /** What was found there; left out when nothing was, or nothing that can be read. */
  readonly found?: unknown;
  /** Whether something is there that is not known yet or cannot be looked at. */
  readonly isUnknown?: true;
  /** What is wrong, and what the judgement makes of it. */
  readonly fault: string;
}

/** The object that is being read. */
export interface DoubtSubject {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/** Collects the doubts of one object. */
export class DoubtCollector {
  constructor(
    private readonly subject: DoubtSubject,
    private readonly doubts: Doubt[],
  ) {}

  add(property: string, found: unknown, fault: string): void {
    this.doubts.push({ ...this.subject, property, ...whatIsThere(found), fault });
  }
}

function whatIsThere(found: unknown): Pick<Doubt, "found" | "isUnknown"> {
  if (found === unreadable) {
    return { isUnknown: true };
  }
  return isMissing(found) ? {} : { found };
}
