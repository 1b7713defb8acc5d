import { namespaceName, stackName } from "secure-environment/core";
import { configuredProject, saysPlatform } from "../environment/target";
import { type Surroundings } from "./examination";

type Place = Pick<Surroundings, "settings" | "branch">;

/** The namespace of the branch's environment; `undefined` where no branch was named. */
export function environmentNamespace({ settings, branch }: Place): string | undefined {
  return branch === undefined || settings === undefined
    ? undefined
    : namespaceName(stackName(branch), configuredProject(settings));
}

/** Whether environments are under the platform; `undefined` where the settings do not tell. */
export function isUnderPlatform({ settings }: Place): boolean | undefined {
  return settings && saysPlatform(settings);
}
