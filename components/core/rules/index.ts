/**
 * Rules about what environments hold, as data: the platform's admission policies and the policy pack
 * read the same lists.
 */
export * from "./annotations";
export * from "./deletion";
export * from "./metadata";
export * from "./pods";
export * from "./providers";
export * from "./routes";
export * from "./sizes";
export * from "./tokens";
