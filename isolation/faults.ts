/** Something in an object that cannot be relied on, and how it counts instead. */
export interface Fault {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  /** Where it is, such as `spec.ingress[0].from[1].ipBlock.cidr`. */
  readonly property: string;
  /** What was found there; left out when nothing was, or nothing that can be read. */
  readonly found?: unknown;
  /** What is wrong, and what the judgement makes of it. */
  readonly fault: string;
}

/** The object that is being read. */
export interface FaultySubject {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/** Collects the faults of one object. */
export class FaultCollector {
  constructor(
    private readonly subject: FaultySubject,
    private readonly faults: Fault[],
  ) {}

  add(property: string, found: unknown, fault: string): void {
    const readable = found === undefined || found === null || found === unreadable;
    this.faults.push({ ...this.subject, property, ...(readable ? {} : { found }), fault });
  }
}

/** Stands for a value that is not known or cannot be looked at. It has no type that is expected. */
export const unreadable = Symbol("unreadable");
