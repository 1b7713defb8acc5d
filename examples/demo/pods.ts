import type { V1Pod } from "@kubernetes/client-node";
import { type KubernetesApi } from "secure-environment-kubernetes";
import { podOnce, podsPath, SandboxError } from "secure-environment-sandbox";

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
export async function servePage(
  { namespace, api }: Place,
  image: string,
  page: string,
): Promise<string> {
  const pod = {
    metadata: { name: "shop", labels: { app: "shop" } },
    spec: podSpec(image, ["serve", "--page", page, "http:8080"]),
  };
  const { status, body } = await api.request<{ message: string }>("POST", podsPath(namespace), pod);
  if (status !== 201 && status !== 409) {
    throw new SandboxError(`The page of ${namespace} was not deployed: ${body.message}`);
  }
  const isRunning = ({ status }: V1Pod) => status?.phase === "Running";
  const running = await podOnce(api, namespace, "shop", isRunning);
  return `http://${running.status?.podIP}:8080/`;
}

/**
 * Runs a pod that visits a page for two seconds, and says what it found in the end: the first packets
 * of a new pod may pass before its walls bind.
 */
export async function visit(
  { namespace, api }: Place,
  image: string,
  page: string,
): Promise<Visit> {
  const pods = podsPath(namespace);
  const pod = {
    metadata: { generateName: "visitor-" },
    spec: {
      ...podSpec(image, ["ask", "--timeout", "500ms", "--every", "250ms", "--for", "2s", page]),
      restartPolicy: "Never",
    },
  };
  const { status, body } = await api.request<V1Pod & { message: string }>("POST", pods, pod);
  const name = body.metadata?.name;
  if (status !== 201 || name === undefined) {
    throw new SandboxError(`No visitor runs in ${namespace}: ${body.message}`);
  }
  await podOnce(api, namespace, name, (visitor) => visitor.status?.phase === "Succeeded");
  const log = await api.request<string>("GET", `${pods}/${name}/log`);
  await api.request("DELETE", `${pods}/${name}`);
  const last = log.body.trim().split("\n").at(-1) ?? "{}";
  return JSON.parse(last) as Visit;
}
