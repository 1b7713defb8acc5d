import {
  KubernetesApi,
  podOnce,
  type Sandbox,
  sandboxStatus,
  startSandbox,
  stopSandbox,
} from "secure-environment-sandbox";
import { sendSignal } from "secure-environment-sandbox/bin/processes.js";
import { create, probePod } from "../../support/probePods";
import { newStateDirectory } from "../../support/sandbox";
import { type Given } from "../../components/support/arbitraryArguments";
import { corePath } from "./apiRequests";
import { createProduced } from "./producedEnvironment";
import { producedObjects } from "./producedObjects";

/** What a kubelet says of a pod, as far as it is asked. */
export interface RunningPod {
  readonly metadata: {
    readonly name: string;
    readonly deletionTimestamp?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly nodeName?: string;
    readonly priority?: number;
    readonly containers: readonly { readonly resources?: object }[];
  };
  readonly status: {
    readonly phase: string;
    readonly reason?: string;
    readonly message?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly containerStatuses?: readonly {
      readonly state: { readonly terminated?: { readonly reason: string } };
    }[];
  };
}

/** What a container of a pod gets that differs from a plain one. */
export interface PodChanges {
  readonly spec?: object;
  readonly container?: object;
}

/** A cluster with two nodes, whose environments have pods that run. */
export class NodeScene {
  static async start(): Promise<NodeScene> {
    const stateDirectory = newStateDirectory();
    return new NodeScene(await startSandbox({ stateDirectory, nodes: 2 }));
  }

  readonly api: KubernetesApi;
  readonly image: string;

  constructor(readonly sandbox: Sandbox) {
    this.api = new KubernetesApi(sandbox.kubeconfig);
    this.image = sandbox.probeImage();
  }

  /** Creates what an environment is made of, in a namespace of the stack's name. */
  async bringUp(stack: string, args: Given["args"] = {}): Promise<void> {
    const origin = { pulumiProject: "review", stack };
    await createProduced(this.api, producedObjects({ args, origin }));
  }

  /** A specification for pods that the walls let in and that run the probe. */
  podSpec(args: readonly string[], { spec, container }: PodChanges = {}) {
    const plain = probePod("", this.image, []).spec;
    const containers = plain.containers.map((each) => ({ ...each, args, ...container }));
    return { ...plain, containers, ...spec };
  }

  /** A pod that is not started again once its container has ended. */
  async createPod(
    namespace: string,
    name: string,
    args: readonly string[],
    { spec, container }: PodChanges = {},
  ): Promise<void> {
    const once = { restartPolicy: "Never", ...spec };
    const pod = { metadata: { name }, spec: this.podSpec(args, { spec: once, container }) };
    await create(this.api, corePath({ namespace }, "pods"), pod);
  }

  async podOnce(
    namespace: string,
    name: string,
    holds: (pod: RunningPod) => boolean,
  ): Promise<RunningPod> {
    return podOnce(this.api, namespace, name, holds);
  }

  async podsIn(namespace: string): Promise<readonly RunningPod[]> {
    const path = corePath({ namespace }, "pods");
    return (await this.api.request<{ items: readonly RunningPod[] }>("GET", path)).body.items;
  }

  /** What the probe of a pod says in its one line. */
  async reportOf<Report>(namespace: string, name: string): Promise<Report> {
    const path = `${corePath({ namespace }, "pods")}/${name}/log`;
    return (await this.api.request<Report>("GET", path)).body;
  }

  /** Ends all that acts for a node, at once: the cluster hears of it no more. */
  loseNode(node: string): void {
    sandboxStatus(this.sandbox.stateDirectory)
      .parts.filter(({ name }) => name.startsWith(`${node}-`))
      .forEach(({ pid }) => sendSignal(pid, "SIGKILL"));
  }

  async end(): Promise<void> {
    this.api.close();
    await stopSandbox(this.sandbox.stateDirectory);
  }
}

export function hasEnded({ status }: RunningPod): boolean {
  return status.phase === "Succeeded" || status.phase === "Failed";
}

export function isRunning({ status }: RunningPod): boolean {
  return status.phase === "Running";
}

/** Why the only container of a pod ended. */
export function endOf({ status }: RunningPod): string | undefined {
  return status.containerStatuses?.[0]?.state.terminated?.reason;
}
