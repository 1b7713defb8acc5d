import { once } from "node:events";
import type { IncomingMessage, OutgoingHttpHeaders } from "node:http";
import { request, type RequestOptions } from "node:https";
import { json } from "node:stream/consumers";
import type { KubeConfig } from "@kubernetes/client-node";

import { type ClusterChoice } from "secure-environment/cluster";
import { failure } from "./failure";

/** What the API server answered. An error of HTTP is an answer like any other. */
export interface Answer {
  readonly status: number;
  /** What it sent, as it is in JSON. */
  readonly body: unknown;
}

/** In whose name a request is made. */
export interface Impersonation {
  readonly user: string;
  readonly groups: readonly string[];
}

/** The cluster of a run, as whoever runs it may use it. */
export interface Cluster {
  /** The address of its API server. */
  readonly server: string;
  /** Whose signature its API server has, as PEM; none where every machine trusts it. */
  readonly certificateAuthority?: string;
  /** What is at a path; `undefined` where nothing is. */
  find<Content>(path: string): Promise<Content | undefined>;
  /** Deletes an object; one that is not there is fine. */
  remove(path: string): Promise<void>;
  /** Asks what would become of an object, also in another name. Nothing is created. */
  tryCreate(path: string, object: object, as?: Impersonation): Promise<Answer>;
}

/**
 * Connects to the cluster that was chosen.
 *
 * @throws RunError when the choice leads nowhere.
 */
export async function connect(choice: ClusterChoice): Promise<Cluster> {
  // It takes half a second to load, and previews go without it.
  const { KubeConfig } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  try {
    load(config, choice);
    return await clusterOf(config);
  } catch (error) {
    throw failure(`The kubeconfig cannot be used: ${unusable(error)}`);
  }
}

function load(config: KubeConfig, { context, kubeconfig }: ClusterChoice): void {
  if (kubeconfig) {
    config.loadFromString(kubeconfig);
  } else {
    config.loadFromDefault();
  }
  if (context) {
    config.setCurrentContext(context);
  }
}

async function clusterOf(config: KubeConfig): Promise<Cluster> {
  const server = config.getCurrentCluster()?.server;
  if (server === undefined) {
    throw new Error("its context leads to no cluster");
  }
  const access: RequestOptions = {};
  await config.applyToHTTPSOptions(access);
  return {
    server,
    certificateAuthority: access.ca?.toString(),
    find: async <Content>(path: string) =>
      found(path, await send(server + path, { ...access, method: "GET" })) as Content | undefined,
    remove: async (path) => {
      found(path, await send(server + path, { ...access, method: "DELETE" }));
    },
    tryCreate: (path, object, as) => {
      const headers = {
        ...access.headers,
        "Content-Type": "application/json",
        ...(as && impersonating(as)),
      } as OutgoingHttpHeaders;
      return send(`${server}${path}?dryRun=All`, { ...access, method: "POST", headers }, object);
    },
  };
}

function impersonating({ user, groups }: Impersonation): OutgoingHttpHeaders {
  return { "Impersonate-User": user, "Impersonate-Group": [...groups] };
}

/** @throws RunError when the answer is neither what was asked for nor that it is not there. */
function found(path: string, { status, body }: Answer): unknown {
  if (status !== 200 && status !== 404) {
    throw failure(`${path}: ${messageOf(body)}`);
  }
  return status === 200 ? body : undefined;
}

/** The words of an answer that is an error. */
export function messageOf(body: unknown): string {
  return (body as { readonly message?: string }).message ?? "no reason was given";
}

/** Each request has a connection of its own, so that all API servers get their part of them. */
async function send(url: string, options: RequestOptions, body?: object): Promise<Answer> {
  try {
    const sent = request(url, options).end(body && JSON.stringify(body));
    const [response] = (await once(sent, "response")) as [IncomingMessage];
    return { status: response.statusCode ?? 0, body: await json(response) };
  } catch (error) {
    throw failure(`${new URL(url).origin} does not answer: ${firstLine(error)}`);
  }
}

/** What is wrong with the YAML is told by pieces of it, and these may be credentials. */
function unusable(error: unknown): string {
  const isOfYaml = error instanceof Error && error.name === "YAMLException";
  return isOfYaml ? "it is not valid YAML; nothing of it is shown here" : firstLine(error);
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
}
