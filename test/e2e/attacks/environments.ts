import { type KubernetesApi } from "secure-environment-sandbox";
import { type AccessArgs } from "secure-environment";
import { type ApiRequest, corePath, createAll, postRequest } from "../../support/apiRequests";
import { eventually } from "../../support/eventually";
import { isPatch, production, type ProducedObject } from "../../support/producedObjects";
import { domain, nodePool, type Place } from "./places";

export const shopPeople: readonly AccessArgs[] = [
  { group: "support", preset: "view" },
  { group: "dev-users", preset: "develop" },
  { group: "on-call", preset: "debug" },
];
export const blogPeople: readonly AccessArgs[] = [{ group: "bloggers" }];

/** Builds the environment by its pipeline, from the objects that the component makes. */
export async function buildEnvironment(
  pipeline: KubernetesApi,
  place: Place,
  people: readonly AccessArgs[],
): Promise<void> {
  const { objects } = await production({
    args: {
      project: place.project,
      platform: true,
      access: [...people],
      size: "large",
      nodePool: { name: nodePool, enforcement: "platform" },
      domain,
    },
    origin: { pulumiProject: "review", stack: place.stack },
  });
  for (const object of objects) {
    await (isPatch(object) ? switchOff(pipeline, object) : createAll(pipeline, [creation(object)]));
  }
}

/** The `default` service account is there a moment after its namespace. */
async function switchOff(pipeline: KubernetesApi, { metadata, ...object }: ProducedObject) {
  const path = `${corePath({ namespace: metadata.namespace ?? "" }, "serviceaccounts")}/default`;
  const { automountServiceAccountToken } = object;
  const contentType = "application/merge-patch+json";
  await eventually(async () => {
    const patch = { automountServiceAccountToken };
    return (await pipeline.request("PATCH", path, patch, { contentType })).status === 200;
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
