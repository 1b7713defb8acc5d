import {
  type Direction,
  type IsolationModel,
  type SideVerdict,
  type TargetPort,
} from "#isolation/index";
import { type Actor } from "./scene";

/** A run of ports on which one end reaches the other, both ends included. */
export interface OpenPorts {
  readonly protocol: TargetPort["protocol"];
  readonly first: number;
  readonly last: number;
  /** The policies of the environment that open them. */
  readonly by: string;
}

const protocols = ["TCP", "UDP", "SCTP"] as const;
const directions = ["Ingress", "Egress"] as const;
const lastPort = 65535;

/** Answers what is open between an environment's pods and others, on every port there is. */
export class PortProbe {
  /** No rule tells the ports from one of these up to the next apart, so that one stands for all. */
  private readonly firstPorts: readonly number[];

  /** @param namespaces those with policies. */
  constructor(
    private readonly model: IsolationModel,
    namespaces: readonly string[],
  ) {
    const starts = namespaces.flatMap((namespace) => ruleBounds(model, namespace));
    this.firstPorts = [...new Set([1, ...starts])]
      .filter((port) => port <= lastPort)
      .sort((one, other) => one - other);
  }

  /** The ports that are open to an environment's pod, or from it to others. */
  openPorts(own: Actor, direction: Direction, other: Actor): OpenPorts[] {
    const [from, to] = direction === "Ingress" ? [other, own] : [own, other];
    const side = direction === "Ingress" ? "ingress" : "egress";
    const open = protocols.flatMap((protocol) =>
      this.firstPorts.flatMap((first, index) => {
        const verdict = this.model.verdict(from.endpoint, to.endpoint, { port: first, protocol });
        const last = (this.firstPorts[index + 1] ?? lastPort + 1) - 1;
        return verdict.allowed ? [{ protocol, first, last, by: policiesOf(verdict[side]) }] : [];
      }),
    );
    return joinRuns(open);
  }
}

function ruleBounds(model: IsolationModel, namespace: string): number[] {
  return directions
    .flatMap((direction) => model.deniesByDefault(namespace, direction).openings)
    .flatMap(({ ports }) => ports)
    .flatMap((port) => ("name" in port ? [] : [port.port, port.endPort + 1]));
}

/** `review-shop/dns egress[0]` is a rule of the policy `dns`. */
function policiesOf({ by }: SideVerdict): string {
  const policies = by.map((rule) => rule.replace(/^.*\/(\S+) .*$/, "$1"));
  return [...new Set(policies)].join(" and ") || "no policy";
}

function joinRuns(runs: readonly OpenPorts[]): OpenPorts[] {
  const joined: OpenPorts[] = [];
  for (const run of runs) {
    const previous = joined.at(-1);
    if (
      previous?.protocol === run.protocol &&
      previous.by === run.by &&
      previous.last + 1 === run.first
    ) {
      joined[joined.length - 1] = { ...previous, last: run.last };
    } else {
      joined.push(run);
    }
  }
  return joined;
}
