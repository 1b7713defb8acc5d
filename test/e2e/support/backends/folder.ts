import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type StateBackend } from "./stateBackend";

/** A folder of this machine. */
export function openFolder(): StateBackend {
  const folder = mkdtempSync(join(tmpdir(), "secure-environment-backend-"));
  return {
    variables: { PULUMI_BACKEND_URL: `file://${folder}` },
    stop: () => Promise.resolve(rmSync(folder, { recursive: true })),
  };
}
