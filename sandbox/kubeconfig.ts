import { readFileSync } from "node:fs";

import { parse, stringify } from "yaml";

import type { KeyPair } from "./certificates";
import { messageOf, SandboxError } from "./errors";

/** How somebody reaches an API server and proves who they are. */
export interface Access {
  /** Address of the API server, such as `https://127.0.0.1:6443`. */
  readonly server: string;
  /** Certificates of the authorities that the server's certificate is checked against, as PEM. */
  readonly authority: string;
  readonly credential: KeyPair | { readonly token: string };
}

interface KubeconfigFile {
  readonly "current-context"?: string;
  readonly contexts?: readonly {
    readonly name: string;
    readonly context: { readonly cluster: string; readonly user: string };
  }[];
  readonly clusters?: readonly {
    readonly name: string;
    readonly cluster: { readonly server: string; readonly "certificate-authority-data"?: string };
  }[];
  readonly users?: readonly {
    readonly name: string;
    readonly user: {
      readonly "client-certificate-data"?: string;
      readonly "client-key-data"?: string;
      readonly token?: string;
    };
  }[];
}

/** The name of the only cluster and the only context in every kubeconfig of a sandbox. */
export const contextName = "sandbox";

/** Writes out a kubeconfig that holds everything in itself and refers to no other file. */
export function kubeconfigText(access: Access, user: string, namespace?: string): string {
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
 * Reads the current context of a kubeconfig file that holds its certificates in itself.
 *
 * @throws SandboxError when the file cannot be read or does not say all that is needed.
 */
export function readKubeconfig(path: string): Access {
  const file = parseFile(path);
  const context = file.contexts?.find(({ name }) => name === file["current-context"])?.context;
  const cluster = file.clusters?.find(({ name }) => name === context?.cluster)?.cluster;
  const user = file.users?.find(({ name }) => name === context?.user)?.user;
  const authority = cluster?.["certificate-authority-data"];
  const credential = credentialOf(user);
  if (cluster === undefined || authority === undefined || credential === undefined) {
    throw new SandboxError(
      `The kubeconfig ${path} has no current context with a cluster, its certificate authority ` +
        "and a user with a client certificate or a token, all inside the file.",
    );
  }
  return { server: cluster.server, authority: fromBase64(authority), credential };
}

/**
 * Writes out a kubeconfig file once more, with the address of another server that has the same
 * authorities and knows the same users.
 *
 * @throws SandboxError when the file cannot be read.
 */
export function kubeconfigTextAt(server: string, path: string): string {
  const file = parseFile(path);
  const clusters = file.clusters?.map(({ name, cluster }) => ({
    name,
    cluster: { ...cluster, server },
  }));
  return stringify({ ...file, clusters });
}

function parseFile(path: string): KubeconfigFile {
  try {
    return (parse(readFileSync(path, "utf8")) ?? {}) as KubeconfigFile;
  } catch (error) {
    throw new SandboxError(`The kubeconfig ${path} cannot be read: ${messageOf(error)}`);
  }
}

function credentialFields(credential: Access["credential"]): Record<string, string> {
  return "token" in credential
    ? { token: credential.token }
    : {
        "client-certificate-data": toBase64(credential.certificate),
        "client-key-data": toBase64(credential.key),
      };
}

function credentialOf(
  user: NonNullable<KubeconfigFile["users"]>[number]["user"] | undefined,
): Access["credential"] | undefined {
  const certificate = user?.["client-certificate-data"];
  const key = user?.["client-key-data"];
  if (certificate !== undefined && key !== undefined) {
    return { certificate: fromBase64(certificate), key: fromBase64(key) };
  }
  return user?.token === undefined ? undefined : { token: user.token };
}

function toBase64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}

function fromBase64(text: string): string {
  return Buffer.from(text, "base64").toString("utf8");
}
