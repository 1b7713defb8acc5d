import { type KubernetesResponse, messageOf } from "secure-environment-kubernetes";
import { shownWords } from "secure-environment/core";
import { exitCodes, ReviewError } from "../exitCodes";
import { answerTo } from "./answer";
import { type Cluster } from "./cluster";

/** Where a Lease lies. */
export interface LeasePlace {
  readonly namespace: string;
  readonly name: string;
}

/** A Lease of `coordination.k8s.io/v1`, in the parts that are used. */
export interface Lease {
  readonly apiVersion: "coordination.k8s.io/v1";
  readonly kind: "Lease";
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly resourceVersion?: string;
  };
  readonly spec?: {
    readonly holderIdentity?: string;
    readonly leaseDurationSeconds?: number;
    readonly acquireTime?: string;
    readonly renewTime?: string;
    readonly leaseTransitions?: number;
  };
}

/** A write that came too late: another one was first. */
export type Conflict = "conflict";

/**
 * A Lease; `undefined` when there is none.
 *
 * @throws ReviewError when it cannot be read, with 3 where that is for the credentials.
 */
export async function readLease(cluster: Cluster, place: LeasePlace): Promise<Lease | undefined> {
  const answer = await send(cluster, place, "GET");
  if (answer.status === 404) {
    return undefined;
  }
  return answer.status === 200 ? answer.body : refuse(answer, place, "get");
}

/** Makes a Lease, unless there is one. Errors as `readLease`, and with 2 where its namespace is missing. */
export async function createLease(cluster: Cluster, lease: Lease): Promise<Lease | Conflict> {
  const answer = await send(cluster, lease.metadata, "POST", lease);
  if (answer.status === 409) {
    return "conflict";
  }
  return answer.status === 201 ? answer.body : refuse(answer, lease.metadata, "create");
}

/** Replaces a Lease, if it is still what was read. Errors as `readLease`. */
export async function replaceLease(cluster: Cluster, lease: Lease): Promise<Lease | Conflict> {
  const answer = await send(cluster, lease.metadata, "PUT", lease);
  if (answer.status === 409 || answer.status === 404) {
    return "conflict";
  }
  return answer.status === 200 ? answer.body : refuse(answer, lease.metadata, "update");
}

function send(
  cluster: Cluster,
  { namespace, name }: LeasePlace,
  method: "GET" | "POST" | "PUT",
  body?: Lease,
): Promise<KubernetesResponse<Lease>> {
  const all = `/apis/coordination.k8s.io/v1/namespaces/${encodeURIComponent(namespace)}/leases`;
  const path = method === "POST" ? all : `${all}/${encodeURIComponent(name)}`;
  const what = `Lease ${name} in namespace ${namespace}`;
  return answerTo(what, cluster.api(), { method, path, body });
}

function refuse(
  { status, body }: KubernetesResponse,
  { namespace, name }: LeasePlace,
  verb: "get" | "create" | "update",
): never {
  if (status === 403) {
    const message =
      `These credentials may not ${verb} the Lease ${name} in namespace ${namespace}, by which runs ` +
      `know of each other: ${shownWords(messageOf(body))}\n` +
      `Let them get and update leases named ${name} there, and create leases.`;
    throw new ReviewError(message, exitCodes.credentials);
  }
  if (status === 404) {
    const message = `There is no namespace ${namespace} for the Lease ${name}, by which runs know of each other. Name one that is there.`;
    throw new ReviewError(message, exitCodes.usage);
  }
  const message = `Lease ${name} in namespace ${namespace} could not be written, HTTP status ${status}: ${shownWords(messageOf(body))}`;
  throw new ReviewError(message, exitCodes.failed);
}
