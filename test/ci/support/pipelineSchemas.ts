import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { register } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type CommandResult, runCommand } from "../../support/command";

/** What GitHub's own parser finds wrong with a workflow. */
export async function workflowErrors(content: string): Promise<string[]> {
  // The parser imports its schema without the attribute that Node.js asks for.
  register(
    `data:text/javascript,${encodeURIComponent(`
      export const load = (url, context, next) =>
        /@actions.workflow-parser.*\\.json$/.test(url)
          ? next(url, { ...context, importAttributes: { type: "json" } })
          : next(url, context);
    `)}`,
  );
  const parser = await import("@actions/workflow-parser");
  const { context, value } = parser.parseWorkflow(
    { name: "workflow.yml", content },
    new parser.NoOperationTraceWriter(),
  );
  if (value !== undefined) {
    await parser.convertWorkflowTemplate(context, value);
  }
  return context.errors.getErrors().map((error) => error.message);
}

/** gitlab-ci-local uses one function more than Node.js 20 has. */
const forNode20 = `data:text/javascript,${encodeURIComponent(
  "Set.prototype.union ??= function (other) { return new Set([...this, ...other]); };",
)}`;

/**
 * Runs gitlab-ci-local, which checks against GitLab's own schema first, in a project of its own
 * that includes the pipeline.
 */
export async function gitlabCiLocal(
  content: string,
  args: readonly string[],
): Promise<CommandResult> {
  const folder = mkdtempSync(join(tmpdir(), "secure-environment-gitlab-"));
  const included = "ci/gitlab/review-environments.yml";
  try {
    mkdirSync(dirname(join(folder, included)), { recursive: true });
    writeFileSync(join(folder, included), content);
    writeFileSync(join(folder, ".gitlab-ci.yml"), `include:\n  - local: ${included}\n`);
    await git(folder, "init", "--quiet");
    await git(folder, "add", "--all");
    const main = join(__dirname, "../../../../node_modules/gitlab-ci-local/dist/index.js");
    return await runCommand(process.execPath, ["--import", forNode20, main, ...args], {
      cwd: folder,
      env: process.env,
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function git(folder: string, ...words: string[]): Promise<void> {
  const { exitCode, output } = await runCommand("git", words, { cwd: folder, env: process.env });
  if (exitCode !== 0) {
    throw new Error(`git ${words.join(" ")} failed: ${output}`);
  }
}
