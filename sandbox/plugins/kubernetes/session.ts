import type { EngineLog } from "../engineLog";
import { PluginError } from "../pluginServer";
import type { Cluster } from "./cluster";
import type { ClusterOrReason } from "./connect";
import type { Settings } from "./settings";
import type { WaitOptions } from "./waiting";

/** What the operations of a configured provider share. */
export class Session {
  constructor(
    readonly settings: Settings,
    private readonly connected: ClusterOrReason,
    readonly cancellation: AbortSignal,
    readonly log: EngineLog,
  ) {}

  /** The cluster; undefined when it cannot be reached. */
  get cluster(): Cluster | undefined {
    return "cluster" in this.connected ? this.connected.cluster : undefined;
  }

  get unreachable(): string {
    return "unreachable" in this.connected ? this.connected.unreachable : "";
  }

  /** The cluster, for operations that need one. */
  requireCluster(): Cluster {
    if (this.cluster === undefined) {
      throw new PluginError(`configured Kubernetes cluster is unreachable: ${this.unreachable}`);
    }
    return this.cluster;
  }

  /** How to wait on behalf of a resource. */
  waiting(urn: string, milliseconds: number): WaitOptions {
    let shown = "";
    return {
      milliseconds,
      cancelled: this.cancellation,
      warn: (message) => this.log.warn(urn, message),
      status: (message) => {
        if (message !== shown) {
          shown = message;
          this.log.status(urn, message);
        }
      },
    };
  }
}
