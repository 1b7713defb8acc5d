import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";

import { KubernetesApi } from "secure-environment-kubernetes";

import { issueCertificate, type KeyPair } from "./certificates";
import { clientAuthorityFiles } from "./controlPlaneCertificates";
import { SandboxError } from "./errors";
import { type UserAccess, kubeconfigText, kubeconfigTextAt, readKubeconfig } from "./kubeconfig";
import { type StatePaths, writePrivateFile } from "./state";

const anHour = 3600;

/** Gives a user a client certificate that names their groups. */
export async function userAccess(
  endpoint: Pick<UserAccess, "server" | "authority">,
  clientAuthority: KeyPair,
  user: string,
  groups: readonly string[],
): Promise<UserAccess> {
  const credential = await issueCertificate(clientAuthority, {
    commonName: user,
    organizations: groups,
    usages: ["client"],
  });
  return { ...endpoint, credential };
}

/**
 * Writes a kubeconfig for a user in some groups.
 *
 * @returns its path.
 * @throws SandboxError when a name is empty.
 */
export async function writeUserKubeconfig(
  paths: StatePaths,
  user: string,
  groups: readonly string[],
): Promise<string> {
  if (user === "" || groups.includes("")) {
    throw new SandboxError("The name of a user or a group is empty. Give each a name.");
  }
  const files = clientAuthorityFiles(paths.certificates);
  const clientAuthority: KeyPair = {
    certificate: readFileSync(files.certificate, "utf8"),
    key: readFileSync(files.key, "utf8"),
  };
  const access = await userAccess(endpointOf(paths), clientAuthority, user, groups);
  const path = join(paths.kubeconfigs, fileName("user", user, groups));
  writePrivateFile(path, kubeconfigText(access, user));
  return path;
}

/**
 * Writes a kubeconfig for a service account, with a token of one hour unless told otherwise, in its
 * namespace.
 *
 * @returns its path.
 * @throws SandboxError when there is no such service account.
 */
export async function writeServiceAccountKubeconfig(
  paths: StatePaths,
  namespace: string,
  name: string,
  tokenSeconds = anHour,
): Promise<string> {
  const credential = { token: await requestToken(paths, namespace, name, tokenSeconds) };
  const user = `system:serviceaccount:${namespace}:${name}`;
  const path = join(paths.kubeconfigs, fileName("service-account", user, []));
  writePrivateFile(path, kubeconfigText({ ...endpointOf(paths), credential }, user, namespace));
  return path;
}

/**
 * Writes the kubeconfig of a user once more, for another API server of the sandbox: its
 * certificates and tokens hold at each of them.
 *
 * @returns its path.
 */
export function writeKubeconfigAt(paths: StatePaths, server: string, kubeconfig: string): string {
  const { port } = new URL(server);
  const path = join(paths.kubeconfigs, `${basename(kubeconfig, ".yaml")}-at-${port}.yaml`);
  writePrivateFile(path, kubeconfigTextAt(server, kubeconfig));
  return path;
}

async function requestToken(
  paths: StatePaths,
  namespace: string,
  name: string,
  expirationSeconds: number,
): Promise<string> {
  const api = new KubernetesApi(readKubeconfig(paths.adminKubeconfig));
  const collection = `/api/v1/namespaces/${encodeURIComponent(namespace)}/serviceaccounts`;
  try {
    const { status, body } = await api.request<{ message?: string; status: { token: string } }>(
      "POST",
      `${collection}/${encodeURIComponent(name)}/token`,
      {
        apiVersion: "authentication.k8s.io/v1",
        kind: "TokenRequest",
        spec: { expirationSeconds },
      },
    );
    if (status !== 201) {
      throw new SandboxError(
        `No token for the service account ${name} in ${namespace}: ${body.message ?? status}`,
      );
    }
    return body.status.token;
  } finally {
    api.close();
  }
}

function endpointOf(paths: StatePaths): Pick<UserAccess, "server" | "authority"> {
  const { server, options } = readKubeconfig(paths.adminKubeconfig);
  return { server, authority: String(options.ca) };
}

/** A name that any user can have as a file, and that no two share. */
function fileName(kind: string, user: string, groups: readonly string[]): string {
  const readable = user.replace(/[^A-Za-z0-9]+/g, "-").slice(0, 40);
  const hash = createHash("sha256")
    .update(JSON.stringify([user, groups]))
    .digest("hex");
  return `${kind}-${readable}-${hash.slice(0, 8)}.yaml`;
}
