import { resolve } from "node:path";
import { stackName } from "secure-environment/core";
import { KubernetesApi } from "secure-environment-kubernetes";
import {
  isStateFolder,
  openSandbox,
  type Reporter,
  type Sandbox,
  SandboxError,
  startSandbox,
} from "secure-environment-sandbox";
import { describeObjects } from "./objects";
import { proveWalls } from "./proofs";
import { renderProofs, renderTable } from "./tables";

/** A branch named as people really name them. */
const branch = "feature/Login_form#42";

/** The program that the demo runs: the repository's own. */
const programFolder = resolve(__dirname, "../../..");

/**
 * The main job for people who want to see it: brings up a walled environment for a branch on a
 * throw-away cluster, shows what stands, and proves three walls by attack.
 *
 * @throws SandboxError when a step fails or a proof does not hold.
 */
export async function demonstrate(stateDirectory: string, reporter: Reporter): Promise<void> {
  const sandbox = await runningSandbox(stateDirectory, reporter);
  sandbox.tools.forEach((tool) => reporter.line(`  ${tool.name} ${tool.version}: ${tool.source}`));

  const stack = stackName(branch);
  reporter.line(`\nBranch ${branch} is the stack ${stack}. Bringing it up …\n`);
  await pulumi(sandbox, ["stack", "select", "--create", stack]);
  const up = ["up", "--stack", stack, "--yes", "--skip-preview", "--refresh"];
  reporter.line(await pulumi(sandbox, [...up, "--config", `branch=${branch}`]));

  const api = new KubernetesApi(sandbox.kubeconfig);
  const developer = new KubernetesApi(await sandbox.userKubeconfig("jane", ["dev-users"]));
  try {
    reporter.line(`What stands in the namespace ${stack}:\n`);
    reporter.line(renderTable(["object", "what it does"], await describeObjects(api, stack)));
    reporter.line("\nThree proofs, as jane, a member of dev-users:\n");
    const proofs = await proveWalls(developer, stack);
    reporter.line(renderProofs(proofs));
    if (!proofs.every((proof) => proof.holds)) {
      throw new SandboxError("A proof failed: the environment does not keep its promises.");
    }
  } finally {
    api.close();
    developer.close();
  }
  reporter.line(farewell(stack));
}

function runningSandbox(stateDirectory: string, reporter: Reporter): Promise<Sandbox> {
  return isStateFolder(stateDirectory)
    ? openSandbox(stateDirectory)
    : startSandbox({ stateDirectory, report: reporter });
}

async function pulumi(sandbox: Sandbox, commandArguments: readonly string[]): Promise<string> {
  const options = { cwd: programFolder };
  const result = await sandbox.exec("pulumi", ["--non-interactive", ...commandArguments], options);
  if (result.exitCode !== 0) {
    throw new SandboxError(
      `pulumi ${commandArguments.join(" ")} failed:\n${result.stdout}${result.stderr}`,
    );
  }
  return result.stdout;
}

function farewell(stack: string): string {
  return [
    "",
    `Look around:  npx sandbox exec -- pulumi stack --stack ${stack} --show-urns`,
    `Tear down:    npx sandbox exec -- pulumi destroy --stack ${stack} --yes --remove && npx sandbox down`,
    "",
  ].join("\n");
}
