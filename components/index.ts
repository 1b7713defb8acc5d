export * from "./access/accessArgs";
export * from "./capacity/capacityArgs";
export * from "./configuration";
export { type HoleStatus } from "./network/holeStatus";
export * from "./mesh/meshArgs";
export * from "./network/networkArgs";
export * from "./placement/placementArgs";
export * from "./secureEnvironment";
export { type SecureEnvironmentArgs } from "./secureEnvironmentArgs";
