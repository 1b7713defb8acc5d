import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { type KubernetesApi } from "secure-environment-sandbox";
import { eventually } from "../../support/eventually";
import { objectVersionsIn } from "../support/namespaceObjects";
import { post } from "./places";

/** Namespaces in which nobody who attacks has any business. */
const namespaces = ["production", "staging", "payments", "databases", post.namespace];

/** Every object in them, with the version that each write would change. */
export async function bystanderVersions(api: KubernetesApi): Promise<Record<string, string>> {
  const versions: Record<string, string> = {};
  for (const namespace of namespaces) {
    const { body } = await api.request("GET", `/api/v1/namespaces/${namespace}`);
    versions[namespace] = body.metadata.resourceVersion as string;
    for (const [name, version] of Object.entries(await objectVersionsIn(api, namespace))) {
      versions[`${namespace}/${name}`] = version;
    }
  }
  return versions;
}

/** The same once controllers have done what they do with new objects: no version changes any more. */
export async function settledVersions(api: KubernetesApi): Promise<Record<string, string>> {
  let versions = await bystanderVersions(api);
  await eventually(async () => {
    const earlier = versions;
    await sleep(5_000);
    versions = await bystanderVersions(api);
    return isDeepStrictEqual(versions, earlier);
  });
  return versions;
}
