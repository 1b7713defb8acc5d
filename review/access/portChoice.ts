/** A Service, in the parts by which a port of its pods is found. */
export interface FoundService {
  readonly metadata?: { readonly name?: string };
  readonly spec?: {
    readonly selector?: Readonly<Record<string, string>>;
    readonly ports?: readonly ServicePort[];
  };
}

interface ServicePort {
  readonly name?: string;
  readonly port: number;
  readonly protocol?: string;
  readonly targetPort?: number | string;
}

/** A Pod, in the parts that say whether and where it answers. */
export interface FoundPod {
  readonly metadata?: { readonly name?: string; readonly deletionTimestamp?: string };
  readonly spec?: {
    readonly containers?: readonly {
      readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
    }[];
  };
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

/** A port of a Service, and the pods behind it. */
export interface ChosenPort {
  readonly service: string;
  /** As the Service has it. */
  readonly port: number;
  /** What selects the pods, as the API server takes it. */
  readonly labelSelector: string;
  readonly targetPort: number | string;
}

/**
 * Finds the port of a Service that is meant.
 *
 * @param wanted such as `web:80`, `web:http` or `web`; without it there must be one alone.
 * @returns the port, or in words what there is to choose from.
 */
export function choosePort(
  services: readonly FoundService[],
  wanted: string | undefined,
): ChosenPort | string {
  const all = services.flatMap(portsOf);
  const [name, port] = wanted?.split(":") ?? [];
  const meant = all.filter(
    (one) =>
      (name === undefined || one.service === name) &&
      (port === undefined || String(one.port) === port || one.name === port),
  );
  const [chosen, another] = meant;
  if (chosen !== undefined && another === undefined) {
    return chosen;
  }
  const choices = (meant.length > 0 ? meant : all).map((one) => `${one.service}:${one.port}`);
  if (choices.length === 0) {
    return "there is no Service with a TCP port and pods behind it; deploy the application first";
  }
  const which = meant.length > 0 ? "several are meant" : `there is no ${wanted}`;
  return `${which}; choose one of ${choices.join(", ")}`;
}

function portsOf({ metadata, spec = {} }: FoundService) {
  const selector = Object.entries(spec.selector ?? {});
  if (selector.length === 0) {
    return [];
  }
  const labelSelector = selector.map(([key, value]) => `${key}=${value}`).join(",");
  return (spec.ports ?? [])
    .filter(({ protocol = "TCP" }) => protocol === "TCP")
    .map(({ name, port, targetPort = port }) => ({
      service: metadata?.name ?? "",
      name,
      port,
      labelSelector,
      targetPort,
    }));
}

/** A pod that is ready, and the number of its port; `undefined` when there is none. */
export function readyPod(
  pods: readonly FoundPod[],
  targetPort: number | string,
): { readonly name: string; readonly port: number } | undefined {
  const ready = pods
    .filter(isReady)
    .map((pod) => ({ name: pod.metadata?.name ?? "", port: portOf(pod, targetPort) }));
  return ready.find((one): one is { name: string; port: number } => one.port !== undefined);
}

function isReady({ metadata, status }: FoundPod): boolean {
  const conditions = status?.conditions ?? [];
  return (
    metadata?.deletionTimestamp === undefined &&
    conditions.some((condition) => condition.type === "Ready" && condition.status === "True")
  );
}

function portOf({ spec }: FoundPod, targetPort: number | string): number | undefined {
  if (typeof targetPort === "number") {
    return targetPort;
  }
  const ports = (spec?.containers ?? []).flatMap(({ ports = [] }) => ports);
  return ports.find(({ name }) => name === targetPort)?.containerPort;
}
