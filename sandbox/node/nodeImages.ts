import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

import { messageOf, SandboxError } from "../errors";
import type { StatePaths } from "../state";
import type { NodeTools } from "../toolchain";
import { containerdSocket } from "./containerd";
import { type ImageSource, packImage } from "./image";

/** Images that every node has. */
export function nodeImages({ coreDns, probe }: NodeTools) {
  return {
    pause: { name: `sandbox/pause:${probe.version}`, path: probe.path, arguments: ["pause"] },
    probe: { name: `sandbox/probe:${probe.version}`, path: probe.path },
    coreDns: { name: `sandbox/coredns:${coreDns.version}`, path: coreDns.path },
  };
}

/**
 * Packs a folder or a static program into an image and gives it to nodes.
 *
 * @param nodes what a command line begins with so that it runs on each of them.
 * @throws SandboxError when it cannot be packed or a node does not take it.
 */
export async function loadImage(
  source: ImageSource,
  nodes: readonly (readonly string[])[],
  paths: StatePaths,
): Promise<void> {
  const archive = join(paths.images, `${source.name.replace(/[^A-Za-z0-9]+/g, "-")}.tar`);
  try {
    await packImage(source, archive, paths.images);
    await Promise.all(nodes.map((enter) => importArchive(enter, archive)));
  } finally {
    rmSync(archive, { force: true });
  }
}

async function importArchive(enter: readonly string[], archive: string): Promise<void> {
  const client = ["ctr", `--address=${containerdSocket}`, "--namespace=k8s.io"];
  const [program = "", ...rest] = [...enter, ...client, "images", "import", archive];
  await promisify(execFile)(program, rest).catch((error: unknown) => {
    throw new SandboxError(`The node does not take the image: ${messageOf(error).trim()}`);
  });
}
