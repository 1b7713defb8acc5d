import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join, resolve, sep } from "node:path";
import { load } from "js-yaml";

/** What says which kubeconfig is read, and which of its contexts is meant. */
export interface KubeconfigChoice {
  /** The context; that of the kubeconfig where none is given. */
  readonly context?: string;
  /** Another cluster than that of the context. */
  readonly cluster?: string;
  /** The path of a kubeconfig or its content, as Pulumi's `kubernetes:kubeconfig` has it. */
  readonly kubeconfig?: string;
  /** Where no kubeconfig is given: one or more paths, as the environment variable KUBECONFIG has them. */
  readonly kubeconfigVariable?: string;
}

/**
 * The fields of a kubeconfig that matter here, under its own names.
 * See https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/
 */
export interface Cluster {
  readonly server?: string;
  readonly "certificate-authority"?: string;
  readonly "certificate-authority-data"?: string;
  readonly "tls-server-name"?: string;
  readonly "insecure-skip-tls-verify"?: boolean;
}

export interface User {
  readonly "client-certificate"?: string;
  readonly "client-certificate-data"?: string;
  readonly "client-key"?: string;
  readonly "client-key-data"?: string;
  readonly token?: string;
  readonly tokenFile?: string;
  readonly username?: string;
  readonly password?: string;
  readonly exec?: Exec;
}

/** A command that prints credentials. */
export interface Exec {
  readonly apiVersion?: string;
  readonly command?: string;
  readonly env?: readonly { readonly name: string; readonly value: string }[] | null;
}

/** The cluster of a run, and as whom it is used. All files in it are absolute paths. */
export interface ChosenCluster {
  readonly cluster: Cluster & { readonly server: string };
  readonly user: User;
}

interface Context {
  readonly cluster?: string;
  readonly user?: string;
}

/** A kubeconfig, its lists turned into maps. */
interface Kubeconfig {
  readonly currentContext: string;
  readonly clusters: ReadonlyMap<string, Cluster>;
  readonly users: ReadonlyMap<string, User>;
  readonly contexts: ReadonlyMap<string, Context>;
}

interface KubeconfigFile {
  readonly "current-context"?: string;
  readonly clusters?: readonly { readonly name: string; readonly cluster?: Cluster }[] | null;
  readonly users?: readonly { readonly name: string; readonly user?: User }[] | null;
  readonly contexts?: readonly { readonly name: string; readonly context?: Context }[] | null;
}

/**
 * Finds the cluster that was chosen in the same places as Pulumi's provider for Kubernetes does,
 * so that a run looks at the same cluster that it changes.
 *
 * @throws Error when the choice leads nowhere. It shows nothing of what a kubeconfig holds.
 */
export function chosenCluster(choice: KubeconfigChoice): ChosenCluster {
  const kubeconfig = choice.kubeconfig ? readGiven(choice.kubeconfig) : readFiles(choice);
  const context = contextOf(kubeconfig, choice.context || kubeconfig.currentContext);
  const clusterName = choice.cluster || context.cluster || "";
  const cluster = kubeconfig.clusters.get(clusterName);
  if (!cluster?.server) {
    throw new Error(`there is no cluster ${shownName(clusterName)} with a server in it`);
  }
  const user = kubeconfig.users.get(context.user ?? "");
  if (context.user && user === undefined) {
    throw new Error(`there is no user ${shownName(context.user)} in it`);
  }
  const server = serverOf(clusterName, cluster.server);
  return { cluster: { ...cluster, server }, user: user ?? {} };
}

/** @throws Error when a cluster has no address that can be used and shown. */
function serverOf(clusterName: string, address: string): string {
  const server = String(address).replace(/\/+$/, "");
  const subject = `the server of the cluster ${shownName(clusterName)}`;
  if (!isWebAddress(server)) {
    throw new Error(`${subject} is no address such as https://10.0.0.1:6443`);
  }
  if (hasUser(server)) {
    throw new Error(
      `${subject} has a user in its address, which is not shown here; credentials belong to the user of the context`,
    );
  }
  return server;
}

function isWebAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

/** The address of a server is shown in messages and outputs, so it may hold no password. */
function hasUser(server: string): boolean {
  const { username, password } = new URL(server);
  return username !== "" || password !== "";
}

