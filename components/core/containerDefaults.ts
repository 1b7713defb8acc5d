import { type Amounts } from "./amounts";

/** What a container asks for, and the most that it may use. */
export interface ContainerResources {
  readonly requests: Amounts;
  readonly limits: Amounts;
}

/** What a container gets that asks for nothing, unless configured otherwise. */
export const defaultContainerDefaults: ContainerResources = {
  requests: { cpu: "100m", memory: "128Mi", "ephemeral-storage": "256Mi" },
  limits: { cpu: "500m", memory: "512Mi", "ephemeral-storage": "1Gi" },
};
