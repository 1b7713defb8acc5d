import { type KubernetesApi } from "secure-environment-sandbox";
import { createAll, postRequest } from "../apiRequests";
import { eventually } from "../../../support/eventually";
import { meshDefinitions } from "./definitions";

const definitionsPath = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

/** Defines the kinds of the meshes, and waits until the API server serves them. */
export async function defineMeshes(api: KubernetesApi): Promise<void> {
  await createAll(
    api,
    meshDefinitions.map((definition) => postRequest(definitionsPath, definition)),
  );
  for (const { metadata, spec } of meshDefinitions) {
    const [plural] = metadata.name.split(".");
    const path = `/apis/${spec.group}/${spec.versions[0]?.name}/${plural}`;
    await eventually(async () => (await api.request("GET", path)).status === 200);
  }
}
