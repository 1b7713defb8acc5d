import { type Cluster, readCluster } from "./cluster";
import { type DefaultDeny, judgeDefault } from "./defaultDeny";
import { Evaluation } from "./evaluation";
import type { Doubt } from "./doubts";
import { judge } from "./judgement";
import { ReachabilityMatrix } from "./matrix";
import type { IsolationObject } from "./objects";
import type { IsolationOptions } from "./options";
import { PodClasses } from "./podClasses";
import type { Direction } from "./policies";
import { type NamespaceReach, reachOf } from "./reach";
import { judgeService, type ServiceVerdict } from "./services";
import type { Endpoint, TargetPort, Verdict } from "./verdict";

/**
 * Says who can reach whom by the network policies among some objects, as the NetworkPolicy API is
 * specified. A part that is not understood counts as open and is among the doubts.
 *
 * Not in the model, as no policy can close it: what comes to a pod from its own node, and what a
 * pod says to itself.
 * See https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export class IsolationModel {
  private readonly cluster: Cluster;
  private readonly evaluation: Evaluation;
  private knownClasses: PodClasses | undefined;

  /** @throws RangeError when one of `options.podCidrs` is no range. */
  constructor(objects: readonly IsolationObject[], options: IsolationOptions = {}) {
    this.cluster = readCluster(objects, options.podCidrs ?? []);
    this.evaluation = new Evaluation(this.cluster, options.ipBlocksMatchPods ?? true);
  }

  /** What cannot be relied on in the objects. */
  get doubts(): readonly Doubt[] {
    return this.cluster.doubts;
  }

  /**
   * Whether one end can reach the other on a port.
   * @throws RangeError when a pod is not among the objects, or an address or the port is none.
   */
  verdict(from: Endpoint, to: Endpoint, port: TargetPort): Verdict {
    return judge(this.evaluation, from, to, port);
  }

  /**
   * Whether one end can reach the pods behind a port of a service, named as `namespace/name`.
   * @throws RangeError when the service, its port or the source is not among the objects.
   */
  serviceVerdict(from: Endpoint, service: string, servicePort: TargetPort): ServiceVerdict {
    return judgeService(this.evaluation, from, service, servicePort);
  }

  /**
   * Whether each pod can reach each other one on some ports.
   * @throws RangeError when one of the ports is none.
   */
  matrix(ports: readonly TargetPort[]): ReachabilityMatrix {
    return new ReachabilityMatrix(this.evaluation, this.classes, ports);
  }

  /** What goes through the walls of a namespace, with the pods that are there. */
  reachOf(namespace: string): NamespaceReach {
    return reachOf(this.evaluation, this.classes, namespace);
  }

  /** Whether a namespace is closed in one direction but for what its policies open. */
  deniesByDefault(namespace: string, direction: Direction): DefaultDeny {
    return judgeDefault(this.cluster, namespace, direction);
  }

  private get classes(): PodClasses {
    this.knownClasses ??= new PodClasses(this.evaluation);
    return this.knownClasses;
  }
}

/** A model of some objects. */
export function createModel(
  objects: readonly IsolationObject[],
  options?: IsolationOptions,
): IsolationModel {
  return new IsolationModel(objects, options);
}
