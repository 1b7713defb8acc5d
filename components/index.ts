export * from "./configuration";
export * from "./secureEnvironment";
export { type ContainerDefaultsArgs, type SecureEnvironmentArgs } from "./secureEnvironmentArgs";
