import { type KubernetesApi, type KubernetesResponse } from "secure-environment-sandbox";
import { eventually } from "../../support/eventually";

/** A request as it is sent to the API server. */
export interface ApiRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly body?: object;
  /** Default `application/json`; a PATCH says which kind of patch it is. */
  readonly contentType?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Something in a namespace. */
interface Placed {
  readonly namespace: string;
}

/** The path of the namespace, or of a collection in it. */
export function corePath({ namespace }: Placed, collection = ""): string {
  return `/api/v1/namespaces/${namespace}${collection && `/${collection}`}`;
}

/** The path of a collection of another API group in the namespace. */
export function groupPath({ namespace }: Placed, group: string, collection: string): string {
  return `/apis/${group}/v1/namespaces/${namespace}/${collection}`;
}

export function getRequest(path: string): ApiRequest {
  return { method: "GET", path };
}

export function postRequest(path: string, body: object): ApiRequest {
  return { method: "POST", path, body };
}

export function deleteRequest(path: string): ApiRequest {
  return { method: "DELETE", path };
}

export function patchRequest(path: string, body: object): ApiRequest {
  return { method: "PATCH", path, body, contentType: "application/merge-patch+json" };
}

/** A server-side apply that takes fields over from whoever has them. */
export function seizingRequest(path: string, body: object): ApiRequest {
  const query = { fieldManager: "thief", force: "true" };
  return { method: "PATCH", path, body, contentType: "application/apply-patch+yaml", query };
}

/**
 * The same request, by which nothing is changed. What is read needs none, and a deletion with options
 * in its body is taken by these alone.
 */
export function rehearsal(request: ApiRequest): ApiRequest {
  if (request.method === "GET") {
    return request;
  }
  return request.method === "DELETE" && request.body !== undefined
    ? { ...request, body: { ...request.body, dryRun: ["All"] } }
    : { ...request, query: { ...request.query, dryRun: "All" } };
}

export function send(
  api: KubernetesApi,
  { method, path, body, ...options }: ApiRequest,
): Promise<KubernetesResponse> {
  return api.request(method, path, body, options);
}

/**
 * Creates what is asked for, one after the other. A fresh binding and a fresh namespace are honoured
 * a moment late.
 */
export async function createAll(
  api: KubernetesApi,
  requests: readonly ApiRequest[],
): Promise<void> {
  for (const request of requests) {
    await eventually(async () => {
      const { status, body } = await send(api, request);
      if (![200, 201, 403, 404].includes(status)) {
        throw new Error(`${request.method} ${request.path} answered ${status}: ${body.message}`);
      }
      return status < 300;
    });
  }
}

/**
 * The same request with another body: the changes of a JSON merge patch. Where the body is a patch
 * itself, `null` stays in it, to be taken out by the API server.
 * See https://www.rfc-editor.org/rfc/rfc7386
 */
export function bent(request: ApiRequest, changes: object): ApiRequest {
  const keepsNull = request.method === "PATCH";
  return { ...request, body: merged(request.body ?? {}, changes, keepsNull) };
}

function merged(target: object, patch: object, keepsNull: boolean): object {
  const entries = new Map<string, unknown>(Object.entries(target));
  for (const [key, value] of Object.entries(patch) as [string, unknown][]) {
    if (value === null && !keepsNull) {
      entries.delete(key);
    } else {
      const before = mapOrEmpty(entries.get(key));
      entries.set(key, isMap(value) ? merged(before, value, keepsNull) : value);
    }
  }
  return Object.fromEntries(entries);
}

function mapOrEmpty(value: unknown): object {
  return isMap(value) ? value : {};
}

function isMap(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
