import { type KubernetesApi } from "secure-environment-sandbox";

/** What happened to an object, and when: revisions of the API server's store never repeat. */
export interface HistoryEvent {
  readonly type: string;
  readonly object: string;
  readonly revision: bigint;
}

const watched = {
  Namespace: "/api/v1/namespaces",
  Pod: "/api/v1/pods",
  ResourceQuota: "/api/v1/resourcequotas",
  LimitRange: "/api/v1/limitranges",
  NetworkPolicy: "/apis/networking.k8s.io/v1/networkpolicies",
  Role: "/apis/rbac.authorization.k8s.io/v1/roles",
  RoleBinding: "/apis/rbac.authorization.k8s.io/v1/rolebindings",
};

/** Records what happens to the objects of one namespace, the namespace included. */
export class History {
  readonly events: HistoryEvent[] = [];
  private readonly stops: (() => void)[] = [];
  private readonly listeners = new Set<(event: HistoryEvent) => void>();

  static async of(api: KubernetesApi, namespace: string): Promise<History> {
    const history = new History();
    for (const [kind, path] of Object.entries(watched)) {
      const stop = await api.watch(path, ({ type, object }) => {
        const { name, namespace: home, resourceVersion } = object.metadata;
        if ((home ?? name) === namespace) {
          history.record({ type, object: `${kind}/${name}`, revision: BigInt(resourceVersion) });
        }
      });
      history.stops.push(stop);
    }
    return history;
  }

  /** Resolves with the first such event, those of the past included. */
  until(type: string, object: string): Promise<HistoryEvent> {
    const isWanted = (event: HistoryEvent) => event.type === type && event.object === object;
    const past = this.events.find(isWanted);
    if (past !== undefined) {
      return Promise.resolve(past);
    }
    return new Promise((resolve) => {
      const listener = (event: HistoryEvent) => {
        if (isWanted(event)) {
          this.listeners.delete(listener);
          resolve(event);
        }
      };
      this.listeners.add(listener);
    });
  }

  /** Objects of which there is such an event, in the order in which the API server wrote them. */
  order(type: string): string[] {
    return this.events
      .filter((event) => event.type === type)
      .sort((left, right) => (left.revision < right.revision ? -1 : 1))
      .map((event) => event.object);
  }

  stop(): void {
    this.stops.forEach((stop) => stop());
  }

  private record(event: HistoryEvent): void {
    this.events.push(event);
    this.listeners.forEach((listener) => listener(event));
  }
}
