import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { parse } from "yaml";

/** Everything needed to talk to one cluster. */
export interface ConnectionSettings {
  server: string;
  namespace: string;
  tls: {
    ca?: Buffer;
    cert?: Buffer;
    key?: Buffer;
    servername?: string;
    rejectUnauthorized: boolean;
  };
  /** The value of the Authorization header. */
  authorization?: string;
}

/** Which part of the configuration to use instead of what it says itself. */
export interface KubeconfigOverrides {
  context?: string;
  cluster?: string;
  namespace?: string;
}

interface Cluster {
  server?: string;
  "certificate-authority"?: string;
  "certificate-authority-data"?: string;
  "tls-server-name"?: string;
  "insecure-skip-tls-verify"?: boolean;
}

interface User {
  "client-certificate"?: string;
  "client-certificate-data"?: string;
  "client-key"?: string;
  "client-key-data"?: string;
  token?: string;
  tokenFile?: string;
  username?: string;
  password?: string;
  exec?: unknown;
  "auth-provider"?: unknown;
}

interface Context {
  cluster?: string;
  user?: string;
  namespace?: string;
}

/** A kubeconfig, its lists turned into maps. */
export interface Kubeconfig {
  currentContext: string;
  clusters: Map<string, Cluster>;
  users: Map<string, User>;
  contexts: Map<string, Context>;
}

interface KubeconfigFile {
  "current-context"?: string;
  clusters?: { name: string; cluster?: Cluster }[] | null;
  users?: { name: string; user?: User }[] | null;
  contexts?: { name: string; context?: Context }[] | null;
}

const clusterFiles = ["certificate-authority"] as const;
const userFiles = ["client-certificate", "client-key", "tokenFile"] as const;

/** Reads a kubeconfig that is given as its content or as the path of a file. */
export function parseKubeconfig(pathOrContent: string): Kubeconfig {
  const path = pathOrContent.replace(/^~(?=$|\/)/, homedir());
  return existsSync(path) ? readKubeconfigFile(path) : parseContent(pathOrContent, process.cwd());
}

/** Reads the kubeconfig that kubectl would use without any option. */
export function defaultKubeconfig(): Kubeconfig {
  const listed = process.env["KUBECONFIG"];
  const paths =
    listed === undefined || listed === ""
      ? [join(homedir(), ".kube", "config")]
      : listed.split(delimiter);
  return paths
    .filter((path) => path !== "" && existsSync(path))
    .map(readKubeconfigFile)
    .reduce(merge, parseContent("", process.cwd()));
}

function readKubeconfigFile(path: string): Kubeconfig {
  return parseContent(readFileSync(path, "utf8"), dirname(resolve(path)));
}

function parseContent(content: string, folder: string): Kubeconfig {
  const file = (parse(content) ?? {}) as KubeconfigFile;
  if (typeof file !== "object") {
    // The content may hold credentials, so it is not shown.
    throw new Error("neither a file nor the content of a kubeconfig");
  }
  return {
    currentContext: file["current-context"] ?? "",
    clusters: new Map(
      (file.clusters ?? []).map(({ name, cluster = {} }) => [
        name,
        withAbsolutePaths(cluster, clusterFiles, folder),
      ]),
    ),
    users: new Map(
      (file.users ?? []).map(({ name, user = {} }) => [
        name,
        withAbsolutePaths(user, userFiles, folder),
      ]),
    ),
    contexts: new Map((file.contexts ?? []).map(({ name, context = {} }) => [name, context])),
  };
}

function withAbsolutePaths<T extends object>(
  entry: T,
  fields: readonly (keyof T)[],
  folder: string,
): T {
  const absolute = { ...entry };
  for (const field of fields) {
    const path = entry[field];
    if (typeof path === "string" && path !== "") {
      absolute[field] = resolve(folder, path) as T[keyof T];
    }
  }
  return absolute;
}

/** The first file that says something about a name decides. */
function merge(first: Kubeconfig, second: Kubeconfig): Kubeconfig {
  return {
    currentContext: first.currentContext === "" ? second.currentContext : first.currentContext,
    clusters: new Map([...second.clusters, ...first.clusters]),
    users: new Map([...second.users, ...first.users]),
    contexts: new Map([...second.contexts, ...first.contexts]),
  };
}

/** The cluster that a kubeconfig leads to; undefined when it leads to none. */
export function activeCluster(
  kubeconfig: Kubeconfig,
  overrides: KubeconfigOverrides,
): Cluster | undefined {
  const context = kubeconfig.contexts.get(overrides.context ?? kubeconfig.currentContext);
  return kubeconfig.clusters.get(overrides.cluster ?? context?.cluster ?? "");
}

/** Works out how to connect; throws when the kubeconfig does not say. */
export function connectionSettings(
  kubeconfig: Kubeconfig,
  overrides: KubeconfigOverrides,
): ConnectionSettings {
  const context = activeContext(kubeconfig, overrides);
  const cluster = activeCluster(kubeconfig, overrides);
  if (cluster?.server === undefined || cluster.server === "") {
    throw new Error("no cluster has been configured: the kubeconfig leads to no server");
  }
  const user = kubeconfig.users.get(context.user ?? "") ?? {};
  return {
    server: cluster.server.replace(/\/+$/, ""),
    namespace: overrides.namespace ?? context.namespace ?? "default",
    tls: tlsSettings(cluster, user),
    authorization: authorization(user),
  };
}

function activeContext(kubeconfig: Kubeconfig, overrides: KubeconfigOverrides): Context {
  const name = overrides.context ?? kubeconfig.currentContext;
  const context = kubeconfig.contexts.get(name);
  if (name !== "" && context === undefined) {
    throw new Error(`context "${name}" does not exist`);
  }
  return context ?? {};
}

function tlsSettings(cluster: Cluster, user: User): ConnectionSettings["tls"] {
  return {
    ca: dataOrFile(cluster["certificate-authority-data"], cluster["certificate-authority"]),
    cert: dataOrFile(user["client-certificate-data"], user["client-certificate"]),
    key: dataOrFile(user["client-key-data"], user["client-key"]),
    servername: cluster["tls-server-name"],
    rejectUnauthorized: cluster["insecure-skip-tls-verify"] !== true,
  };
}

function dataOrFile(data: string | undefined, path: string | undefined): Buffer | undefined {
  if (data !== undefined && data !== "") {
    return Buffer.from(data, "base64");
  }
  return path === undefined || path === "" ? undefined : readFileSync(path);
}

function authorization(user: User): string | undefined {
  if (user.exec !== undefined || user["auth-provider"] !== undefined) {
    throw new Error("credential plugins are not supported: use a token or a client certificate");
  }
  if (user.tokenFile !== undefined) {
    return `Bearer ${readFileSync(user.tokenFile, "utf8").trim()}`;
  }
  if (user.token !== undefined && user.token !== "") {
    return `Bearer ${user.token}`;
  }
  if (user.username !== undefined) {
    const pair = Buffer.from(`${user.username}:${user.password ?? ""}`);
    return `Basic ${pair.toString("base64")}`;
  }
  return undefined;
}
