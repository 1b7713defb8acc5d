import { type Cluster } from "./cluster";

const discovery = "/.well-known/openid-configuration";

/**
 * Tokens for the API server have its issuer as their audience, unless it has other `--api-audiences`,
 * which it shows to no client. So a difference is no more than a warning.
 */
export async function audienceWarnings(
  cluster: Cluster,
  apiAudiences: readonly string[],
): Promise<string[]> {
  const found = await cluster.find<{ issuer: string }>(discovery);
  return found === undefined || apiAudiences.includes(found.issuer)
    ? []
    : [
        `The API server issues tokens as ${found.issuer}, which is none of its audiences here (${apiAudiences.join(", ")}). ` +
          `Unless it has other --api-audiences, set apiAudiences to it: pipelines get no token of a deployer.`,
      ];
}
