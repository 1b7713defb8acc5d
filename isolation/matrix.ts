import {
  addBits,
  addCommon,
  type Bits,
  emptyBits,
  fullBits,
  hasBit,
  keepBits,
  numbersOf,
  setBit,
} from "./bits";
import type { Evaluation } from "./evaluation";
import { findPod } from "./judgement";
import type { PodClasses } from "./podClasses";
import type { PodFacts } from "./pods";
import { assertPort, noNames, opensPort, type PolicyPort, portKey } from "./ports";
import type { TargetPort } from "./verdict";

/** For each class, the classes that it reaches or that reach it. */
type Rows = readonly Bits[];

/** For every pair of pods and some ports, whether the one can reach the other. */
export class ReachabilityMatrix {
  private readonly rows: ReadonlyMap<string, Rows>;

  /** @throws RangeError when one of the ports is none. */
  constructor(
    private readonly evaluation: Evaluation,
    private readonly classes: PodClasses,
    readonly ports: readonly TargetPort[],
  ) {
    this.rows = rowsByPort(evaluation, classes, ports);
  }

  /**
   * Whether a pod can reach another one.
   * @throws RangeError when a pod is not among the objects, or the port is not in the matrix.
   */
  allows(from: string, to: string, port: TargetPort): boolean {
    const [source, target] = [findPod(this.evaluation, from), findPod(this.evaluation, to)];
    return source === target || hasBit(this.rowOf(source, port), this.classes.indexOf(target));
  }

  /**
   * The other pods that a pod can reach.
   * @throws RangeError when the pod is not among the objects, or the port is not in the matrix.
   */
  reachableFrom(from: string, port: TargetPort): string[] {
    const source = findPod(this.evaluation, from);
    return [...numbersOf(this.rowOf(source, port))]
      .flatMap((index) => this.classes.all[index]?.members ?? [])
      .filter((target) => target !== source)
      .map(({ name }) => name);
  }

  /**
   * How many pairs of two different pods can reach each other in this direction.
   * @throws RangeError when the port is not in the matrix.
   */
  countAllowed(port: TargetPort): number {
    let count = 0;
    for (const source of this.classes.all) {
      const row = this.rowOf(source.pod, port);
      for (const index of numbersOf(row)) {
        count += source.members.length * (this.classes.all[index]?.members.length ?? 0);
      }
      count -= hasBit(row, source.index) ? source.members.length : 0;
    }
    return count;
  }

  private rowOf(pod: PodFacts, port: TargetPort): Bits {
    const row = this.rows.get(keyOf(port))?.[this.classes.indexOf(pod)];
    if (row === undefined) {
      throw new RangeError(`${keyOf(port)} is not among the ports of the matrix.`);
    }
    return row;
  }
}

function rowsByPort(
  evaluation: Evaluation,
  classes: PodClasses,
  ports: readonly TargetPort[],
): ReadonlyMap<string, Rows> {
  return new Map(
    ports.map((port) => {
      assertPort(port);
      const rows = egressRows(evaluation, classes, port);
      const admitted = transpose(ingressRows(evaluation, classes, port));
      rows.forEach((row, index) => keepBits(row, admitted[index] ?? row));
      return [keyOf(port), rows];
    }),
  );
}

/** For each class, the classes that its own side lets it reach. */
function egressRows(evaluation: Evaluation, classes: PodClasses, port: TargetPort): Rows {
  const listeners = new ListenerBits(classes, port);
  return classes.all.map(({ pod }) => {
    const { isolatedBy, rules } = evaluation.sideOf(pod, "Egress");
    if (isolatedBy.length === 0) {
      return fullBits(classes.all.length);
    }
    const row = emptyBits(classes.all.length);
    for (const rule of rules) {
      for (const entry of rule.ports) {
        addCommon(row, classes.peersOf(rule), listeners.of(entry));
      }
    }
    return row;
  });
}

/** For each class, the classes that its own side lets in. */
function ingressRows(evaluation: Evaluation, classes: PodClasses, port: TargetPort): Rows {
  return classes.all.map(({ pod }) => {
    const { isolatedBy, rules } = evaluation.sideOf(pod, "Ingress");
    if (isolatedBy.length === 0) {
      return fullBits(classes.all.length);
    }
    const row = emptyBits(classes.all.length);
    rules
      .filter((rule) => opensPort(rule.ports, port, pod.portNames))
      .forEach((rule) => addBits(row, classes.peersOf(rule)));
    return row;
  });
}

/** For an entry of a rule's ports, the classes on which it opens the port. */
class ListenerBits {
  private readonly all: Bits;
  private readonly none: Bits;
  private readonly named = new Map<string, Bits>();

  constructor(
    private readonly classes: PodClasses,
    private readonly port: TargetPort,
  ) {
    this.all = fullBits(classes.all.length);
    this.none = emptyBits(classes.all.length);
  }

  of(entry: PolicyPort): Bits {
    if (!("name" in entry)) {
      return opensPort([entry], this.port, noNames) ? this.all : this.none;
    }
    const key = portKey(entry.protocol, entry.name);
    const bits =
      this.named.get(key) ??
      this.classes.where(({ portNames }) => opensPort([entry], this.port, portNames));
    this.named.set(key, bits);
    return bits;
  }
}

function transpose(rows: Rows): Rows {
  const columns = rows.map(() => emptyBits(rows.length));
  rows.forEach((row, rowIndex) => {
    for (const index of numbersOf(row)) {
      setBit(columns[index]!, rowIndex);
    }
  });
  return columns;
}

function keyOf({ port, protocol }: TargetPort): string {
  return `${protocol} ${port}`;
}
