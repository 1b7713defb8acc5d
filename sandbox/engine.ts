import { existsSync, linkSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { findOnPath } from "./executables";
import { installedPlugin, userPlugins } from "./installedPlugins";
import { standIns } from "./plugins/index";
import { kubernetesProviderName } from "./pinnedModules";
import { quote } from "./shell";
import type { StatePaths, ToolDescription } from "./state";
import type { Tool } from "./toolCache";
import type { Toolchain } from "./toolchain";

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
 * executables with what was built of Pulumi, and with the stand-ins of all other plugins that are
 * not installed. A full installation of Pulumi is used as it is: it gets missing plugins by itself.
 */
export async function prepareEngine(
  paths: StatePaths,
  { pulumi, kubernetesProvider }: Pick<Toolchain, "pulumi" | "kubernetesProvider">,
): Promise<Engine> {
  [paths.binaries, paths.pulumiHome, paths.pulumiBackend].forEach((directory) =>
    mkdirSync(directory, { recursive: true, mode: 0o700 }),
  );
  const isInstalled = findOnPath("pulumi") === pulumi.path;
  const others = standIns.map(
    async (standIn) =>
      (await installedPlugin(standIn.executable)) ??
      (isInstalled ? pulumisOwn(standIn.executable) : placeStandIn(paths, standIn)),
  );
  const plugins = [
    kubernetesProvider ?? pulumisOwn(kubernetesProviderName),
    ...(await Promise.all(others)),
  ].map(({ name, version, source }) => ({ name, version, source }));
  if (!isInstalled) {
    placeExecutable(pulumi.path, join(paths.binaries, "pulumi"));
  }
  if (kubernetesProvider !== undefined && !isFoundByItself(kubernetesProvider)) {
    // On the PATH the engine says in each run, in two warnings, which provider it uses and that its
    // version is another one than the SDK's. In Pulumi's folder of plugins it would have to lie under
    // the SDK's version, and the engine would take it for that.
    placeExecutable(kubernetesProvider.path, join(paths.binaries, kubernetesProvider.name));
  }
  shareInstalledPlugins(paths);
  return { plugins, environment: engineEnvironment(paths, isInstalled) };
}

function isFoundByItself({ name, path }: Tool): boolean {
  return findOnPath(name) === path || path.startsWith(join(userPlugins(), "/"));
}

function pulumisOwn(name: string): ToolDescription {
  return { name, version: "as Pulumi chooses", source: "installed by Pulumi once it is needed" };
}

function engineEnvironment(paths: StatePaths, isInstalled: boolean): Record<string, string> {
  return {
    PULUMI_BACKEND_URL: pathToFileURL(paths.pulumiBackend).href,
    PULUMI_CONFIG_PASSPHRASE: "",
    PULUMI_HOME: paths.pulumiHome,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    ...(isInstalled ? {} : { PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" }),
  };
}

function placeStandIn(paths: StatePaths, standIn: StandIn): ToolDescription {
  const launcher = `#!/bin/sh\nexec ${quote(process.execPath)} ${quote(standIn.entry)} "$@"\n`;
  writeFileSync(join(paths.binaries, standIn.executable), launcher, { mode: 0o700 });
  return {
    name: standIn.executable,
    version: "of this repository",
    source: `stand-in for ${standIn.standsInFor}`,
  };
}

function placeExecutable(from: string, to: string): void {
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
