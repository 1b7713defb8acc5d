import { type KubernetesApi } from "secure-environment-kubernetes";
import { CredentialsError } from "./credentialsError";
import { patience } from "./patience";

/** Objects in one page: so many environments are a few requests, and no answer is large. */
const limit = "500";

interface Page<Item> {
  readonly kind?: string;
  readonly items?: readonly Item[] | null;
  readonly metadata?: { readonly continue?: string };
}

type Refusal = "refused" | "forgotten";

type Query = Readonly<Record<string, string>>;

type Headers = Readonly<Record<string, string>>;

/**
 * All objects of a list, as they were at one instant; `undefined` when the caller may not list them.
 *
 * @param path of the collection, such as `/api/v1/namespaces`.
 * @param query what is selected of it.
 * @param headers of each request, such as one that asks for metadata alone.
 * @throws Error when the API server gives no list.
 */
export async function listAll<Item>(
  api: KubernetesApi,
  path: string,
  query: Query,
  headers: Headers = {},
): Promise<readonly Item[] | undefined> {
  const found: Item[] = [];
  const read = (which: Query) => pageOf<Item>(api, path, which, headers);
  for (let token: string | undefined = ""; token !== undefined;) {
    const rest: Query = token === "" ? {} : { continue: token };
    let page: Page<Item> | Refusal = await read({ ...query, limit, ...rest });
    if (page === "forgotten") {
      // The instant of the first page: all of it in one answer, as kubectl does.
      found.length = 0;
      page = await read(query);
    }
    if (page === "forgotten" || page === "refused") {
      return undefined;
    }
    found.push(...(page.items ?? []));
    token = page.metadata?.continue || undefined;
  }
  return found;
}

async function pageOf<Item>(
  api: KubernetesApi,
  path: string,
  query: Query,
  headers: Headers,
): Promise<Page<Item> | Refusal> {
  const options = { query, headers, timeout: patience };
  const { status, body } = await api.request<Page<Item> | undefined>(
    "GET",
    path,
    undefined,
    options,
  );
  if (status === 401) {
    throw new CredentialsError(status);
  }
  if (status === 403) {
    return "refused";
  }
  if (status === 410 && query.continue !== undefined) {
    return "forgotten";
  }
  if (status !== 200 || !body?.kind?.endsWith("List")) {
    throw new Error(`HTTP-Code: ${status}`);
  }
  return body;
}
