import type { V1Pod } from "@kubernetes/client-node";
import { setTimeout as sleep } from "node:timers/promises";
import { type KubernetesApi } from "secure-environment-kubernetes";
import { SandboxError } from "secure-environment-sandbox";

const longestWait = 60_000;

/** A namespace, and who creates pods in it. */
export interface Place {
  readonly namespace: string;
  readonly api: KubernetesApi;
}

/** What a visitor found at a page. */
export interface Visit {
  /** Such as `open` or `refused`. */
  readonly outcome: string;
  readonly page?: string;
}

const containerSecurity = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };

/** The specification of a pod that the walls admit, with one container that runs the probe. */
export function podSpec(image: string, args: readonly string[]) {
  return {
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: 1,
    securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    containers: [
      { name: "main", image, imagePullPolicy: "Never", args, securityContext: containerSecurity },
    ],
  };
}

/**
 * Runs a pod that serves a web page, unless it runs already.
 *
 * @returns the address of the page.
 */
export async function servePage(place: Place, image: string, page: string): Promise<string> {
  const pod = {
    metadata: { name: "shop", labels: { app: "shop" } },
    spec: podSpec(image, ["serve", "--page", page, "http:8080"]),
  };
  const { status, body } = await place.api.request<{ message: string }>("POST", pods(place), pod);
  if (status !== 201 && status !== 409) {
    throw new SandboxError(`The page of ${place.namespace} was not deployed: ${body.message}`);
  }
  const running = await podOnce(place, "shop", ({ status }) => status?.phase === "Running");
  return `http://${running.status?.podIP}:8080/`;
}

/**
 * Runs a pod that visits a page for two seconds, and says what it found in the end: the first packets
 * of a new pod may pass before its walls bind.
 */
export async function visit(place: Place, image: string, page: string): Promise<Visit> {
  const pod = {
    metadata: { generateName: "visitor-" },
    spec: {
      ...podSpec(image, ["ask", "--timeout", "500ms", "--every", "250ms", "--for", "2s", page]),
      restartPolicy: "Never",
    },
  };
  const { status, body } = await place.api.request<V1Pod & { message: string }>(
    "POST",
    pods(place),
    pod,
  );
  const name = body.metadata?.name;
  if (status !== 201 || name === undefined) {
    throw new SandboxError(`No visitor runs in ${place.namespace}: ${body.message}`);
  }
  await podOnce(place, name, (visitor) => visitor.status?.phase === "Succeeded");
  const log = await place.api.request<string>("GET", `${pods(place)}/${name}/log`);
  await place.api.request("DELETE", `${pods(place)}/${name}`);
  const last = log.body.trim().split("\n").at(-1) ?? "{}";
  return JSON.parse(last) as Visit;
}

async function podOnce(place: Place, name: string, holds: (pod: V1Pod) => boolean): Promise<V1Pod> {
  const end = Date.now() + longestWait;
  for (;;) {
    const { body } = await place.api.request<V1Pod>("GET", `${pods(place)}/${name}`);
    if (holds(body)) {
      return body;
    }
    if (Date.now() > end) {
      const phase = body.status?.phase ?? "unknown";
      throw new SandboxError(
        `Waited a minute in vain for the pod ${name} in ${place.namespace}; its phase is ${phase}.`,
      );
    }
    await sleep(100);
  }
}

function pods({ namespace }: Place): string {
  return `/api/v1/namespaces/${namespace}/pods`;
}
