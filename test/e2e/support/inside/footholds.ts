import { expect } from "chai";
import { KubernetesApi } from "secure-environment-sandbox";
import { answers, create, execInPod, probePod } from "../../../support/probePods";
import { eventually } from "../../../support/eventually";
import { corePath } from "../apiRequests";
import { type PacketScene } from "../packets/packetScene";

/** A pod that runs, and that attacks. */
export interface Foothold {
  readonly address: string;
  /** The address of its node. */
  readonly node: string;
  /** Runs the probe in it, and gives what that says, line by line. */
  run<Said>(...command: readonly string[]): Promise<readonly Said[]>;
  /** What comes of asking targets, one after the other. */
  outcomes(targets: readonly string[]): Promise<readonly (string | undefined)[]>;
}

/** What a server answers with, if it answers. */
export interface Page {
  readonly outcome: string;
  readonly status: number;
}

/** A pod without any wall, as nothing stops it in an ordinary namespace: it is root, and sees its node. */
export function unwalledPod(name: string, image: string) {
  return {
    metadata: { name, labels: { app: name } },
    spec: {
      terminationGracePeriodSeconds: 1,
      hostPID: true,
      containers: [
        {
          name: "main",
          image,
          imagePullPolicy: "Never",
          args: ["serve", "tcp:8080", "udp:8080"],
          securityContext: { runAsUser: 0 },
          volumeMounts: [{ name: "node", mountPath: "/node" }],
        },
      ],
      volumes: [{ name: "node", hostPath: { path: "/" } }],
    },
  };
}

/** A pod as an environment wants it. It says nothing of tokens: that there is none is a wall. */
export function walledPod(name: string, image: string, nodeName?: string) {
  const { metadata, spec } = probePod(name, image, ["tcp:8080", "udp:8080"], nodeName);
  return { metadata, spec: { ...spec, automountServiceAccountToken: undefined } };
}

/** Creates a pod with some credentials, and waits until it is ready. */
export async function takeFoothold(
  scene: PacketScene,
  kubeconfig: string,
  namespace: string,
  pod: { readonly metadata: { readonly name: string } },
): Promise<Foothold> {
  const { name } = pod.metadata;
  const pods = corePath({ namespace }, "pods");
  const creator = new KubernetesApi(kubeconfig);
  await create(creator, pods, pod);
  creator.close();
  let status: PodStatus = {};
  await eventually(async () => {
    status = (await scene.api.request("GET", `${pods}/${name}`)).body.status as PodStatus;
    return status.conditions?.some(isReady) === true;
  });
  const say = (command: readonly string[]) =>
    execInPod(scene.sandbox.kubeconfig, namespace, name, ["/probe", ...command]);
  return {
    address: status.podIP ?? "",
    node: status.hostIP ?? "",
    run: async <Said>(...command: readonly string[]) => {
      const lines = (await say(command)).trim().split("\n");
      return lines.map((line) => JSON.parse(line) as Said);
    },
    outcomes: async (targets) => {
      const found = answers(await say(["ask", ...targets]));
      return targets.map((target) => found.get(target)?.outcome);
    },
  };
}

interface PodStatus {
  readonly podIP?: string;
  readonly hostIP?: string;
  readonly conditions?: readonly Condition[];
}

interface Condition {
  readonly type: string;
  readonly status: string;
}

function isReady({ type, status }: Condition): boolean {
  return type === "Ready" && status === "True";
}

/** A closed door counts only where it is open to another one, before and after. */
export async function expectRefused(
  attacker: Foothold,
  twin: Foothold,
  targets: readonly string[],
): Promise<void> {
  const all = (outcome: string) => targets.map((target) => `${target} is ${outcome}`);
  const found = async (who: Foothold) =>
    (await who.outcomes(targets)).map((outcome, index) => `${targets[index]} is ${outcome}`);

  expect(await found(twin)).to.deep.equal(all("open"));
  expect(await found(attacker)).to.deep.equal(all("refused"));
  expect(await found(twin)).to.deep.equal(all("open"));
}
