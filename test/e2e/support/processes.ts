import { readdirSync, readFileSync } from "node:fs";

/**
 * Processes that inherited the environment variable, by what they run. Installed plugins are left
 * out: how long they outlive a killed engine is their own affair.
 */
export function processesWith(variable: string, value: string): string[] {
  return processIdsWith(variable, value)
    .map((id) => read(`/proc/${id}/cmdline`).replaceAll("\0", " "))
    .filter((command) => command !== "" && !isInstalledPlugin(command));
}

/** The numbers of all processes that inherited the environment variable. */
export function processIdsWith(variable: string, value: string): number[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .filter((id) => read(`/proc/${id}/environ`).split("\0").includes(`${variable}=${value}`))
    .map(Number);
}

function isInstalledPlugin(command: string): boolean {
  return /^\S*\/pulumi-(language|resource)-\S* /.test(command);
}

/** A process may end while it is looked at. */
function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
