import { pipelineBindings } from "secure-environment";
import { platformRoleNames } from "secure-environment/core";
import { type Cluster } from "./cluster";

interface Binding {
  readonly metadata: { readonly name: string };
  readonly roleRef: { readonly name: string };
}

const path = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings";

/**
 * Takes their rights from pipelines that are none any more. Pulumi would do so in the end, when
 * the fence has already forgotten them.
 *
 * @returns the bindings that were removed.
 */
export async function revokeFormer(
  cluster: Cluster,
  projects: Parameters<typeof pipelineBindings>[0],
): Promise<string[]> {
  const present = pipelineBindings(projects).map(({ name }) => name);
  const list = await cluster.find<{ items: readonly Binding[] }>(path);
  const former = (list?.items ?? [])
    .filter(({ roleRef }) => roleRef.name === platformRoleNames.pipeline)
    .map(({ metadata }) => metadata.name)
    .filter((name) => !present.includes(name));
  await Promise.all(former.map((name) => cluster.remove(`${path}/${encodeURIComponent(name)}`)));
  return former;
}
