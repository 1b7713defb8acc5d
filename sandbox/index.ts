export {
  KubernetesApi,
  type KubernetesRequestOptions,
  type KubernetesResponse,
  type KubernetesWatchEvent,
} from "secure-environment-kubernetes";

export { commandLine, runCommandLine } from "./commandLine";
export { progressReporter } from "./commands/output";
export { InterruptedError, SandboxError } from "./errors";
export { ensureHelm, ensureKubectl } from "./clients";
export { nodeObstacle } from "./node/requirements";
export { defaultEnforcer, type Enforcer } from "./pinnedModules";
export { type NodePod, podOnce, podsPath } from "./pods";
export { freePort } from "./ports";
export type { Report, Reporter } from "./reporter";
export {
  type ExecOptions,
  type ExecResult,
  openSandbox,
  type PartStatus,
  type Sandbox,
  type SandboxOptions,
  type SandboxStatus,
  sandboxStatus,
  startSandbox,
  stopSandbox,
} from "./sandbox";
export { isStateFolder, type ToolDescription } from "./state";
export {
  ensureToolchain,
  type NodeTools,
  type Toolchain,
  type ToolchainOptions,
} from "./toolchain";
