import type { RequestOptions } from "node:https";
import type { KubeConfig } from "@kubernetes/client-node";
import {
  type ChosenCluster,
  chosenCluster,
  type Cluster,
  type Exec,
  type KubeconfigChoice,
  type User,
} from "./kubeconfig";
import { readNamed, unusable } from "./namedFiles";

/** How an API server is reached, and as whom. */
export interface Access {
  /** Its address, without a slash at the end. */
  readonly server: string;
  readonly options: RequestOptions;
  /** The options anew, where they are a command's that prints credentials: these end, some within minutes. */
  readonly renewed?: () => Promise<RequestOptions>;
}

/** Everything else in a kubeconfig (commands, proxies, other identities) is left to the library. */
const plainClusterFields: readonly string[] = [
  "server",
  "certificate-authority",
  "certificate-authority-data",
  "tls-server-name",
  "insecure-skip-tls-verify",
  "disable-compression",
  "extensions",
] satisfies readonly (keyof Cluster | "disable-compression" | "extensions")[];

const plainUserFields: readonly string[] = [
  "client-certificate",
  "client-certificate-data",
  "client-key",
  "client-key-data",
  "token",
  "tokenFile",
  "username",
  "password",
  "extensions",
] satisfies readonly (keyof User | "extensions")[];

/**
 * How to reach the cluster that was chosen. Kubernetes' own client takes half a second to load, so
 * it is loaded only for kubeconfigs that name more than a certificate, a token or a password.
 *
 * @throws Error when the kubeconfig cannot be used. It shows nothing of what a kubeconfig holds.
 */
export async function accessTo(choice: KubeconfigChoice): Promise<Access> {
  const chosen = chosenCluster(choice);
  return isPlain(chosen) ? plainAccess(chosen) : libraryAccess(chosen);
}

/**
 * The same for a kubeconfig that names nothing else than a certificate, a token or a password.
 *
 * @throws Error when the kubeconfig cannot be used, or names more. It shows nothing of what it holds.
 */
export function staticAccess(choice: KubeconfigChoice): Access {
  const chosen = chosenCluster(choice);
  if (!isPlain(chosen)) {
    throw new Error("it names more than a certificate, a token or a password");
  }
  return plainAccess(chosen);
}

function isPlain({ cluster, user }: ChosenCluster): boolean {
  return (
    Object.keys(cluster).every((field) => plainClusterFields.includes(field)) &&
    Object.keys(user).every((field) => plainUserFields.includes(field))
  );
}

function plainAccess({ cluster, user }: ChosenCluster): Access {
  const authorization = authorizationOf(user);
  return {
    server: cluster.server,
    options: {
      ca: dataOrFile(cluster, "certificate-authority"),
      cert: dataOrFile(user, "client-certificate"),
      key: dataOrFile(user, "client-key"),
      servername: cluster["tls-server-name"],
      rejectUnauthorized: cluster["insecure-skip-tls-verify"] !== true,
      headers: authorization === undefined ? {} : { authorization },
    },
  };
}

/** Data goes before a file, as for Kubernetes' own client. */
function dataOrFile<Field extends string>(
  fields: Readonly<Partial<Record<Field | `${Field}-data`, unknown>>>,
  field: Field,
): Buffer | undefined {
  const data = fields[`${field}-data`];
  const path = fields[field];
  if (data) {
    return Buffer.from(String(data), "base64");
  }
  return path ? readNamed(field, String(path)) : undefined;
}

function authorizationOf({ token, tokenFile, username, password }: User): string | undefined {
  const bearer = tokenFile ? readNamed("tokenFile", tokenFile).toString("utf8").trim() : token;
  if (bearer) {
    return `Bearer ${bearer}`;
  }
  return username
    ? `Basic ${Buffer.from(`${username}:${password ?? ""}`).toString("base64")}`
    : undefined;
}

async function libraryAccess(chosen: ChosenCluster): Promise<Access> {
  const config = await libraryConfig(chosen);
  const hasCommand = chosen.user.exec !== undefined;
  const renewed = () => optionsOf(config, hasCommand);
  const { server } = chosen.cluster;
  return { server, options: await renewed(), ...(hasCommand && { renewed }) };
}

/** The library runs a command again once what it printed has ended, and not before. */
async function optionsOf(config: KubeConfig, hasCommand: boolean): Promise<RequestOptions> {
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options).catch((error: unknown) => {
    throw unusable(error, hasCommand);
  });
  return options;
}

let configs = 0;

/** The same for Kubernetes' own client. */
export async function libraryConfig({ cluster, user }: ChosenCluster): Promise<KubeConfig> {
  const { KubeConfig } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  // What commands print the library keeps for all its configurations, by the name of the user.
  const name = `chosen-${++configs}`;
  // JSON is YAML. The library's own reader of several files refuses names that occur twice.
  config.loadFromString(
    JSON.stringify({
      clusters: [{ name, cluster }],
      users: [{ name, user: { ...user, ...(user.exec && { exec: toldWhatIsAsked(user.exec) }) } }],
      contexts: [{ name, context: { cluster: name, user: name } }],
      "current-context": name,
    }),
  );
  return config;
}

/**
 * Commands learn from this variable which answer is wanted; the library does not set it.
 * See https://kubernetes.io/docs/reference/config-api/client-authentication.v1/
 */
function toldWhatIsAsked(exec: Exec): Exec {
  const { apiVersion = "client.authentication.k8s.io/v1", env } = exec;
  const asked = { apiVersion, kind: "ExecCredential", spec: { interactive: false } };
  const value = JSON.stringify(asked);
  return { ...exec, env: [...(env ?? []), { name: "KUBERNETES_EXEC_INFO", value }] };
}
