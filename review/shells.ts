/** The shells that complete words of the command. */
export const shells = ["bash", "zsh", "fish"] as const;

export type Shell = (typeof shells)[number];
