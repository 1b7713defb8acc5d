import { type KubernetesApi } from "secure-environment-sandbox";
import { type ApiRequest, corePath, createAll, postRequest } from "./apiRequests";
import { eventually } from "../../support/eventually";
import { isPatch, type ProducedObject } from "./producedObjects";

/** Creates what the component makes, one after the other, as a provider would. */
export async function createProduced(
  api: KubernetesApi,
  objects: readonly ProducedObject[],
): Promise<void> {
  for (const object of objects) {
    await (isPatch(object) ? switchOff(api, object) : createAll(api, [creation(object)]));
  }
}

/** The `default` service account is there a moment after its namespace. */
async function switchOff(api: KubernetesApi, { metadata, ...object }: ProducedObject) {
  const path = `${corePath({ namespace: metadata.namespace ?? "" }, "serviceaccounts")}/default`;
  const { automountServiceAccountToken } = object;
  const contentType = "application/merge-patch+json";
  await eventually(async () => {
    const patch = { automountServiceAccountToken };
    return (await api.request("PATCH", path, patch, { contentType })).status === 200;
  });
}

function creation(object: ProducedObject): ApiRequest {
  const [group, version] = object.apiVersion.includes("/")
    ? object.apiVersion.split("/")
    : [undefined, object.apiVersion];
  const root = group === undefined ? `/api/${version}` : `/apis/${group}/${version}`;
  const { namespace } = object.metadata;
  const inside = namespace === undefined ? "" : `/namespaces/${namespace}`;
  const plural = `${object.kind.toLowerCase()}s`.replace(/ys$/, "ies");
  return postRequest(`${root}${inside}/${plural}`, object);
}
