/**
 * Whether Pulumi could not read a state for the second file that it has beside it in a backend of files: that
 * is empty while another run writes it, and stays so where that run was killed.
 */
export function isHalfWritten(words: string): boolean {
  return words.includes("failed to load checkpoint: EOF");
}

/** Whether something that Pulumi had listed in a database was removed by another run before it was read. */
export function isRemovedMeanwhile(words: string): boolean {
  return words.includes("could not list bucket: blob (code=NotFound)");
}
