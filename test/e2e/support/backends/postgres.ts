import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "secure-environment-sandbox";
import { runCommand } from "../../../support/command";
import { startServer, type StateBackend } from "./stateBackend";

/** Where Debian's packages put each version. */
const versions = "/usr/lib/postgresql";

/** The user that has no rights; PostgreSQL refuses to run as root. */
const nobody = 65534;

/** Why there is no PostgreSQL here; nothing where there is one. */
export function postgresObstacle(): string | undefined {
  return programs() === undefined
    ? "there is no PostgreSQL; Debian's package `postgresql` has it"
    : undefined;
}

/** A PostgreSQL server of its own, whose data are gone with it. */
export async function startPostgres(): Promise<StateBackend> {
  const folder = programs();
  if (folder === undefined) {
    throw new Error(postgresObstacle());
  }
  const data = mkdtempSync(join(tmpdir(), "secure-environment-postgres-"));
  const userId = process.getuid?.() === 0 ? nobody : undefined;
  if (userId !== undefined) {
    chownSync(data, userId, userId);
  }
  const initdb = [join(folder, "initdb"), "-D", data, "-U", "state", "--auth=trust", "--no-sync"];
  const asUser = ["setpriv", `--reuid=${userId}`, `--regid=${userId}`, "--clear-groups"];
  const [command = "", ...args] = userId === undefined ? initdb : [...asUser, ...initdb];
  const made = await runCommand(command, args, { cwd: data, env: process.env });
  if (made.exitCode !== 0) {
    throw new Error(`initdb ended with ${made.exitCode}:\n${made.output}`);
  }
  const port = await freePort();
  const settings = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off"];
  const stop = await startServer(port, {
    command: join(folder, "postgres"),
    args: ["-D", data, "-p", String(port), ...settings.flatMap((setting) => ["-c", setting])],
    userId,
  });
  return {
    variables: {
      PULUMI_BACKEND_URL: `postgres://state@127.0.0.1:${port}/postgres?sslmode=disable`,
    },
    stop: async () => {
      await stop();
      rmSync(data, { recursive: true });
    },
  };
}

/** The folder of the newest version's programs. */
function programs(): string | undefined {
  const found = existsSync(versions) ? readdirSync(versions) : [];
  return found
    .sort((one, other) => Number(other) - Number(one))
    .map((version) => join(versions, version, "bin"))
    .find((folder) => existsSync(join(folder, "initdb")));
}
