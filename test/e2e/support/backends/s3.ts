import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { freePort } from "secure-environment-sandbox";
import { runCommand } from "../../../support/command";
import { startServer, type StateBackend } from "./stateBackend";

const pinned = resolve(__dirname, "../../../../../test/e2e/support/backends/gofakes3");
const bucket = "state";

/** A stand-in for S3, which Go builds from the pinned module beside this file. It keeps all in memory. */
export async function startS3(): Promise<StateBackend> {
  const folder = mkdtempSync(join(tmpdir(), "secure-environment-s3-"));
  const command = join(folder, "gofakes3");
  const build = ["build", "-o", command, "github.com/johannesboyne/gofakes3/cmd/gofakes3"];
  const built = await runCommand("go", build, { cwd: pinned, env: process.env });
  if (built.exitCode !== 0) {
    throw new Error(`gofakes3 could not be built:\n${built.output}`);
  }
  const port = await freePort();
  const args = ["-backend", "memory", "-initialbucket", bucket, "-host", `127.0.0.1:${port}`];
  const stop = await startServer(port, { command, args });
  return {
    variables: {
      PULUMI_BACKEND_URL: `s3://${bucket}?endpoint=http://127.0.0.1:${port}&s3ForcePathStyle=true&region=us-east-1`,
      AWS_ACCESS_KEY_ID: "any",
      AWS_SECRET_ACCESS_KEY: "any",
    },
    stop: async () => {
      await stop();
      rmSync(folder, { recursive: true });
    },
  };
}
