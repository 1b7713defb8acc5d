/**
 * Rules about what environments hold, as data: the platform's admission policies and the policy pack
 * read the same lists.
 */
export * from "./annotations";
export * from "./deletion";
export * from "./deployerKinds";
export * from "./disruptionBudgets";
export * from "./kubernetesVersions";
export * from "./metadata";
export * from "./openings";
export * from "./pods";
export * from "./providers";
export * from "./routes";
export * from "./sizes";
export * from "./tokens";
