/**
 * Whom tokens of pods are for. A token is good for those who are named in it and for nobody else: one
 * for a cloud is of no use at the API server.
 * See https://kubernetes.io/docs/concepts/storage/projected-volumes/#serviceaccounttoken
 */

/** Audiences of the tokens by which proxies of a mesh prove who they are to it, by mesh. */
export const meshTokenAudiences = {
  linkerd: ["identity.l5d.io"],
  istio: ["istio-ca"],
  ambient: [],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** Whether the audience is one of the names by which every cluster's API server may call itself. */
export function isApiServerAudience(audience: string): boolean {
  return audience.includes("kubernetes.default");
}
