/** An address by https that names nobody and asks for nothing: what an issuer and an API server have. */
export function isSecureAddress(value: unknown): value is string {
  return typeof value === "string" && /^https:\/\/[^\s?#@]+$/.test(value) && URL.canParse(value);
}

/** A text that is one word to everybody who splits texts. */
export function isWord(value: unknown): value is string {
  return typeof value === "string" && /^[\w.:/+@-]{1,255}$/.test(value);
}
