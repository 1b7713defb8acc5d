import { type ResourceState } from "../state/checkpoint";
import { LanguageServer } from "../engine/languageServer";
import { runPulumi } from "../engine/pulumiProcess";
import { type EnvironmentRun } from "./environmentRun";
import { fullStackName, type Target } from "./target";

/**
 * Has Pulumi run the program: the repository's own in its folder, or the standard one in this process.
 *
 * @param environment variables that differ from those of this process.
 */
export async function withProgram<Result>(
  { settings }: Target,
  work: (client: readonly string[], folder?: string) => Promise<Result>,
  environment: NodeJS.ProcessEnv = {},
): Promise<Result> {
  if (settings.program !== undefined) {
    return work([], settings.program);
  }
  const { standardProgram } = await import("../engine/standardProgram.js");
  return withVariables(environment, async () => {
    const server = await LanguageServer.serve(standardProgram(process.env));
    try {
      return await work([`--client=${server.address}`, "--exec-kind", "auto.inline"]);
    } finally {
      server.close();
    }
  });
}

/** A program that runs in this process has its components read the variables of this process. */
async function withVariables<Result>(
  environment: NodeJS.ProcessEnv,
  work: () => Promise<Result>,
): Promise<Result> {
  const before = Object.keys(environment).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, environment);
  try {
    return await work();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) {
        delete process.env[name];
      } else {
        process.env[name] = value;
      }
    }
  }
}

interface PreviewStep {
  readonly op: string;
  readonly newState?: ResourceState;
}

/** What the next run would create; nothing where that cannot be told. */
export async function plannedCreations(run: EnvironmentRun): Promise<readonly ResourceState[]> {
  const { target, project } = run;
  const preview = ["preview", "--json", "--config-file", project.settingsFile];
  const args = [...preview, "--stack", fullStackName(target)];
  const { output } = await withProgram(target, (client, folder) =>
    runPulumi({ folder: folder ?? project.folder, args: [...args, ...client] }),
  );
  try {
    const { steps = [] } = JSON.parse(output) as { readonly steps?: readonly PreviewStep[] };
    return steps.flatMap(({ op, newState }) => (op === "create" && newState ? [newState] : []));
  } catch {
    return [];
  }
}
