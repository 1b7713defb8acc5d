import { resolve } from "node:path";
import { stackName } from "secure-environment/core";
import { KubernetesApi } from "secure-environment-kubernetes";
import {
  isStateFolder,
  nodeObstacle,
  openSandbox,
  type Reporter,
  type Sandbox,
  SandboxError,
  startSandbox,
} from "secure-environment-sandbox";
import { provePackets, visitors } from "./neighbours";
import { describeObjects } from "./objects";
import { type Proof, proveWalls } from "./proofs";
import { renderProofs, renderTable } from "./tables";

/** A branch named as people really name them. */
const branch = "feature/Login_form#42";

/** The branch of somebody else, at the same time. */
const otherBranch = "fix/rounding-of-prices";

/** Lets visitors read the page of the environment; see docs/network.md. */
const holeSettings = {
  "holes[0].name": "visitors",
  "holes[0].direction": "ingress",
  "holes[0].peer": "namespace",
  "holes[0].namespace": visitors,
  "holes[0].ports[0].port": "8080",
  "holes[0].reason": "Visitors read the page.",
};

/** The program that the demo runs: the repository's own. */
const programFolder = resolve(__dirname, "../../..");

/**
 * The main job for people who want to see it: brings up a walled environment for a branch on a
 * throw-away cluster, shows what stands, and proves three walls by attack. Where this machine can run
 * a node, real pods then try to reach each other.
 *
 * @throws SandboxError when a step fails or a proof does not hold.
 */
export async function demonstrate(stateDirectory: string, reporter: Reporter): Promise<void> {
  const obstacle = await nodeObstacle(stateDirectory);
  const nodes = obstacle === undefined ? 1 : 0;
  const sandbox = await runningSandbox(stateDirectory, nodes, reporter);
  sandbox.tools.forEach((tool) => reporter.line(`  ${tool.name} ${tool.version}: ${tool.source}`));

  const isShown = sandbox.nodes.length > 0;
  const settings = isShown ? { branch, ...holeSettings } : { branch };
  const stack = await bringUp(sandbox, settings, reporter);
  await showWalls(sandbox, stack, reporter);
  if (isShown) {
    const neighbour = await bringUp(sandbox, { branch: otherBranch }, reporter);
    const proofs = await provePackets(sandbox, stack, neighbour, reporter);
    reporter.line("Real pods and real packets:\n");
    reportProofs("what came of it", proofs, reporter);
  } else {
    const why = obstacle ?? "the sandbox that runs was started without one";
    reporter.line(`\nNot shown, for want of a node: pods, packets and a load. ${why}`);
  }
  reporter.line(farewell(stack));
}

function runningSandbox(
  stateDirectory: string,
  nodes: number,
  reporter: Reporter,
): Promise<Sandbox> {
  return isStateFolder(stateDirectory)
    ? openSandbox(stateDirectory)
    : startSandbox({ stateDirectory, nodes, report: reporter });
}

/** Brings up the environment of a branch, and gives its stack, which is its namespace too. */
async function bringUp(
  sandbox: Sandbox,
  settings: Readonly<Record<string, string>> & { readonly branch: string },
  reporter: Reporter,
): Promise<string> {
  const { branch } = settings;
  const stack = stackName(branch);
  reporter.line(`\nBranch ${branch} is the stack ${stack}. Bringing it up …\n`);
  await pulumi(sandbox, ["stack", "select", "--create", stack]);
  const up = ["up", "--stack", stack, "--yes", "--skip-preview", "--refresh"];
  const config = Object.entries(settings).flatMap(([key, value]) => [
    "--config",
    `${key}=${value}`,
  ]);
  reporter.line(await pulumi(sandbox, [...up, "--config-path", ...config]));
  return stack;
}

async function showWalls(sandbox: Sandbox, stack: string, reporter: Reporter): Promise<void> {
  const api = new KubernetesApi(sandbox.kubeconfig);
  const developer = new KubernetesApi(await sandbox.userKubeconfig("jane", ["dev-users"]));
  try {
    reporter.line(`What stands in the namespace ${stack}:\n`);
    reporter.line(renderTable(["object", "what it does"], await describeObjects(api, stack)));
    reporter.line("\nThree proofs, as jane, a member of dev-users:\n");
    reportProofs("the API server's answer", await proveWalls(developer, stack), reporter);
  } finally {
    api.close();
    developer.close();
  }
}

function reportProofs(answer: string, proofs: readonly Proof[], reporter: Reporter): void {
  reporter.line(renderProofs(answer, proofs));
  if (!proofs.every((proof) => proof.holds)) {
    throw new SandboxError("A proof failed: the environment does not keep its promises.");
  }
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
