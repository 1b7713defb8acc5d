import { type KubernetesApi } from "secure-environment-sandbox";
import { type AccessArgs } from "secure-environment";
import { createProduced } from "../support/producedEnvironment";
import { producedObjects } from "../support/producedObjects";
import { type Place } from "./places";
import { type Setting } from "./settings";

/** Builds the environment by its pipeline, from the objects that the component makes. */
export async function buildEnvironment(
  pipeline: KubernetesApi,
  place: Place,
  access: readonly AccessArgs[],
  environment: Setting["environment"],
): Promise<void> {
  const objects = producedObjects({
    args: {
      project: place.project,
      platform: true,
      access: [...access],
      size: "large",
      ...environment,
    },
    origin: { pulumiProject: "review", stack: place.stack },
  });
  await createProduced(pipeline, objects);
}
