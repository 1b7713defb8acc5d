import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { rmdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { hasCode, SandboxError } from "./errors";
import { isRunning, type ProcessReference, referenceTo } from "./processes";

/** One program of a sandbox and the version that runs. */
export interface ToolDescription {
  readonly name: string;
  readonly version: string;
  /** Where it came from, for people: found at a path, built from a module, stand-in for something. */
  readonly source: string;
}

/** One process of the control plane. */
export interface PartRecord extends ProcessReference {
  readonly name: string;
  readonly logFile: string;
}

/** What the state folder says about its sandbox. */
export interface StateRecord {
  readonly kind: typeof recordKind;
  readonly phase: "starting" | "running";
  readonly starter: ProcessReference;
  readonly parts: readonly PartRecord[];
  /** The control group that all processes of a sandbox with nodes are in. */
  readonly cgroup?: string;
  /** The names of its nodes, once they are ready. */
  readonly nodes: readonly string[];
  /** Addresses of the API servers, once they are known. */
  readonly servers: readonly string[];
  readonly tools: readonly ToolDescription[];
  /** What commands of this sandbox get on top of their environment, without the search path. */
  readonly environment: Readonly<Record<string, string>>;
}

const recordKind = "secure-environment-sandbox";
const recordName = "sandbox.json";

/** Where things lie inside a state folder. */
export function statePaths(stateDirectory: string) {
  const root = resolve(stateDirectory);
  return {
    root,
    record: join(root, recordName),
    binaries: join(root, "bin"),
    certificates: join(root, "pki"),
    etcdData: join(root, "etcd"),
    logs: join(root, "logs"),
    auditPolicy: join(root, "audit-policy.yaml"),
    auditLog: join(root, "logs", "audit.jsonl"),
    kubeconfigs: join(root, "kubeconfigs"),
    adminKubeconfig: join(root, "kubeconfigs", "admin.yaml"),
    nodes: join(root, "nodes"),
    images: join(root, "images"),
    pulumiHome: join(root, "pulumi", "home"),
    pulumiBackend: join(root, "pulumi", "backend"),
  };
}

/** The paths inside one state folder. */
export type StatePaths = ReturnType<typeof statePaths>;

/** Whether the folder was made by a sandbox. */
export function isStateFolder(directory: string): boolean {
  return readRecord(directory) !== undefined;
}

/** Reads the record of a state folder, or nothing when the folder is none. */
export function readRecord(directory: string): StateRecord | undefined {
  try {
    const content = readFileSync(join(directory, recordName), "utf8");
    const record = JSON.parse(content) as Partial<StateRecord> | null;
    return record?.kind === recordKind ? (record as StateRecord) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || hasCode(error, "ENOENT") || hasCode(error, "ENOTDIR")) {
      return undefined;
    }
    throw error;
  }
}

/**
 * Takes a folder as the state folder of a new sandbox, and makes it readable by this user only.
 *
 * @throws SandboxError when a sandbox is there already, or anything else is.
 */
export function claimStateFolder(directory: string): StatePaths {
  const paths = statePaths(directory);
  mkdirSync(paths.root, { recursive: true, mode: 0o700 });
  refuseIfUsed(paths.root);
  chmodSync(paths.root, 0o700);
  writeFirstRecord(paths);
  return paths;
}

/** Changes the record; a reader sees the old one or the new one, never a part. */
export function updateRecord(paths: StatePaths, change: Partial<StateRecord>): void {
  const record = { ...readRecord(paths.root), ...change };
  const draft = `${paths.record}.new`;
  writeFileSync(draft, JSON.stringify(record, undefined, 2), { mode: 0o600 });
  renameSync(draft, paths.record);
}

/** Removes a state folder and all that is in it. */
export function removeStateFolder(paths: StatePaths): void {
  rmSync(paths.root, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
}

/** Writes a file that only this user may read, making its folder if needed. */
export function writePrivateFile(path: string, content: string): void {
  mkdirSync(join(path, ".."), { recursive: true, mode: 0o700 });
  const draft = `${path}.new`;
  writeFileSync(draft, content, { mode: 0o600 });
  renameSync(draft, path);
}

function refuseIfUsed(root: string): void {
  const record = readRecord(root);
  if (record !== undefined) {
    throw new SandboxError(whatIsThere(root, record));
  }
  if (readdirSync(root).length > 0) {
    throw new SandboxError(
      `The folder ${root} holds something else than a sandbox. Name an empty or a new folder.`,
    );
  }
}

function whatIsThere(root: string, record: StateRecord): string {
  if (record.phase === "starting" && isRunning(record.starter)) {
    return `A sandbox is just being started in ${root} by process ${record.starter.pid}.`;
  }
  return record.parts.some(isRunning)
    ? `A sandbox runs in ${root} already. End it with \`sandbox down\`, or name another folder.`
    : `A sandbox that no longer runs has left ${root}. Clear it away with \`sandbox down\` first.`;
}

function writeFirstRecord(paths: StatePaths): void {
  const record: StateRecord = {
    kind: recordKind,
    phase: "starting",
    starter: referenceTo(process.pid) ?? { pid: process.pid, identity: "" },
    parts: [],
    nodes: [],
    servers: [],
    tools: [],
    environment: {},
  };
  try {
    writeFileSync(paths.record, JSON.stringify(record), { flag: "wx", mode: 0o600 });
  } catch (error) {
    if (hasCode(error, "EEXIST")) {
      throw new SandboxError(`Another process is just starting a sandbox in ${paths.root}.`);
    }
    // On a full disk the file is there, and empty.
    rmSync(paths.record, { force: true });
    rmdirSync(paths.root);
    throw error;
  }
}
