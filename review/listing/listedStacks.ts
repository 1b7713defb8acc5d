import { listOf, recordOf } from "secure-environment/core";
import { runPulumi } from "../engine/pulumiProcess";
import { exitCodes, ReviewError } from "../exitCodes";
import { withScratchFolder } from "../scratchFolder";
import { type ListedStack } from "./listedStack";
import { stacksInFolder } from "./stackFiles";

/**
 * The stacks of the backend: by the names of its files where it is a folder of this machine, else by one run
 * of Pulumi, which reads the whole state of each from a backend of files.
 *
 * @param project whose stacks are listed. Without it all are.
 * @throws ReviewError when it fails.
 */
export async function listStacks(project: string | undefined): Promise<readonly ListedStack[]> {
  return stacksInFolder(process.env.PULUMI_BACKEND_URL, project) ?? stacksByPulumi(project);
}

async function stacksByPulumi(project: string | undefined): Promise<readonly ListedStack[]> {
  const which = project === undefined ? ["--all"] : ["--project", project];
  // Only in a folder that belongs to no project are all names whole.
  return withScratchFolder(async (folder) => {
    const { exitCode, output, words } = await runPulumi({
      folder,
      args: ["stack", "ls", ...which, "--json"],
    });
    if (exitCode !== exitCodes.done) {
      const message = `The stacks of the backend could not be listed: ${words.trim()}\nLog in with \`pulumi login\`, or set PULUMI_BACKEND_URL.`;
      throw new ReviewError(
        message,
        exitCode === exitCodes.credentials ? exitCodes.credentials : exitCodes.failed,
      );
    }
    return stacksIn(output);
  });
}

/**
 * The stacks in what `pulumi stack ls --json` prints in a folder without a project.
 *
 * @throws ReviewError when it is no such list.
 */
export function stacksIn(json: string): readonly ListedStack[] {
  return listOf(parsed(json)).flatMap((entry) => {
    const { name, updateInProgress, resourceCount, lastUpdate } = recordOf(entry);
    const [organization, project, stack] = typeof name === "string" ? name.split("/") : [];
    return organization === undefined || project === undefined || stack === undefined
      ? []
      : [
          {
            fullName: [organization, project, stack].join("/"),
            organization,
            project,
            name: stack,
            isBusy: updateInProgress === true,
            resourceCount: () => (typeof resourceCount === "number" ? resourceCount : undefined),
            ...(typeof lastUpdate === "string" && lastUpdate !== "" ? { lastUpdate } : {}),
          },
        ];
  });
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    const message = "The stacks of the backend could not be listed: pulumi did not print JSON.";
    throw new ReviewError(message, exitCodes.failed);
  }
}
