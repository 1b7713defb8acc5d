import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * A kubeconfig that chooses no cluster at all, for previews: its context does not exist. An empty file would
 * not do, because inside a cluster it stands for that very cluster; and an address where nobody answers makes
 * the kubernetes provider wait.
 */
export const noCluster = writtenKubeconfig();

function writtenKubeconfig(): string {
  const folder = mkdtempSync(join(tmpdir(), "secure-environment-no-cluster-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "kubeconfig.json");
  const none = { clusters: [], contexts: [], users: [] };
  const kubeconfig = { apiVersion: "v1", kind: "Config", "current-context": "no-cluster", ...none };
  writeFileSync(file, JSON.stringify(kubeconfig));
  return file;
}
