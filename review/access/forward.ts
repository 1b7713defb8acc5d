import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { shownWords } from "secure-environment/core";
import { portForwarder } from "secure-environment-kubernetes";
import { type Cluster, telling } from "../cluster/cluster";
import { exitCodes, ReviewError } from "../exitCodes";
import { listAll } from "../cluster/lists";
import { send } from "./requests";
import {
  type ChosenPort,
  choosePort,
  type FoundPod,
  type FoundService,
  readyPod,
} from "./portChoice";

/** A port on loopback that leads to a Service, until it is closed. */
export interface OpenForward {
  /** Such as `127.0.0.1:40123`. */
  readonly address: string;
  close(): void;
}

/**
 * The port of a Service that is meant.
 *
 * @throws ReviewError when there is none, or several are meant.
 */
export async function servicePort(
  cluster: Cluster,
  namespace: string,
  wanted: string | undefined,
): Promise<ChosenPort> {
  const services = await listIn<FoundService>(cluster, namespace, "services");
  const chosen = choosePort(services, wanted);
  if (typeof chosen === "string") {
    const message = `No port of ${namespace} can be forwarded: ${chosen}.`;
    throw new ReviewError(message, exitCodes.usage);
  }
  return chosen;
}

/**
 * Makes sure that these credentials may forward ports of the namespace's pods.
 *
 * @throws ReviewError with 3 that says who may, or how.
 */
export async function requireForwardRight(
  cluster: Cluster,
  namespace: string,
  { service, port }: ChosenPort,
): Promise<void> {
  const [mayGet, mayCreate] = await Promise.all(
    ["get", "create"].map((verb) => mayForward(cluster, namespace, verb)),
  );
  if (mayGet && mayCreate) {
    return;
  }
  const remedy = mayCreate
    ? `They may do so by kubectl: kubectl port-forward --namespace ${namespace} service/${service} :${port}`
    : "Developers with the preset `debug` may, by `kubectl port-forward`, and administrators. Pipelines, deployers and other developers never may.";
  const message = `These credentials may not forward ports of ${namespace} over a WebSocket, which takes get and create on pods/portforward. ${remedy}`;
  throw new ReviewError(message, exitCodes.credentials);
}

async function mayForward(cluster: Cluster, namespace: string, verb: string): Promise<boolean> {
  const resourceAttributes = { namespace, verb, resource: "pods", subresource: "portforward" };
  const path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
  const answer = await send<{ readonly status?: { readonly allowed?: boolean } }>(
    cluster,
    "POST",
    path,
    {
      apiVersion: "authorization.k8s.io/v1",
      kind: "SelfSubjectAccessReview",
      spec: { resourceAttributes },
    },
  );
  return answer.body?.status?.allowed === true;
}

/**
 * Listens on loopback, and leads each connection to a pod that is ready then, so that it outlives the
 * pod that it began with.
 *
 * @throws ReviewError when no pod is ready.
 */
export async function openForward(
  cluster: Cluster,
  namespace: string,
  chosen: ChosenPort,
  tell: (line: string) => void,
): Promise<OpenForward> {
  await podBehind(cluster, namespace, chosen);
  const forwarder = await telling("The kubeconfig", () => portForwarder(cluster.choice));
  const connections = new Set<Socket>();
  const told = (fault: string) => tell(`A connection ended: ${shownWords(fault)}`);
  const server = createServer((connection) => {
    connections.add(connection);
    connection.on("close", () => connections.delete(connection));
    podBehind(cluster, namespace, chosen)
      .then((pod) => forwarder.join(connection, { namespace, ...pod }, told))
      .catch((error: unknown) => {
        told(error instanceof Error ? error.message : String(error));
        connection.destroy();
      });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    close: () => {
      server.close();
      connections.forEach((connection) => connection.destroy());
    },
  };
}

async function podBehind(
  cluster: Cluster,
  namespace: string,
  { service, port, labelSelector, targetPort }: ChosenPort,
) {
  const pods = await listIn<FoundPod>(cluster, namespace, "pods", { labelSelector });
  const pod = readyPod(pods, targetPort);
  if (pod === undefined) {
    const message = `No pod behind ${service}:${port} in ${namespace} is ready. See why: kubectl get pods --namespace ${namespace} --selector ${labelSelector}`;
    throw new ReviewError(message, exitCodes.failed);
  }
  return pod;
}

async function listIn<Item>(
  cluster: Cluster,
  namespace: string,
  resource: string,
  query: Readonly<Record<string, string>> = {},
): Promise<readonly Item[]> {
  const path = `/api/v1/namespaces/${namespace}/${resource}`;
  const found = await telling(`The list of ${resource} in ${namespace}`, async () =>
    listAll<Item>(await cluster.api(), path, query),
  );
  if (found === undefined) {
    const message = `These credentials may not read ${resource} in ${namespace}, as those of pipelines may not. Use those of a developer or an administrator.`;
    throw new ReviewError(message, exitCodes.credentials);
  }
  return found;
}
