import { type ReviewPlatformArgs } from "#components/platform/platformArgs";
import { type AccessArgs, type SecureEnvironmentArgs } from "secure-environment";
import { type Configuration } from "../support/reviewProgram";
import { domain, guestAccount, nodePool } from "./places";
import { platformArgs, platformConfiguration } from "./platformArgs";

/** A platform, and what its environments ask for. */
export interface Setting {
  readonly platform: ReviewPlatformArgs;
  /** The same, as the configuration of the platform's program. */
  readonly configuration: Configuration;
  readonly environment: Pick<SecureEnvironmentArgs, "deployerKinds" | "domain" | "nodePool">;
  readonly people: { readonly shop: AccessArgs[]; readonly blog: AccessArgs[] };
}

/** A platform that uses whatever a platform offers. */
export const fullSetting: Setting = {
  platform: platformArgs,
  configuration: platformConfiguration,
  environment: { domain, nodePool: { name: nodePool, enforcement: "platform" } },
  people: {
    shop: [
      { group: "support", preset: "view" },
      { group: "dev-users", preset: "develop" },
      { group: "on-call", preset: "debug" },
      { serviceAccount: guestAccount, preset: "deploy" },
    ],
    blog: [{ group: "bloggers" }],
  },
};

/** A platform of which nothing is said but whose it is. */
const defaultPlatform = { projects: platformArgs.projects };

export const defaultSetting: Setting = {
  platform: defaultPlatform,
  configuration: defaultPlatform,
  environment: {},
  people: { shop: [{ group: "dev-users" }], blog: [{ group: "dev-users" }] },
};
