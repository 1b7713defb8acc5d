import { type KubernetesApi } from "secure-environment-kubernetes";

/** Objects in one page: so many environments are a few requests, and no answer is large. */
const pageSize = "500";

/** How long the API server may take for a page, in milliseconds. */
const patience = 10_000;

interface Page<Item> {
  readonly kind?: string;
  readonly items?: readonly Item[] | null;
  readonly metadata?: { readonly continue?: string };
}

/**
 * All objects of a list, as they were at one instant; `undefined` when the caller may not list them.
 *
 * @param path of the collection, such as `/api/v1/namespaces`.
 * @param query what is selected of it.
 * @throws Error when the API server gives no list.
 */
export async function listAll<Item>(
  api: KubernetesApi,
  path: string,
  query: Readonly<Record<string, string>>,
): Promise<readonly Item[] | undefined> {
  let found: Item[] = [];
  let rest: Readonly<Record<string, string>> = { limit: pageSize };
  for (;;) {
    const options = { query: { ...query, ...rest }, timeout: patience };
    const { status, body } = await api.request<Page<Item> | undefined>(
      "GET",
      path,
      undefined,
      options,
    );
    if (status === 403) {
      return undefined;
    }
    if (status === 410 && rest.continue !== undefined) {
      // The instant of the first page is forgotten by now: all of it in one answer, as kubectl does.
      found = [];
      rest = {};
      continue;
    }
    if (status !== 200 || !body?.kind?.endsWith("List")) {
      throw new Error(`HTTP-Code: ${status}`);
    }
    found.push(...(body.items ?? []));
    const next = body.metadata?.continue;
    if (!next) {
      return found;
    }
    rest = { limit: pageSize, continue: next };
  }
}
