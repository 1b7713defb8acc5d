import { type KubernetesApi } from "secure-environment-sandbox";
import { type AccessArgs } from "secure-environment";
import { createProduced } from "../../support/producedEnvironment";
import { production } from "../../support/producedObjects";
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
  await createProduced(pipeline, objects);
}
