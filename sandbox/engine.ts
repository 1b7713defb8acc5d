import { existsSync, linkSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { findOnPath } from "./executables";
import { standIns } from "./plugins/index";
import { quote } from "./shell";
import type { StatePaths, ToolDescription } from "./state";
import type { Tool } from "./toolCache";

type StandIn = (typeof standIns)[number];

/** A Pulumi engine that is ready to be used. */
export interface Engine {
  /** The engine's plugins, those installed and the stand-ins. */
  readonly plugins: readonly ToolDescription[];
  /** What its commands need in their environment, without the search path. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Lays out the engine in the state folder: its own home and backend, and an own folder of
 * executables with the stand-ins of all plugins that are not installed.
 */
export function prepareEngine(paths: StatePaths, pulumi: Tool): Engine {
  [paths.binaries, paths.pulumiHome, paths.pulumiBackend].forEach((directory) =>
    mkdirSync(directory, { recursive: true, mode: 0o700 }),
  );
  const plugins = standIns.map(
    (standIn) => installedPlugin(standIn.executable) ?? placeStandIn(paths, standIn),
  );
  if (findOnPath("pulumi") !== pulumi.path) {
    placeEngine(pulumi.path, join(paths.binaries, "pulumi"));
  }
  shareInstalledPlugins(paths);
  return { plugins, environment: engineEnvironment(paths, hasStandIn(plugins)) };
}

function engineEnvironment(paths: StatePaths, usesStandIns: boolean): Record<string, string> {
  return {
    PULUMI_BACKEND_URL: pathToFileURL(paths.pulumiBackend).href,
    PULUMI_CONFIG_PASSPHRASE: "",
    PULUMI_HOME: paths.pulumiHome,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    ...(usesStandIns ? { PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" } : {}),
  };
}

function hasStandIn(plugins: readonly ToolDescription[]): boolean {
  return plugins.some((plugin) => plugin.source.startsWith(standInSource));
}

const standInSource = "stand-in for";

function installedPlugin(executable: string): ToolDescription | undefined {
  const path = findOnPath(executable);
  if (path !== undefined) {
    return { name: executable, version: "as installed", source: `found at ${path}` };
  }
  const prefix = `${executable.replace(/^pulumi-/, "")}-v`;
  const folder = pluginFolders().find((name) => name.startsWith(prefix));
  return folder === undefined
    ? undefined
    : {
        name: executable,
        version: folder.slice(prefix.length - 1),
        source: `found at ${join(userPlugins(), folder)}`,
      };
}

function pluginFolders(): readonly string[] {
  return existsSync(userPlugins())
    ? readdirSync(userPlugins(), { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => entry.name)
    : [];
}

function userPlugins(): string {
  return join(process.env.PULUMI_HOME || join(homedir(), ".pulumi"), "plugins");
}

function placeStandIn(paths: StatePaths, standIn: StandIn): ToolDescription {
  const launcher = `#!/bin/sh\nexec ${quote(process.execPath)} ${quote(standIn.entry)} "$@"\n`;
  writeFileSync(join(paths.binaries, standIn.executable), launcher, { mode: 0o700 });
  return {
    name: standIn.executable,
    version: "of this repository",
    source: `${standInSource} ${standIn.standsInFor}`,
  };
}

function placeEngine(from: string, to: string): void {
  try {
    // The engine takes a language host for its own, without a warning, only if that lies beside
    // its executable once all symbolic links are followed.
    linkSync(from, to);
  } catch {
    symlinkSync(from, to);
  }
}

/** Lets the engine use what the user has installed, and nothing else of their Pulumi home. */
function shareInstalledPlugins(paths: StatePaths): void {
  if (existsSync(userPlugins())) {
    symlinkSync(userPlugins(), join(paths.pulumiHome, "plugins"));
  }
}
