import { type ClusterChoice, shownWords } from "secure-environment/core";
import { failure } from "secure-environment-cluster/failure";
import {
  type Access,
  accessTo,
  firstLine,
  KubernetesApi,
  type KubernetesRequestOptions,
  type KubernetesResponse,
  messageOf,
} from "secure-environment-kubernetes";

/** In whose name a request is made. */
export interface Impersonation {
  readonly user: string;
  readonly groups: readonly string[];
}

/** The cluster of a run, with the rights of the user who runs it. */
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
  tryCreate(path: string, object: object, as?: Impersonation): Promise<KubernetesResponse<unknown>>;
}

/**
 * Connects to the cluster that was chosen.
 *
 * @throws RunError when the choice leads nowhere.
 */
export async function connect(choice: ClusterChoice): Promise<Cluster> {
  try {
    return clusterOf(await accessTo(choice));
  } catch (error) {
    throw failure(`The kubeconfig cannot be used: ${shownWords(firstLine(error))}`);
  }
}

function clusterOf(access: Access): Cluster {
  // All API servers have to be asked, so no connection is used twice.
  const api = new KubernetesApi(access, { keepAlive: false });
  return {
    server: access.server,
    certificateAuthority: access.options.ca?.toString(),
    find: async <Content>(path: string) =>
      found(path, await ask(api, "GET", path)) as Content | undefined,
    remove: async (path) => {
      found(path, await ask(api, "DELETE", path));
    },
    tryCreate: (path, object, as) =>
      ask(api, "POST", path, object, {
        query: { dryRun: "All" },
        headers: as && impersonating(as),
      }),
  };
}

/** @throws RunError when there is no answer. */
function ask(
  api: KubernetesApi,
  method: string,
  path: string,
  body?: object,
  options?: KubernetesRequestOptions,
): Promise<KubernetesResponse<unknown>> {
  return api.request<unknown>(method, path, body, options).catch((error: unknown) => {
    throw failure(shownWords(firstLine(error)));
  });
}

function impersonating({ user, groups }: Impersonation): KubernetesRequestOptions["headers"] {
  return { "Impersonate-User": user, "Impersonate-Group": [...groups] };
}

/** @throws RunError when the answer is neither what was asked for nor that it is not there. */
function found(path: string, { status, body }: KubernetesResponse<unknown>): unknown {
  if (status !== 200 && status !== 404) {
    throw failure(`${path}: ${shownWords(messageOf(body))}`);
  }
  return status === 200 ? body : undefined;
}
