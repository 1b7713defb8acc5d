import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CommandResult } from "../../support/command";
import { noCluster } from "../../kubernetes/support/noCluster";
import { policyFolder } from "./rawProgram";
import { type ReviewProgram } from "../../e2e/support/reviewProgram";

/** Has the policy pack judge an exported state, where there is neither a program nor a cluster. */
export async function analyzeState(program: ReviewProgram, state: string): Promise<CommandResult> {
  const folder = mkdtempSync(join(tmpdir(), "secure-environment-state-"));
  try {
    const file = join(folder, "state.json");
    writeFileSync(file, state);
    const args = ["policy", "analyze", "--file", file, "--policy-pack", policyFolder];
    return await program.pulumi(args, { cwd: folder, env: { KUBECONFIG: noCluster } });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
