import { type ReviewSettings } from "./reviewSettings";

/**
 * Has Pulumi use the state backend that a program of the repository's own names, as it does in the
 * program's folder: stacks of all projects have their whole names only in a folder that has no project.
 */
export function useBackendOf({ backend }: Pick<ReviewSettings, "backend">): void {
  if (backend !== undefined) {
    process.env.PULUMI_BACKEND_URL ||= backend;
  }
}
