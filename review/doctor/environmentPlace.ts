import { namespaceName, stackName } from "secure-environment/core";
import { configuredProject } from "../environment/target";
import { type Surroundings } from "./examination";

type Place = Pick<Surroundings, "settings" | "branch">;

/** The namespace of the branch's environment; `undefined` where no branch was named. */
export function environmentNamespace({ settings, branch }: Place): string | undefined {
  return branch === undefined || settings === undefined
    ? undefined
    : namespaceName(stackName(branch), configuredProject(settings));
}

/**
 * Whether the settings say that environments are under the platform; `undefined` where that is not
 * known, as a program of its own may say so in its code.
 */
export function isUnderPlatform({ settings }: Place): boolean | undefined {
  const said = settings?.configuration[`${settings.project}:platform`];
  if (said !== undefined) {
    return said === true || said === "true";
  }
  return settings === undefined || settings.program !== undefined ? undefined : false;
}
