import { setTimeout as sleep } from "node:timers/promises";
import { type KubernetesApi } from "secure-environment-kubernetes";
import { SandboxError } from "./errors";

const pause = 50;
const longestWait = 60_000;

/** What a node says of a pod, as far as it is told apart here. */
export interface NodePod {
  readonly status?: { readonly phase?: string; readonly podIP?: string };
}

/** Where the pods of a namespace are. */
export function podsPath(namespace: string): string {
  return `/api/v1/namespaces/${namespace}/pods`;
}

/**
 * Waits until something holds for a pod, and gives the pod as it is then.
 *
 * @throws SandboxError after a minute. It says in which phase the pod is.
 */
export async function podOnce<Pod extends NodePod>(
  api: KubernetesApi,
  namespace: string,
  name: string,
  holds: (pod: Pod) => boolean,
): Promise<Pod> {
  const end = Date.now() + longestWait;
  for (;;) {
    const { body } = await api.request<Pod>("GET", `${podsPath(namespace)}/${name}`);
    if (holds(body)) {
      return body;
    }
    if (Date.now() > end) {
      const phase = body.status?.phase ?? "unknown";
      throw new SandboxError(
        `Waited a minute in vain for the pod ${name} in ${namespace}; its phase is ${phase}.`,
      );
    }
    await sleep(pause);
  }
}
