import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { credentials, Metadata } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import type { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

import { SandboxError } from "./errors";
import { findOnPath } from "./executables";
import type { Tool } from "./toolCache";

const answerMilliseconds = 30_000;

/** The folder that this user's Pulumi keeps plugins in. */
export function userPlugins(): string {
  return join(process.env.PULUMI_HOME || join(homedir(), ".pulumi"), "plugins");
}

/**
 * A plugin that this machine has, as the engine finds it: on the PATH first, else the newest one in
 * the folder of this user's Pulumi.
 *
 * @throws SandboxError when one on the PATH does not run.
 */
export async function installedPlugin(executable: string): Promise<Tool | undefined> {
  const path = findOnPath(executable);
  if (path === undefined) {
    return pluginInFolder(executable);
  }
  const version = executable.startsWith("pulumi-resource-")
    ? await pluginVersion(path)
    : "as installed";
  return { name: executable, version, source: `found at ${path}`, path };
}

function pluginInFolder(executable: string): Tool | undefined {
  const prefix = `${executable.replace(/^pulumi-/, "")}-v`;
  const [newest] = folders(userPlugins())
    .filter((name) => name.startsWith(prefix))
    .toSorted((one, other) => other.localeCompare(one, "en", { numeric: true }));
  if (newest === undefined) {
    return undefined;
  }
  const path = join(userPlugins(), newest, executable);
  const version = newest.slice(prefix.length - 1);
  return { name: executable, version, source: `found at ${path}`, path };
}

function folders(parent: string): readonly string[] {
  return existsSync(parent)
    ? readdirSync(parent, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => entry.name)
    : [];
}

/** Providers tell their version over their own protocol only. */
async function pluginVersion(path: string): Promise<string> {
  const plugin = spawn(path, [], { stdio: ["ignore", "pipe", "ignore"] });
  try {
    const port = await firstLineOf(plugin);
    const client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
    const info = await new Promise<PluginInfo>((resolve, reject) => {
      const deadline = Date.now() + answerMilliseconds;
      client.getPluginInfo(new Empty(), new Metadata(), { deadline }, (error, answer) =>
        error === null ? resolve(answer) : reject(error),
      );
    }).finally(() => client.close());
    const version = info.getVersion();
    return version === "" ? "of its own making" : `v${version.replace(/^v/, "")}`;
  } catch (error) {
    throw new SandboxError(`${path} does not run: ${(error as Error).message}`);
  } finally {
    plugin.kill("SIGKILL");
  }
}

/** A plugin says first on which port it listens. */
async function firstLineOf(plugin: ChildProcess): Promise<string> {
  const lines = createInterface({ input: plugin.stdout! });
  const silence = AbortSignal.timeout(answerMilliseconds);
  const [line] = (await Promise.race([
    once(lines, "line", { signal: silence }),
    once(plugin, "exit", { signal: silence }).then(() => {
      throw new Error("it ended at once");
    }),
  ])) as [string];
  return line;
}
