export * from "./configuration";
export * from "./secureEnvironment";
