import { readFileSync } from "node:fs";

import { type Access, staticAccess } from "secure-environment-kubernetes";
import { parse, stringify } from "yaml";

import type { KeyPair } from "./certificates";
import { messageOf, SandboxError } from "./errors";

/** How a user reaches an API server and authenticates. */
export interface UserAccess {
  /** Address of the API server, such as `https://127.0.0.1:6443`. */
  readonly server: string;
  /** Certificates of the authorities that the server's certificate is checked against, as PEM. */
  readonly authority: string;
  readonly credential: KeyPair | { readonly token: string };
}

interface KubeconfigFile {
  readonly clusters: readonly { readonly name: string; readonly cluster: object }[];
}

/** The name of the only cluster and the only context in every kubeconfig of a sandbox. */
export const contextName = "sandbox";

/** Writes out a kubeconfig that holds everything in itself and refers to no other file. */
export function kubeconfigText(access: UserAccess, user: string, namespace?: string): string {
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": contextName,
    contexts: [{ name: contextName, context: { cluster: contextName, user, namespace } }],
    clusters: [
      {
        name: contextName,
        cluster: {
          server: access.server,
          "certificate-authority-data": toBase64(access.authority),
        },
      },
    ],
    users: [{ name: user, user: credentialFields(access.credential) }],
  });
}

/**
 * How the API server of a kubeconfig of a sandbox is reached.
 *
 * @throws SandboxError when the file cannot be used.
 */
export function readKubeconfig(path: string): Access {
  try {
    return staticAccess({ kubeconfigVariable: path });
  } catch (error) {
    throw new SandboxError(`The kubeconfig ${path} cannot be used: ${messageOf(error)}`);
  }
}

/**
 * Writes out a kubeconfig of a sandbox once more, with the address of another server that has the
 * same authorities and knows the same users.
 */
export function kubeconfigTextAt(server: string, path: string): string {
  const { clusters, ...file } = parse(readFileSync(path, "utf8")) as KubeconfigFile;
  const moved = clusters.map(({ name, cluster }) => ({ name, cluster: { ...cluster, server } }));
  return stringify({ ...file, clusters: moved });
}

function credentialFields(credential: UserAccess["credential"]): Record<string, string> {
  return "token" in credential
    ? { token: credential.token }
    : {
        "client-certificate-data": toBase64(credential.certificate),
        "client-key-data": toBase64(credential.key),
      };
}

function toBase64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}
