import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { withScratchFolder } from "../scratchFolder";
import { type ReviewSettings } from "../settings/reviewSettings";

/** What a run of the engine needs on disk, apart from the checkout, which stays as it is. */
export interface ProjectFolder {
  /** Has a Pulumi.yaml of the project, and nothing else that Pulumi would read. */
  readonly folder: string;
  /** The configuration of the run. */
  readonly settingsFile: string;
}

/**
 * Lends a folder that is removed when the work is done. Only its owner may read it.
 *
 * @param configuration by full key; what Pulumi writes into the file, such as a salt, goes with it.
 */
export function withProjectFolder<Result>(
  { project, backend }: Pick<ReviewSettings, "project" | "backend">,
  configuration: Readonly<Record<string, unknown>>,
  work: (lent: ProjectFolder) => Promise<Result>,
): Promise<Result> {
  return withScratchFolder((root) => {
    const folder = join(root, "project");
    mkdirSync(folder);
    const settingsFile = join(root, "settings.yaml");
    writeYaml(join(folder, "Pulumi.yaml"), {
      name: project,
      runtime: "nodejs",
      ...(backend !== undefined && { backend: { url: backend } }),
    });
    writeYaml(settingsFile, { config: configuration });
    return work({ folder, settingsFile });
  });
}

/** JSON is YAML in which every value is what it is written as. */
function writeYaml(file: string, content: object): void {
  writeFileSync(file, `${JSON.stringify(content)}\n`, { mode: 0o600 });
}
