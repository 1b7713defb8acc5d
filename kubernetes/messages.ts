/** The words of an answer that is an error. */
export function messageOf(body: unknown): string {
  const { message } = (body ?? {}) as { readonly message?: unknown };
  return typeof message === "string" && message !== "" ? message : "no reason was given";
}

/** What is wrong, without a stack. */
export function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
}
