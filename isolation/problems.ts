import { isMissing, unreadable } from "secure-environment/core";

/** Something in an object that cannot be relied on, and how it counts instead. */
export interface Problem {
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
export interface ProblemSubject {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/** Collects the problems of one object. */
export class ProblemCollector {
  constructor(
    private readonly subject: ProblemSubject,
    private readonly problems: Problem[],
  ) {}

  add(property: string, found: unknown, fault: string): void {
    this.problems.push({ ...this.subject, property, ...whatIsThere(found), fault });
  }
}

function whatIsThere(found: unknown): Pick<Problem, "found" | "isUnknown"> {
  if (found === unreadable) {
    return { isUnknown: true };
  }
  return isMissing(found) ? {} : { found };
}
