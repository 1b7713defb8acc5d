import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  cpSync,
  createReadStream,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { promisify } from "node:util";

import { hasCode, messageOf, SandboxError } from "../errors";

/** The user and group that a packed program runs as: nobody's, so that it runs as `restricted`. */
const user = "65532:65532";

const namePattern = /^[a-z0-9]+([._/-][a-z0-9]+)*:[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;

/** What becomes an image. */
export interface ImageSource {
  /** A folder, which becomes the file system, or an executable file, which the image runs. */
  readonly path: string;
  /** Such as `probe:v1`. */
  readonly name: string;
  /** What the program is told where a pod does not say it. Default nothing. */
  readonly arguments?: readonly string[];
}

/**
 * Packs a folder as the file system of a container image, or one static program as an image that
 * runs it, into an archive as `docker save` writes it.
 *
 * @param workFolder takes files that are gone afterwards.
 * @throws SandboxError when the source or the name cannot be used.
 */
export async function packImage(
  { path: source, name, arguments: programArguments = [] }: ImageSource,
  archive: string,
  workFolder: string,
): Promise<void> {
  if (!namePattern.test(name)) {
    throw new SandboxError(
      `${name} cannot name an image. Use lower case and a tag, such as probe:v1.`,
    );
  }
  const isFolder = isDirectory(source);
  const draft = mkdtempSync(join(workFolder, "image-"));
  try {
    const layer = join(draft, "layer.tar");
    const root = isFolder ? source : programAlone(source, join(draft, "root"));
    await tar(root, layer, ["."]);
    const digest = await sha256(layer);
    const program = isFolder
      ? {}
      : { Entrypoint: [`/${basename(source)}`], Cmd: programArguments, User: user };
    const config = JSON.stringify(imageConfig(digest, program));
    writeFileSync(join(draft, "config.json"), config);
    const manifest = [{ Config: "config.json", RepoTags: [name], Layers: ["layer.tar"] }];
    writeFileSync(join(draft, "manifest.json"), JSON.stringify(manifest));
    await tar(draft, archive, ["manifest.json", "config.json", "layer.tar"]);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** See https://github.com/opencontainers/image-spec/blob/main/config.md */
function imageConfig(layerDigest: string, program: object): object {
  return {
    architecture: process.arch === "x64" ? "amd64" : process.arch,
    os: "linux",
    config: {
      Env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
      ...program,
    },
    rootfs: { type: "layers", diff_ids: [`sha256:${layerDigest}`] },
  };
}

function isDirectory(source: string): boolean {
  try {
    const found = statSync(source);
    if (!found.isDirectory() && (found.mode & 0o111) === 0) {
      throw new SandboxError(`${source} is neither a folder nor a program that can be run.`);
    }
    return found.isDirectory();
  } catch (error) {
    throw hasCode(error, "ENOENT") ? new SandboxError(`There is no ${source}.`) : error;
  }
}

/** Lays out a file system that has one program and nothing else. */
function programAlone(source: string, root: string): string {
  const program = join(root, basename(source));
  mkdirSync(root);
  chmodSync(root, 0o755);
  cpSync(source, program, { dereference: true });
  chmodSync(program, 0o755);
  return root;
}

/** Packs files so that the same ones make the same archive. */
async function tar(folder: string, archive: string, names: readonly string[]): Promise<void> {
  const owner = ["--owner=0", "--group=0", "--numeric-owner", "--mtime=@0", "--sort=name"];
  const command = ["--create", ...owner, `--file=${archive}`, `--directory=${folder}`, ...names];
  await promisify(execFile)("tar", command).catch((error: unknown) => {
    throw new SandboxError(`The image cannot be packed: ${messageOf(error).trim()}`);
  });
}

async function sha256(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file)) {
    hash.update(chunk as Buffer);
  }
  return hash.digest("hex");
}
