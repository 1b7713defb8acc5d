import { Cluster } from "./cluster";
import { Connection } from "./connection";
import { Discovery } from "./discovery";
import { connectionSettings, defaultKubeconfig, parseKubeconfig } from "./kubeconfig";
import type { Settings } from "./settings";

/** The cluster to work on, or why there is none. */
export type ClusterOrReason = { cluster: Cluster } | { unreachable: string };

/**
 * Connects to the cluster that the settings lead to. A cluster that cannot be reached is no error
 * yet: a preview gets along without.
 */
export async function connect(
  settings: Settings,
  cancelled: AbortSignal,
): Promise<ClusterOrReason> {
  try {
    const kubeconfig =
      settings.kubeconfig === undefined
        ? defaultKubeconfig()
        : parseKubeconfig(settings.kubeconfig);
    const connectTo = connectionSettings(kubeconfig, settings.overrides);
    const connection = new Connection(connectTo, cancelled);
    const discovery = new Discovery(connection);
    await discovery.load();
    return { cluster: new Cluster(connection, discovery, connectTo.namespace) };
  } catch (error) {
    return { unreachable: error instanceof Error ? error.message : String(error) };
  }
}
