import { type FoundNamespace } from "./namespaceVerdict";

/** An answer of an API server; see `KubernetesResponse`. */
interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/**
 * The namespace in the answer to a GET of it: `absent` where the API server says that there is none,
 * `unclear` where the answer says nothing about it, as a 404 from something that is no API server.
 */
export function namespaceIn(
  name: string,
  { status, body }: Answer,
): FoundNamespace | "absent" | "unclear" {
  const { kind, reason } = (body ?? {}) as { readonly kind?: unknown; readonly reason?: unknown };
  if (status === 404 && kind === "Status" && reason === "NotFound") {
    return "absent";
  }
  const found = body as FoundNamespace | null;
  const isFound = status === 200 && kind === "Namespace" && found?.metadata?.name === name;
  return isFound ? found : "unclear";
}
