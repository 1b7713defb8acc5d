import type { Evaluation } from "./evaluation";
import { judge } from "./judgement";
import type { Service } from "./objects";
import type { PodFacts } from "./pods";
import { isPortNumber, portKey } from "./ports";
import { listOf, recordOf } from "secure-environment/core";
import type { Endpoint, TargetPort, Verdict } from "./verdict";

/** One pod behind a service. */
export interface BackingPod {
  readonly pod: string;
  /** The port it is reached on; left out when the pod has none of that name. */
  readonly port?: number;
  readonly verdict?: Verdict;
}

/** Whether a service's port reaches at least one pod, and which. */
export interface ServiceVerdict {
  readonly allowed: boolean;
  /**
   * A service without a selector, or with another name for its backend, leads to backends
   * that the objects here do not tell. So it counts as allowed, and so does what cannot be read.
   */
  readonly backing: "pods" | "unknown";
  readonly pods: readonly BackingPod[];
}

/**
 * Judges the connections that a service's port leads to. Network policies see pods, not services.
 * @throws RangeError when the service or its port, or the source, is not among the objects.
 */
export function judgeService(
  evaluation: Evaluation,
  from: Endpoint,
  name: string,
  servicePort: TargetPort,
): ServiceVerdict {
  const service = evaluation.cluster.services.get(name);
  if (service === undefined) {
    throw new RangeError(`${name} is no service among the objects. Name it as namespace/name.`);
  }
  const { selector, type } = recordOf(service.spec);
  const labels = Object.entries(recordOf(selector));
  const isReadable = labels.length > 0 && labels.every(([, value]) => typeof value === "string");
  const targetPort =
    isReadable && type !== "ExternalName" ? targetPortOf(service, name, servicePort) : undefined;
  if (targetPort === undefined) {
    return { allowed: true, backing: "unknown", pods: [] };
  }
  const namespace = name.slice(0, name.indexOf("/"));
  const pods = [...evaluation.cluster.pods.values()]
    .filter((pod) => pod.namespace === namespace)
    .filter((pod) => labels.every(([key, value]) => pod.labels.known.get(key) === value))
    .map((pod) => judgePod(evaluation, from, pod, targetPort, servicePort.protocol));
  const allowed = pods.some(({ verdict }) => verdict?.allowed === true);
  return { allowed, backing: "pods", pods };
}

function judgePod(
  evaluation: Evaluation,
  from: Endpoint,
  pod: PodFacts,
  targetPort: number | string,
  protocol: TargetPort["protocol"],
): BackingPod {
  const port =
    typeof targetPort === "number"
      ? targetPort
      : pod.portNames.get(portKey(protocol, targetPort))?.[0];
  return port === undefined
    ? { pod: pod.name }
    : {
        pod: pod.name,
        port,
        verdict: judge(evaluation, from, { pod: pod.name }, { port, protocol }),
      };
}

function targetPortOf(
  service: Service,
  name: string,
  wanted: TargetPort,
): number | string | undefined {
  const ports = listOf(recordOf(service.spec)["ports"]).map(recordOf);
  const found = ports.find(
    ({ port, protocol }) => port === wanted.port && (protocol ?? "TCP") === wanted.protocol,
  );
  if (found === undefined) {
    throw new RangeError(`${name} has no port ${wanted.port} of ${wanted.protocol}.`);
  }
  const targetPort = found["targetPort"] ?? wanted.port;
  return typeof targetPort === "string" || isPortNumber(targetPort) ? targetPort : undefined;
}
