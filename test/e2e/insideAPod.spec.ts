import { expect } from "chai";
import { KubernetesApi } from "secure-environment-sandbox";
import { create } from "../support/probePods";
import { eventually } from "../support/eventually";
import { skipWithoutNode } from "../support/skipWithoutNode";
import { isAllowed, rightsIn } from "./support/accessReviews";
import { corePath } from "./support/apiRequests";
import {
  expectRefused,
  type Foothold,
  type Page,
  takeFoothold,
  unwalledPod,
  walledPod,
} from "./support/inside/footholds";
import { serveAddresses } from "./support/packets/outside";
import { PacketScene } from "./support/packets/packetScene";
import { producedObjects } from "./support/producedObjects";

const firstStart = 30 * 60_000;
const own = "review-shop";
const neighbour = "review-neighbour";
const production = "production";
/** Where no walls are. */
const open = "open";

const metadata = "169.254.169.254";
const nodes = { "node-1": "52.30.0.101", "node-2": "52.30.0.102" };
const apiServers = ["https://10.96.0.1", "https://kubernetes.default", "https://52.40.0.1:6443"];
const token = "/var/run/secrets/kubernetes.io/serviceaccount/token";
const manyProcesses = 400;

describe("an attacker inside a running pod", function () {
  this.timeout(120_000);
  let scene: PacketScene;
  let attacker: Foothold;
  let sibling: Foothold;
  let twin: Foothold;
  let neighbours: readonly Foothold[];
  let producers: readonly Foothold[];
  /** Addresses of services, by the namespace of each. */
  const services = new Map<string, { readonly address: string; readonly nodePort?: number }>();

  before(async function () {
    this.timeout(firstStart);
    await skipWithoutNode(this);
    scene = await PacketScene.start();
    const { sandbox, probe } = scene;
    await scene.createEnvironments([own, neighbour].map(objectsOf));
    await scene.createNamespaces([production, open]);
    const image = sandbox.probeImage();
    const deployers = await Promise.all(
      [own, neighbour].map((name) => sandbox.serviceAccountKubeconfig(name, "deployer")),
    );
    const [ofOwn = "", ofNeighbour = ""] = deployers;
    const take = (kubeconfig: string, namespace: string, pod: ReturnType<typeof walledPod>) =>
      takeFoothold(scene, kubeconfig, namespace, pod);
    const onBoth = (kubeconfig: string, namespace: string) =>
      Promise.all(
        Object.keys(nodes).map((node, index) =>
          take(kubeconfig, namespace, walledPod(`shop-${index + 1}`, image, node)),
        ),
      );
    await Promise.all([
      createService(neighbour, {}),
      createService(production, { type: "NodePort" }),
    ]);
    [attacker, sibling, twin, neighbours, producers] = await Promise.all([
      take(ofOwn, own, walledPod("attacker", image)),
      take(ofOwn, own, walledPod("shop", image)),
      takeFoothold(scene, sandbox.kubeconfig, open, unwalledPod("attacker", image)),
      onBoth(ofNeighbour, neighbour),
      onBoth(sandbox.kubeconfig, production),
    ]);
    await scene.serve([metadata], ["tcp:80", "udp:80", "tcp:53", "udp:53"]);
    await Promise.all(
      Object.entries(nodes).map(([node, address]) =>
        serveAddresses(sandbox, node, probe.path, [address], ["tcp:22", "udp:22"]),
      ),
    );
    await untilWallsBind();
  });

  after(() => scene?.end());

  async function createService(namespace: string, more: object): Promise<void> {
    const selector = { app: "shop-1" };
    const ports = [{ port: 80, targetPort: 8080 }];
    const service = { metadata: { name: "shop" }, spec: { selector, ports, ...more } };
    const { spec } = await create(scene.api, corePath({ namespace }, "services"), service);
    const nodePort = spec.ports[0].nodePort as number | undefined;
    services.set(namespace, { address: spec.clusterIP as string, nodePort });
  }

  /** New pods can be reached until the network plugin has seen them, and new services a moment later. */
  async function untilWallsBind(): Promise<void> {
    const { address, nodePort } = services.get(production) ?? {};
    const atNodes = Object.values(nodes).map((node) => `tcp://${node}:${nodePort}`);
    const theirs = `tcp://${services.get(neighbour)?.address}:80`;
    await eventually(async () => {
      const [besideTheirs = twin] = neighbours;
      const found = [
        ...(await twin.outcomes([`tcp://${address}:80`, ...atNodes])),
        ...(await besideTheirs.outcomes([theirs])),
      ];
      const [outcome] = await attacker.outcomes(targetsAt(producers));
      return outcome === "refused" && found.every((each) => each === "open");
    });
  }

  it("reaches its own environment, so that what it does not reach is a wall", async () => {
    const targets = targetsAt([sibling]);

    expect(await attacker.outcomes(targets)).to.deep.equal(targets.map(() => "open"));
  });

  it("has no token, and could do nothing with that of its account", async () => {
    const tokens = await Promise.all(
      [attacker, twin].map((who) => who.run<{ found: boolean; size: number }>("read", token)),
    );
    const [missing, mounted] = tokens.flat();
    const folders = await attacker.run<{ found: boolean }>(
      "read",
      "/var/run/secrets/kubernetes.io",
    );
    const withToken = ["get", "--token", token, "https://10.96.0.1/version"];
    const [page] = await twin.run<Page>(...withToken);
    const accounts = await Promise.all(
      ["default", "deployer"].map(async (account) => {
        const api = new KubernetesApi(await scene.sandbox.serviceAccountKubeconfig(own, account));
        const rights = await rightsIn(api, own);
        const reads = await isAllowed(api, { verb: "get", resource: "secrets", namespace: own });
        api.close();
        return { reads, rights };
      }),
    );

    expect(missing).to.include({ found: false });
    expect(folders.map(({ found }) => found)).to.deep.equal([false]);
    expect(mounted?.size).to.be.greaterThan(100);
    expect(page?.status).to.equal(200);
    expect(accounts.map(({ reads }) => reads)).to.deep.equal([false, true]);
    // What everybody may do: ask what they may do.
    expect(accounts[0]?.rights.filter((right) => !right.startsWith("create self"))).to.deep.equal(
      [],
    );
    expect(accounts[1]?.rights).to.include("create pods");
  });

  it("does not reach the metadata of the cloud", async () => {
    const ports = ["tcp", "udp"].flatMap((protocol) => [80, 53].map((port) => [protocol, port]));
    await expectRefused(
      attacker,
      twin,
      ports.map(([protocol, port]) => `${protocol}://${metadata}:${port}`),
    );
  });

  it("does not reach its own node, nor another one: kubelet, server, port of a service", async () => {
    const { nodePort } = services.get(production) ?? {};
    const addresses = Object.values(nodes);
    const targets = addresses.flatMap((address) => [
      ...[`tcp://${address}:10250`, `tcp://${address}:22`, `udp://${address}:22`],
      `tcp://${address}:${nodePort}`,
    ]);
    const kubelets = addresses.map((address) => `https://${address}:10250/pods`);

    expect(addresses).to.include(attacker.node);
    await expectRefused(attacker, twin, targets);
    // A kubelet lets in nobody whom it does not know, wherever they come from.
    const pages = await twin.run<Page>("get", ...kubelets);
    expect(pages.map(({ status }) => status)).to.deep.equal([401, 401]);
    const [strange] = await twin.run<Page>("get", "--token", token, kubelets[0] ?? "");
    expect(strange?.status).to.equal(403);
  });

  it("reaches no pod of others: by address, by service, by its name", async () => {
    await expectRefused(attacker, twin, [
      ...targetsAt(producers),
      `tcp://${services.get(production)?.address}:80`,
      `tcp://shop.${production}:80`,
    ]);
    const [besideTheirs = twin] = neighbours;
    await expectRefused(attacker, besideTheirs, [
      ...targetsAt(neighbours),
      `tcp://${services.get(neighbour)?.address}:80`,
      `tcp://shop.${neighbour}:80`,
    ]);
  });

  it("resolves names of others, which open nothing", async () => {
    const name = `dns-udp://10.96.0.10:53/shop.${production}.svc.cluster.local`;
    const [found] = await attacker.run<{ addresses?: string[] }>("ask", name);

    expect(found?.addresses).to.deep.equal([services.get(production)?.address]);
  });

  it("does not reach the API server: by its service, its name, its address", async () => {
    const before = await twin.run<Page>("get", ...apiServers);
    const found = await attacker.run<Page>("get", ...apiServers);
    const after = await twin.run<Page>("get", ...apiServers);

    expect(before.map(({ status }) => status)).to.deep.equal([401, 401, 401]);
    expect(found.map(({ outcome }) => outcome)).to.deep.equal(Array(3).fill("refused"));
    expect(after.map(({ status }) => status)).to.deep.equal([401, 401, 401]);
  });

  it("has no capability, gains none, and sees neither processes nor files of its node", async () => {
    const socket = "/run/containerd/containerd.sock";
    const [inside] = await attacker.run<Process>("process");
    const [outside] = await twin.run<Process>("process");
    const files = await attacker.run<{ found: boolean }>("read", socket, `/node${socket}`);
    const [file] = await twin.run<{ found: boolean }>("read", `/node${socket}`);

    expect(inside?.status).to.include({ NoNewPrivs: "1", Seccomp: "2" });
    expect(capabilitiesOf(inside)).to.deep.equal([0n, 0n, 0n]);
    expect(new Set(inside?.processes)).to.deep.equal(new Set(["probe"]));
    expect(files.map(({ found }) => found)).to.deep.equal([false, false]);
    expect(outside?.status).to.include({ NoNewPrivs: "0", Seccomp: "0" });
    expect(capabilitiesOf(outside)).not.to.include(0n);
    expect(outside?.processes).to.include.members(["kubelet", "containerd"]);
    expect(file?.found).to.equal(true);
  });

  it("may start more processes than it should: no wall counts them, and kubelets only if told", async () => {
    const spawning = ["spawn", "--number", `${manyProcesses}`];
    const said = await Promise.all(
      [attacker, twin].map((who) => who.run<{ started: number }>(...spawning)),
    );

    expect(said.flat().map(({ started }) => started)).to.deep.equal([manyProcesses, manyProcesses]);
  });
});

/** What the kernel says of a process, and the names of those that it sees. */
interface Process {
  readonly status: Readonly<Record<string, string>>;
  readonly processes: readonly string[];
}

function capabilitiesOf(process: Process | undefined): readonly bigint[] {
  const sets = ["CapPrm", "CapEff", "CapBnd"];
  return sets.map((set) => BigInt(`0x${process?.status[set]}`));
}

function objectsOf(stack: string) {
  return producedObjects({ args: {}, origin: { pulumiProject: "review", stack } });
}

function targetsAt(pods: readonly Foothold[]): readonly string[] {
  return pods.flatMap(({ address }) => [`tcp://${address}:8080`, `udp://${address}:8080`]);
}
