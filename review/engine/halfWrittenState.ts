/**
 * Whether Pulumi could not read a state for the second file that it has beside it in a backend of files: that
 * is empty while another run writes it, and stays so where that run was killed.
 */
export function isHalfWritten(words: string): boolean {
  return words.includes("failed to load checkpoint: EOF");
}