function contextOf(kubeconfig: Kubeconfig, name: string): Context {
  const context = kubeconfig.contexts.get(name);
  if (context === undefined) {
    throw new Error(
      name === "" ? "no context is chosen" : `there is no context ${shownName(name)} in it`,
    );
  }
  return context;
}

/** As JSON, a name that a message may show: what is longer, or has several lines, is none. */
function shownName(name: string): string {
  return /^\P{Cc}{0,255}$/u.test(name) ? JSON.stringify(name) : "of a name that is none";
}

/** The value of `kubernetes:kubeconfig` is a path or the content itself. */
function readGiven(pathOrContent: string): Kubeconfig {
  const path = pathOrContent.replace(/^~(?=$|\/)/, homedir());
  const content = existsSync(path) ? readFileSync(path, "utf8") : pathOrContent;
  // The provider takes the paths in it from the folder of the program, wherever the file lies.
  return parseKubeconfig(content, process.cwd(), "kubernetes:kubeconfig");
}

/** Of several files, the first one that says something about a name decides. */
function readFiles({ kubeconfigVariable }: KubeconfigChoice): Kubeconfig {
  const paths = kubeconfigVariable?.split(delimiter) ?? [];
  const named = paths.filter((path) => path !== "");
  const files = named.length > 0 ? named : [join(homedir(), ".kube", "config")];
  return files
    .filter((path) => existsSync(path))
    .map((path) => parseKubeconfig(readFileSync(path, "utf8"), dirname(resolve(path)), path))
    .reduce(merged, {
      currentContext: "",
      clusters: new Map(),
      users: new Map(),
      contexts: new Map(),
    });
}

function merged(first: Kubeconfig, second: Kubeconfig): Kubeconfig {
  return {
    currentContext: first.currentContext || second.currentContext,
    clusters: new Map([...second.clusters, ...first.clusters]),
    users: new Map([...second.users, ...first.users]),
    contexts: new Map([...second.contexts, ...first.contexts]),
  };
}

function parseKubeconfig(content: string, folder: string, name: string): Kubeconfig {
  const file = (parseYaml(content) ?? {}) as KubeconfigFile;
  const lists = [file.clusters, file.users, file.contexts];
  if (typeof file !== "object" || !lists.every((list) => Array.isArray(list ?? []))) {
    throw new Error(`${name} is no kubeconfig`);
  }
  const absolute = (path: string | undefined) => path && resolve(folder, path);
  const absoluteCluster = (cluster: Cluster = {}) =>
    withPaths(cluster, ["certificate-authority"], absolute);
  const absoluteUser = (user: User = {}) =>
    withPaths(
      withCommand(user, absolute),
      ["client-certificate", "client-key", "tokenFile"],
      absolute,
    );
  return {
    currentContext: file["current-context"] ?? "",
    clusters: mapOf(file.clusters, ({ cluster }) => absoluteCluster(cluster)),
    users: mapOf(file.users, ({ user }) => absoluteUser(user)),
    contexts: mapOf(file.contexts, ({ context }) => context ?? {}),
  };
}

/** What is wrong with YAML is told with a piece of it, which may be a password. */
function parseYaml(content: string): unknown {
  try {
    return load(content);
  } catch {
    throw new Error("it is not valid YAML; nothing of it is shown here");
  }
}

function mapOf<Entry extends { readonly name: string }, Value>(
  entries: readonly Entry[] | null | undefined,
  valueOf: (entry: Entry) => Value,
): ReadonlyMap<string, Value> {
  return new Map((entries ?? []).map((entry) => [entry.name, valueOf(entry)]));
}

function withPaths<Entry extends object>(
  entry: Entry,
  fields: readonly (keyof Entry)[],
  absolute: (path: string | undefined) => string | undefined,
): Entry {
  const paths = fields.map((field) => [field, absolute(entry[field] as string | undefined)]);
  const named = paths.filter(([, path]) => path);
  return { ...entry, ...(Object.fromEntries(named) as Partial<Entry>) };
}

/** A command without a slash is one of the search path. */
function withCommand(user: User, absolute: (path: string | undefined) => string | undefined): User {
  const { exec } = user;
  return exec?.command?.includes(sep) === true
    ? { ...user, exec: { ...exec, command: absolute(exec.command) } }
    : user;
}
