import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { recordOf } from "secure-environment/core";
import { exitCodes, ReviewError } from "../exitCodes";
import { type PipelineHost, pipelineHosts } from "./pipelineFiles";

/** What is known of the repository that is to have review environments. */
export interface Repository {
  /** The folder with package.json, in which the settings are. */
  readonly folder: string;
  /** Where the repository begins. */
  readonly root: string;
  /** The folder as seen from there, `.` for the same. */
  readonly folderInRoot: string;
  readonly host: PipelineHost;
  /** What the repository is called. */
  readonly name: string;
  /** Whether it has a program of its own, in this folder. */
  readonly hasProgram: boolean;
  /** Where its Kubernetes manifests seem to be, as seen from its root. */
  readonly manifests: string;
}

/** The package that brings the command. */
const commandPackage = "secure-environment-review";

/**
 * Finds out what can be found out.
 *
 * @throws ReviewError with all that is missing.
 */
export function readRepository(folder: string, wanted: string | undefined): Repository {
  const root = rootOf(folder);
  const remote = git(folder, "remote", "get-url", "origin");
  const host = wanted ?? hostOf(root ?? folder, remote);
  const faults = [
    ...(root === undefined ? [`${resolve(folder)} is in no git repository: run \`git init\``] : []),
    ...packageFaults(folder),
    ...hostFaults(host, wanted),
  ];
  if (root === undefined || !isHost(host) || faults.length > 0) {
    const lines = faults.map((fault) => `  - ${fault}.`);
    const message = ["Nothing was written. Before review environments come here:", ...lines];
    throw new ReviewError(message.join("\n"), exitCodes.usage);
  }
  return {
    folder,
    root,
    folderInRoot: relative(root, realpathSync(folder)) || ".",
    host,
    name: nameOf(root, remote),
    hasProgram: existsSync(join(folder, "Pulumi.yaml")),
    manifests: manifestsIn(root),
  };
}

function rootOf(folder: string): string | undefined {
  return existsSync(folder) ? git(folder, "rev-parse", "--show-toplevel") : undefined;
}

function git(folder: string, ...words: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync("git", ["-C", folder, ...words], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}

/** A pipeline installs the command by the lock file of the folder. */
function packageFaults(folder: string): readonly string[] {
  const file = join(folder, "package.json");
  if (!existsSync(file)) {
    return [
      `${resolve(folder)} has no package.json: run \`npm init\`, or name another with --settings`,
    ];
  }
  const { dependencies, devDependencies } = packageIn(file);
  const known = { ...recordOf(dependencies), ...recordOf(devDependencies) };
  return [
    ...(commandPackage in known
      ? []
      : [
          `${file} does not name ${commandPackage}: run \`npm install --save-dev ${commandPackage}\``,
        ]),
    ...(existsSync(join(folder, "package-lock.json"))
      ? []
      : [
          `${resolve(folder)} has no package-lock.json, by which pipelines install: run \`npm install\``,
        ]),
  ];
}

function packageIn(file: string): Readonly<Record<string, unknown>> {
  try {
    return recordOf(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    throw new ReviewError(`${file} is no JSON. Nothing was written.`, exitCodes.usage);
  }
}

function isHost(host: string | undefined): host is PipelineHost {
  return host !== undefined && (pipelineHosts as readonly string[]).includes(host);
}

function hostFaults(host: string | undefined, wanted: string | undefined): readonly string[] {
  const choice = pipelineHosts.map((one) => `--host ${one}`).join(" or ");
  if (wanted !== undefined && !isHost(wanted)) {
    return [`--host is ${JSON.stringify(wanted)}: give ${choice}`];
  }
  return host === undefined ? [`which host the repository has is not known: give ${choice}`] : [];
}

/** By what the repository has for a host already, else by the address that it is pushed to. */
function hostOf(root: string, remote = ""): PipelineHost | undefined {
  const marks: Readonly<Record<PipelineHost, string>> = {
    github: ".github",
    gitlab: ".gitlab-ci.yml",
  };
  const marked = pipelineHosts.filter((host) => existsSync(join(root, marks[host])));
  const named = pipelineHosts.filter((host) => remote.toLowerCase().includes(host));
  const [found, another] = marked.length === 1 ? marked : named;
  return another === undefined ? found : undefined;
}

/** What comes last in the address that it is pushed to; else what its folder is called. */
function nameOf(root: string, remote = ""): string {
  const [last = ""] = /[^/:]+$/.exec(remote.replace(/(\.git)?\/*$/, "")) ?? [];
  return last || basename(root);
}

const manifestFolders = ["manifests", "kubernetes", "k8s", "deploy"];

function manifestsIn(root: string): string {
  const found = manifestFolders.find((name) => {
    const folder = join(root, name);
    return existsSync(folder) && statSync(folder).isDirectory() && hasManifest(folder);
  });
  return found ?? "manifests";
}

function hasManifest(folder: string): boolean {
  return readdirSync(folder)
    .filter((name) => /\.(ya?ml|json)$/.test(name))
    .some((name) => /^\s*"?kind"?:/m.test(readFileSync(join(folder, name), "utf8")));
}
