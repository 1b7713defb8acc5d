import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stopSignals } from "../engine/interruption";
import { packageFolder } from "../packageFolder";
import { type SignIn } from "../settings/signIn";

/**
 * Has this process, and all that it starts, use the cluster as the run's own identity, until it ends: by a
 * kubeconfig that has the command itself ask the host for tokens. There is none in it.
 */
export function useRunKubeconfig(signIn: SignIn): void {
  useKubeconfig(JSON.stringify(runKubeconfig(signIn)));
}

/** Has this process, and all that it starts, use a kubeconfig of this content, until it ends. */
export function useKubeconfig(content: string): void {
  const folder = mkdtempSync(join(tmpdir(), "review-sign-in-"));
  removeAtEnd(folder);
  const file = join(folder, "kubeconfig");
  writeFileSync(file, content, { mode: 0o600, flag: "wx" });
  process.env.KUBECONFIG = file;
}

function runKubeconfig({ server, certificateAuthority, audience }: SignIn): object {
  const name = "run";
  const exec = {
    apiVersion: "client.authentication.k8s.io/v1",
    command: process.execPath,
    args: [join(packageFolder, "review.js"), "credential", "--audience", audience],
    interactiveMode: "Never",
  };
  return {
    apiVersion: "v1",
    kind: "Config",
    "current-context": name,
    contexts: [{ name, context: { cluster: name, user: name } }],
    clusters: [{ name, cluster: { server, "certificate-authority-data": certificateAuthority } }],
    users: [{ name, user: { exec } }],
  };
}

/** A signal that somebody else listens to ends the process in good order, and this with it. */
function removeAtEnd(folder: string): void {
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  process.on("exit", remove);
  const end = (signal: NodeJS.Signals): void => {
    if (process.listenerCount(signal) === 1) {
      remove();
      process.off(signal, end);
      process.kill(process.pid, signal);
    }
  };
  stopSignals.forEach((signal) => process.on(signal, end));
}
