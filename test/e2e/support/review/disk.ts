import { execFileSync } from "node:child_process";
import { rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A disk in memory, mounted on a folder, that can be full or read-only. */
export class Disk {
  /** Whether one can be mounted here: that takes root, on Linux. */
  static isPossible(): boolean {
    return process.platform === "linux" && process.getuid?.() === 0;
  }

  constructor(private readonly folder: string) {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=16m", "tmpfs", folder]);
  }

  /** Leaves room for so many bytes. */
  fill(left: number): void {
    const { bavail, bsize } = statfsSync(this.folder);
    writeFileSync(this.filler, Buffer.alloc(bavail * bsize - left));
  }

  /** Makes room again. */
  clear(): void {
    rmSync(this.filler, { force: true });
  }

  /** Whether it may be written to. */
  remount(mode: "ro" | "rw"): void {
    execFileSync("mount", ["-o", `remount,${mode}`, this.folder]);
  }

  unmount(): void {
    execFileSync("umount", [this.folder]);
  }

  private get filler(): string {
    return join(this.folder, "filler");
  }
}
