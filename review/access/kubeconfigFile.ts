import { lstatSync, mkdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { type PublicCluster } from "secure-environment-kubernetes";
import { exitCodes, ReviewError } from "../exitCodes";
import { writePrivateFile } from "../privateFile";
import { type Developers } from "../settings/developers";

/** As whom the cluster is used, in the fields of a kubeconfig. */
export type KubeconfigUser =
  { readonly token: string } | { readonly exec: Readonly<Record<string, unknown>> };

/** By its first line a file is known as one that may be written anew. */
const firstLine = "# Written by `review kubeconfig`, which writes it anew.";

/** A kubeconfig of one cluster, one user and one namespace. JSON is YAML. */
export function kubeconfigContent(
  cluster: PublicCluster,
  name: string,
  user: KubeconfigUser,
  namespace: string,
): string {
  const context = { cluster: "cluster", user: name, namespace };
  const content = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": name,
    clusters: [{ name: "cluster", cluster }],
    users: [{ name, user }],
    contexts: [{ name, context }],
  };
  return `${firstLine}\n${JSON.stringify(content, undefined, 2)}\n`;
}

/**
 * A user who signs in at an identity provider, by the plugin `oidc-login` of kubectl: it keeps what it
 * gets by itself, and nothing of it is in the kubeconfig.
 * See https://github.com/int128/kubelogin
 */
export function developerUser({ issuer, clientId, scopes }: Developers): KubeconfigUser {
  return {
    exec: {
      apiVersion: "client.authentication.k8s.io/v1",
      command: "kubectl",
      args: [
        "oidc-login",
        "get-token",
        `--oidc-issuer-url=${issuer}`,
        `--oidc-client-id=${clientId}`,
        ...scopes.map((scope) => `--oidc-extra-scope=${scope}`),
      ],
      installHint: "Install the plugin oidc-login of kubectl: kubectl krew install oidc-login",
      interactiveMode: "IfAvailable",
    },
  };
}

/** Where a kubeconfig lies unless it is said: for each cluster, namespace and user one. */
export function defaultKubeconfigFile(
  server: string,
  namespace: string,
  name: string,
  home = homedir(),
): string {
  const cluster = new URL(server).host.replace(/[^A-Za-z0-9.-]/g, "_");
  const folder = join(home, ".local", "state", "secure-environment-review", "kubeconfigs", cluster);
  return join(folder, `${namespace}.${name}.yaml`);
}

/**
 * Refuses a file that `review kubeconfig` has not written, before anything is asked for.
 *
 * @throws ReviewError with 10.
 */
export function requireOwnFile(file: string): void {
  if (isOtherFile(file)) {
    const message = `${resolve(file)} was not written by \`review kubeconfig\`, and stays as it is. Name another file with --file.`;
    throw new ReviewError(message, exitCodes.refused);
  }
}

function isOtherFile(file: string): boolean {
  try {
    const found = lstatSync(file, { throwIfNoEntry: false });
    return (
      found !== undefined &&
      !(found.isFile() && readFileSync(file, "utf8").startsWith(`${firstLine}\n`))
    );
  } catch (error) {
    throw unwritten(file, error);
  }
}

function unwritten(file: string, error: unknown): ReviewError {
  const { code = "no reason is known" } = error as NodeJS.ErrnoException;
  const message = `${resolve(file)} could not be written: ${code}. Name another file with --file.`;
  return new ReviewError(message, exitCodes.failed);
}

/**
 * Writes a kubeconfig that only its owner may read, in one step, so that no reader sees half of it.
 *
 * @throws ReviewError when that fails, with 10 where the file is another's.
 */
export function writeKubeconfig(file: string, content: string): void {
  requireOwnFile(file);
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writePrivateFile(file, content);
  } catch (error) {
    throw unwritten(file, error);
  }
}
