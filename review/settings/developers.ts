import { isRecord } from "secure-environment/core";

/** How developers sign in: a command of the identity provider that prints credentials to kubectl. */
export interface Developers {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/**
 * What settings say of developers, and what is wrong with it. The command is one of the search path, so
 * that no branch brings its own; kubectl runs it as the user who calls kubectl.
 */
export function developersIn(value: unknown): { developers?: Developers; faults: string[] } {
  if (value === undefined) {
    return { faults: [] };
  }
  const exec = isRecord(value) ? value.exec : undefined;
  if (!isRecord(value) || !isRecord(exec)) {
    return {
      faults: ["developers is no map with the key exec, such as { exec: { command: kubelogin } }"],
    };
  }
  const { command, args = [], env = {}, ...others } = exec;
  const unknown = [
    ...Object.keys(value).filter((key) => key !== "exec"),
    ...Object.keys(others).map((key) => `exec.${key}`),
  ];
  const faults = [
    ...unknown.map(
      (key) => `developers.${key} is not known; there are exec.command, exec.args and exec.env`,
    ),
    ...(isCommand(command)
      ? []
      : ["developers.exec.command is no name of a command of the search path, such as kubelogin"]),
    ...(isTexts(args) ? [] : ["developers.exec.args is no list of texts; write each in quotes"]),
    ...(isRecord(env) && isTexts(Object.values(env))
      ? []
      : ["developers.exec.env is no map of texts; write each in quotes"]),
  ];
  return faults.length > 0
    ? { faults }
    : { faults, developers: { command, args, env } as Developers };
}

/** A path would lead into the checkout of a branch. */
function isCommand(value: unknown): value is string {
  return typeof value === "string" && /^[\w.+-]+$/.test(value) && !value.startsWith("-");
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}
