import { annotations, isInstant } from "secure-environment/core";
import { type FoundNamespace } from "secure-environment-cluster/namespaceVerdict";
import { instantAfter } from "../duration";

/** When a namespace says that its environment may be removed. */
function expiryOf({ metadata = {} }: FoundNamespace): string | undefined {
  return metadata.annotations?.[annotations.expiresAt];
}

/**
 * The configuration by which an environment expires a lifetime from now. A run never shortens a life: somebody
 * may have extended it.
 *
 * @param standing the namespaces of the environment, where it stands.
 */
export function expiryConfiguration(
  lifetime: string | undefined,
  standing: readonly FoundNamespace[],
): Readonly<Record<string, string>> {
  const computed = lifetime === undefined ? [] : [instantAfter(lifetime, "lifetime")];
  const known = standing.flatMap((one) => expiryOf(one) ?? []).filter(isInstant);
  const all = [...computed, ...known];
  const expiresAt = all.sort((one, other) => Date.parse(one) - Date.parse(other)).at(-1);
  return expiresAt === undefined ? {} : { expiresAt };
}
