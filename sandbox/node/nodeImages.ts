import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";

import type { StatePaths } from "../state";
import type { NodeTools } from "../toolchain";
import { runInside } from "./command";
import { containerdSocket } from "./containerd";
import { type ImageSource, packImage } from "./image";

/** The name of the image that runs the probe. */
export function probeImageName(version: string): string {
  return `sandbox/probe:${version}`;
}

/** Images that every node has. */
export function nodeImages({ coreDns, probe }: NodeTools) {
  return {
    pause: { name: `sandbox/pause:${probe.version}`, path: probe.path, arguments: ["pause"] },
    probe: { name: probeImageName(probe.version), path: probe.path },
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
  mkdirSync(paths.images, { recursive: true, mode: 0o700 });
  const folder = mkdtempSync(join(paths.images, "image-"));
  const archive = join(folder, "image.tar");
  const client = ["ctr", `--address=${containerdSocket}`, "--namespace=k8s.io"];
  const command = [...client, "images", "import", archive];
  try {
    await packImage(source, archive, folder);
    const load = (enter: readonly string[]) =>
      runInside(enter, command, "The node does not take the image");
    await Promise.all(nodes.map(load));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
