import { closeSync, constants, openSync, renameSync, rmSync, writeFileSync } from "node:fs";

/**
 * Writes a file that only its owner may read, in one step, so that no reader sees half of it.
 *
 * @throws Error of the file system when that fails; then the file is as it was.
 */
export function writePrivateFile(file: string, content: string): void {
  const beside = `${file}.${process.pid}`;
  try {
    // A file or link that others have put there is not written to.
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;
    const descriptor = openSync(beside, flags, 0o600);
    try {
      writeFileSync(descriptor, content);
    } finally {
      closeSync(descriptor);
    }
    renameSync(beside, file);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}
