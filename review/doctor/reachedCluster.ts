import { describeCluster } from "secure-environment/core";
import { type KubernetesResponse } from "secure-environment-kubernetes";
import { type Cluster, telling } from "../cluster/cluster";
import { type ClockReading, readClock } from "../cluster/clockReading";
import { patience } from "../cluster/patience";

/** A cluster that has answered. */
export interface ReachedCluster {
  readonly server: string;
  /** What chose it, in words. */
  readonly chosenBy: string;
  /** What it said of its version. */
  readonly answer: KubernetesResponse<{ readonly gitVersion?: string } | undefined>;
  /** Reads a path, such as `/api/v1/namespaces/kube-system`. */
  readonly get: <Body>(path: string) => Promise<KubernetesResponse<Body | undefined>>;
  /** Asks for a review, which makes nothing. */
  readonly review: <Body>(
    path: SelfReviewPath,
    body: object,
  ) => Promise<KubernetesResponse<Body | undefined>>;
  /** Asks for the time. */
  readonly clock: () => Promise<ClockReading>;
}

/** What anybody may ask about themselves by a POST that nothing keeps. */
export type SelfReviewPath =
  | "/apis/authentication.k8s.io/v1/selfsubjectreviews"
  | "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

/**
 * Asks a cluster for its version.
 *
 * @throws ReviewError when it does not answer.
 */
export async function reach(cluster: Cluster): Promise<ReachedCluster> {
  const { server, choice } = cluster;
  const ask = <Body>(method: "GET" | "POST", path: string, body?: object) =>
    telling(`${path} of ${server}`, async () =>
      (await cluster.api()).request<Body | undefined>(method, path, body, { timeout: patience }),
    );
  return {
    server,
    chosenBy: describeCluster(choice) ?? "nothing",
    answer: await ask("GET", "/version"),
    get: (path) => ask("GET", path),
    review: (path, body) => ask("POST", path, body),
    clock: () => readClock(cluster),
  };
}
