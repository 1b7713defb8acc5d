import type { V1Status } from "@kubernetes/client-node";
import { type KubernetesApi, type KubernetesResponse } from "secure-environment-kubernetes";

/** One attempt, and whether the cluster answered as promised. */
export interface Proof {
  readonly attempt: string;
  readonly answer: string;
  readonly holds: boolean;
}

/** Lets a developer try what the environment allows and what its walls forbid. */
export async function proveWalls(developer: KubernetesApi, namespace: string): Promise<Proof[]> {
  const deployments = `/apis/apps/v1/namespaces/${namespace}/deployments`;
  const wall = `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies/default-deny`;
  // A demo that runs again finds the deployment of the last time: deploying is still allowed.
  const created = (status: number) => status === 201 || status === 409;
  const forbidden = (status: number) => status === 403;
  return [
    proof(
      "deploy an application here",
      created,
      await developer.request("POST", deployments, shop),
    ),
    proof("delete a wall of it", forbidden, await developer.request("DELETE", wall)),
    proof(
      "read the secrets of kube-system",
      forbidden,
      await developer.request("GET", "/api/v1/namespaces/kube-system/secrets"),
    ),
  ];
}

function proof(
  attempt: string,
  isPromised: (status: number) => boolean,
  { status, body }: KubernetesResponse<V1Status>,
): Proof {
  const answer = status < 300 ? "done" : body.message;
  return { attempt, answer: `${status} ${answer}`, holds: isPromised(status) };
}

const labels = { app: "shop" };

const shop = {
  metadata: { name: "shop" },
  spec: {
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
        containers: [
          {
            name: "shop",
            image: "registry.example/shop:1",
            securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
          },
        ],
      },
    },
  },
};
