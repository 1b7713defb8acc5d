import { PassThrough } from "node:stream";

import type { KubernetesApi } from "secure-environment-sandbox";

/** A pod that the policies of `restricted` let in, with the probe as its only container. */
export function probePod(name: string, image: string, serve: readonly string[], nodeName?: string) {
  return {
    metadata: { name, labels: { app: name } },
    spec: {
      nodeName,
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: 1,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        {
          name: "main",
          image,
          imagePullPolicy: "Never",
          args: ["serve", ...serve],
          securityContext: {
            allowPrivilegeEscalation: false,
            capabilities: { drop: ["ALL"] },
            readOnlyRootFilesystem: true,
          },
        },
      ],
    },
  };
}

/** Creates an object, and fails with the API server's words when it is refused. */
export async function create(api: KubernetesApi, path: string, object: object) {
  const { status, body } = await api.request("POST", path, object);
  if (status !== 201) {
    throw new Error(`${path}: ${body.message}`);
  }
  return body;
}

/** What a probe says of one target. */
export interface Answer {
  readonly target: string;
  readonly outcome: string;
  readonly answer?: { readonly name: string; readonly peer: string };
  readonly addresses?: readonly string[];
}

/** Runs a command in a pod, by the API server and the kubelet, and gives what it writes. */
export async function execInPod(
  kubeconfig: string,
  namespace: string,
  pod: string,
  command: readonly string[],
): Promise<string> {
  const { Exec, KubeConfig } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const output = new PassThrough();
  let text = "";
  output.on("data", (chunk: Buffer) => (text += chunk.toString()));
  await new Promise<void>((resolve, reject) => {
    new Exec(config)
      .exec(namespace, pod, "main", [...command], output, output, null, false, (status) =>
        status.status === "Success" ? resolve() : reject(new Error(`${status.message}\n${text}`)),
      )
      .catch(reject);
  });
  return text;
}

/** Reads what a probe says, by target. */
export function answers(text: string): ReadonlyMap<string, Answer> {
  const lines = text.trim().split("\n");
  const parsed = lines.map((line) => JSON.parse(line) as Answer);
  return new Map(parsed.map((answer) => [answer.target, answer]));
}
