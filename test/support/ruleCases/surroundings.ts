import { type SecureEnvironmentArgs } from "secure-environment";
import { platformArgs } from "../../e2e/attacks/platformArgs";
import { domain, login } from "../../e2e/attacks/places";

/** The cluster that all three judges are told of, each in its own way. */

const { clusterNetwork, developers, projects, protected: protectedArgs } = platformArgs;

/** What the platform is told. */
export const platformConfiguration = {
  projects,
  developers,
  clusterNetwork,
  domain,
  protected: protectedArgs,
};

/** What each environment is told. */
export const environmentArguments: SecureEnvironmentArgs = {
  project: login.project,
  platform: true,
  domain,
  clusterNetwork,
  protected: protectedArgs,
};

/** Where the environment is made. */
export const origin = { pulumiProject: "review", stack: login.stack };

/** What the pack is told, by the names of settings. */
export const packSettings: Readonly<Record<string, unknown>> = {
  clusterCidrs: Object.values(clusterNetwork).flat(),
  domain,
  platform: true,
  protectedCidrs: protectedArgs.cidrs,
  protectedNamespaces: protectedArgs.namespaces,
};
