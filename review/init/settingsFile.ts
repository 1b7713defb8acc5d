import { maximumProjectLength } from "secure-environment/core";
import { type Repository } from "./repository";

/**
 * The settings that a repository begins with.
 *
 * @param cluster the UID of the namespace kube-system of the cluster that is chosen, if one is.
 */
export function settingsText(
  { name, hasProgram }: Pick<Repository, "name" | "hasProgram">,
  cluster: string | undefined,
): string {
  const project = projectNamed(name);
  const lines = [
    "# The review environments of this repository. Pipelines read this file on the default branch.",
    hasProgram
      ? "program: . # the folder of Pulumi.yaml, which names the project"
      : `project: ${JSON.stringify(project)} # the Pulumi project that the stacks belong to`,
    "lifetime: 7d # from the last `review up`; without it environments stay",
    ...(cluster === undefined
      ? []
      : [`cluster: ${JSON.stringify(cluster)} # the uid of its namespace kube-system`]),
    "config:",
    `  project: ${JSON.stringify(project)} # part of the namespaces' names: review-${project}-<branch>`,
  ];
  return `${lines.join("\n")}\n`;
}

/** What a project may be called: small letters and digits. */
function projectNamed(name: string): string {
  const project = name.toLowerCase().replace(/[^a-z0-9]/g, "");
  return project.slice(0, maximumProjectLength) || "app";
}
