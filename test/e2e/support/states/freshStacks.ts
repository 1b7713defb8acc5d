import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type CommandResult } from "../../../support/command";
import { type ReviewProgram } from "../reviewProgram";
import { settingsOf } from "../settings";
import { slugPrefix, type StateConfiguration } from "./configurations";
import { statedResources, type StatedResources } from "./stateText";

/** What a stack was that came up for the first time. */
export interface FreshStack {
  /** The settings, as the stack's file had them. */
  readonly settings: string;
  readonly resources: StatedResources;
  /** How a preview ended over the state that was left, in which no change was expected. */
  readonly preview: CommandResult;
}

/** How many stacks come up side by side. */
const lanes = 3;

/** Brings the stacks up, some side by side, and previews each of them. An error stands for a failure. */
export async function bringUp(
  program: ReviewProgram,
  project: string,
  configurations: readonly StateConfiguration[],
): Promise<[string, FreshStack | Error][]> {
  const stacks: [string, FreshStack | Error][] = [];
  const queue = configurations.values();
  const lane = async () => {
    for (const configuration of queue) {
      const stack = freshStack(program, project, configuration);
      stacks.push([configuration.name, await stack.catch((error: Error) => error)]);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return stacks;
}

async function freshStack(
  program: ReviewProgram,
  project: string,
  { name, settings: configuration, secrets = {} }: StateConfiguration,
): Promise<FreshStack> {
  const slug = `${slugPrefix}${name}`;
  const stack = `review-${slug}`;
  const settings = settingsOf(project, configuration);
  writeFileSync(join(program.folder, `Pulumi.${stack}.yaml`), settings);
  await program.createStack(stack);
  for (const [path, value] of Object.entries(secrets)) {
    const secret = ["--secret", "--path", path, value];
    await program.succeed(["config", "set", "--stack", stack, ...secret]);
  }
  await program.succeed(["up", "--stack", stack, "--yes", "--skip-preview"]);
  const { stdout } = await program.succeed(["stack", "export", "--stack", stack]);
  const preview = await program.pulumi(["preview", "--stack", stack, "--expect-no-changes"]);
  return { settings, resources: statedResources(stdout, slug), preview };
}
