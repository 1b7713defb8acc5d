import { once } from "node:events";
import { performance } from "node:perf_hooks";
import { KubernetesApi } from "secure-environment-sandbox";

import { BenchmarkError } from "./errors";

/** Deletes a namespace by the API alone and waits until it is gone; returns the seconds. */
export async function deleteNamespace(
  kubeconfig: string,
  name: string,
  abort: AbortSignal,
): Promise<number> {
  const api = new KubernetesApi(kubeconfig);
  try {
    const gone = new AbortController();
    await api.watch(
      "/api/v1/namespaces",
      ({ type }) => type === "DELETED" && gone.abort(),
      { fieldSelector: `metadata.name=${name}` },
      () => gone.abort(),
    );
    const ended = once(gone.signal, "abort", { signal: abort });
    const start = performance.now();
    const path = `/api/v1/namespaces/${name}`;
    await api.request("DELETE", path, undefined, { query: { propagationPolicy: "Foreground" } });
    await ended;
    const seconds = (performance.now() - start) / 1000;
    const { status } = await api.request("GET", path);
    if (status !== 404) {
      throw new BenchmarkError(`The namespace ${name} is still there: HTTP status ${status}.`);
    }
    return seconds;
  } finally {
    api.close();
  }
}
