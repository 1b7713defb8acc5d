import { reservedNameOf, stackName } from "secure-environment/core";
import { exitCodes, ReviewError } from "../exitCodes";
import { type ReviewSettings } from "../settings/reviewSettings";

/** The environment that a command is about. */
export interface Target {
  readonly settings: ReviewSettings;
  readonly branch: string;
  /** Its stack, without owner and project. */
  readonly stack: string;
  /** What its namespace names as its project, in a label. */
  readonly labelledProject: string;
}

/** The environment of a branch. */
export function targetOf(settings: ReviewSettings, branch: string): Target {
  if (branch.trim() === "") {
    const message = "The branch is empty; give the name of a branch, such as feature/login.";
    throw new ReviewError(message, exitCodes.usage);
  }
  return {
    settings,
    branch,
    stack: stackName(branch),
    labelledProject: configuredProject(settings) ?? settings.project,
  };
}

/** The project that is a part of the names of namespaces, if one is configured. */
export function configuredProject({ configuration, project }: ReviewSettings): string | undefined {
  const configured = configuration[`${project}:project`];
  return typeof configured === "string" && configured !== "" ? configured : undefined;
}

/**
 * Whether the settings say that environments are under the platform; `undefined` where that is not
 * known, as a program of its own may say so in its code.
 */
export function saysPlatform({
  configuration,
  program,
  project,
}: ReviewSettings): boolean | undefined {
  const said = configuration[`${project}:platform`];
  if (said !== undefined) {
    return said === true || said === "true";
  }
  return program === undefined ? false : undefined;
}

/** The stack by its full name, as Pulumi takes it in any folder. */
export function fullStackName({ settings, stack }: Pick<Target, "settings" | "stack">): string {
  return [settings.organization, settings.project, stack].join("/");
}

/** Why a branch gets no environment; `undefined` when it gets one. */
export function reasonForNone({ settings, branch }: Target): string | undefined {
  const pattern = reservedNameOf(branch, settings.unreviewed);
  return pattern === undefined
    ? undefined
    : `The branch ${JSON.stringify(branch)} gets no environment: ${pattern} is on the list of those that get none.`;
}
