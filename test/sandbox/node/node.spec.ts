import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { PassThrough } from "node:stream";
import { promisify } from "node:util";

import { expect } from "chai";
import {
  ensureToolchain,
  KubernetesApi,
  type Sandbox,
  sandboxStatus,
  startSandbox,
  stopSandbox,
} from "secure-environment-sandbox";
import { sendSignal } from "secure-environment-sandbox/bin/processes.js";
import { readRecord } from "secure-environment-sandbox/bin/state.js";

import { eventually } from "../../support/eventually";
import { answers, create, execInPod, probePod } from "../../support/probePods";
import { newStateDirectory } from "../../support/sandbox";
import { skipWithoutNode } from "../../support/skipWithoutNode";
import { beginSandbox, runSandbox } from "../support/sandboxCommand";
import { controlGroups, traces } from "./support/machine";

const firstStart = 30 * 60_000;
const namespace = "/api/v1/namespaces/team-a";

describe("a sandbox with two nodes", function () {
  this.timeout(180_000);
  let untouched: ReturnType<typeof traces>;
  let sandbox: Sandbox;
  let admin: KubernetesApi;
  let image: string;
  let near: string;
  let far: string;
  let serviceAddress: string;

  before(async function () {
    this.timeout(firstStart);
    await skipWithoutNode(this);
    const stateDirectory = newStateDirectory();
    untouched = traces(stateDirectory);
    sandbox = await startSandbox({ stateDirectory, nodes: 2 });
    admin = new KubernetesApi(sandbox.kubeconfig);
    image = sandbox.probeImage();
    const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
    await create(admin, "/api/v1/namespaces", { metadata: { name: "team-a", labels } });
    const pods = [
      probePod("server", image, ["tcp:8080", "udp:8081"], "node-2"),
      probePod("neighbour", image, ["tcp:8080", "udp:8081"], "node-1"),
      probePod("client", image, ["tcp:8080"], "node-1"),
    ];
    await Promise.all(pods.map((pod) => create(admin, `${namespace}/pods`, pod)));
    const ports = [
      { name: "tcp", port: 80, targetPort: 8080 },
      { name: "udp", port: 81, targetPort: 8081, protocol: "UDP" },
    ];
    const service = { metadata: { name: "shop" }, spec: { selector: { app: "server" }, ports } };
    serviceAddress = (await create(admin, `${namespace}/services`, service)).spec.clusterIP;
    await Promise.all(["server", "neighbour", "client"].map(untilReady));
    [near, far] = await Promise.all([addressOf("neighbour"), addressOf("server")]);
  });

  async function addressOf(pod: string): Promise<string> {
    return (await admin.request("GET", `${namespace}/pods/${pod}`)).body.status.podIP;
  }

  after(async () => {
    admin?.close();
    if (sandbox !== undefined) {
      await stopSandbox(sandbox.stateDirectory);
    }
  });

  async function untilReady(pod: string): Promise<void> {
    await eventually(async () => {
      const { body } = await admin.request("GET", `${namespace}/pods/${pod}`);
      const conditions: { type: string; status: string }[] = body.status?.conditions ?? [];
      return conditions.some(({ type, status }) => type === "Ready" && status === "True");
    });
  }

  /** What comes of asking from the pod `client`. */
  async function outcomes(targets: readonly string[]): Promise<readonly (string | undefined)[]> {
    const command = ["/probe", "ask", ...targets];
    const found = answers(await execInPod(sandbox.kubeconfig, "team-a", "client", command));
    return targets.map((target) => found.get(target)?.outcome);
  }

  it("has pods that are reached by their address, their service and its name", async () => {
    const targets = [
      ...[near, far].flatMap((address) => [`tcp://${address}:8080`, `udp://${address}:8081`]),
      ...[`tcp://${serviceAddress}:80`, `udp://${serviceAddress}:81`],
      ...["tcp://shop:80", "udp://shop.team-a.svc.cluster.local:81"],
      ...["tcp://kubernetes.default:443"],
    ];

    // The rules of a service follow it, in a moment.
    await eventually(async () => (await outcomes(targets)).every((outcome) => outcome === "open"));
  });

  it("tells names that exist from those that do not, over UDP and over TCP", async () => {
    const resolver = "10.96.0.10:53";
    const names = ["dns-udp", "dns-tcp"].flatMap((scheme) => [
      `${scheme}://${resolver}/shop.team-a.svc.cluster.local`,
      `${scheme}://${resolver}/example.com`,
    ]);

    expect(await outcomes(names)).to.deep.equal(["open", "unknown-name", "open", "unknown-name"]);
  });

  it("has no way out: not to the internet, nor to the metadata address, nor to the machine", async () => {
    const machine = (await promisify(execFile)("hostname", ["-I"])).stdout.trim().split(" ")[0];
    const targets = ["tcp://198.51.100.1:80", "tcp://169.254.169.254:80", `tcp://${machine}:22`];

    const [control, ...found] = await outcomes([`tcp://${near}:8080`, ...targets]);

    expect(control).to.equal("open");
    // Of many packets that have no way, the kernel says so of the first only.
    found.forEach((outcome) => expect(outcome).to.be.oneOf(["unreachable", "silent"]));
  });

  it("lets no packet through that a network policy refuses, and lets it through again after", async () => {
    const policies = "/apis/networking.k8s.io/v1/namespaces/team-a/networkpolicies";
    const both = { matchExpressions: [{ key: "app", operator: "NotIn", values: ["client"] }] };
    const targets = [near, far]
      .flatMap((address) => [`tcp://${address}:8080`, `udp://${address}:8081`])
      .concat("tcp://shop:80");
    const control = "tcp://kubernetes.default:443";
    const become = (outcome: string) =>
      eventually(async () => {
        const found = await outcomes([...targets, control]);
        return found.every((one, index) => one === (index < targets.length ? outcome : "open"));
      });
    await become("open");

    await create(admin, policies, {
      metadata: { name: "nobody" },
      spec: { podSelector: both, policyTypes: ["Ingress"] },
    });
    await become("refused");

    await admin.request("DELETE", `${policies}/nobody`);
    await become("open");
  });

  it("gives the logs of a pod", async () => {
    const { Log, KubeConfig } = await import("@kubernetes/client-node");
    const config = new KubeConfig();
    config.loadFromFile(sandbox.kubeconfig);
    const output = new PassThrough();
    let text = "";
    output.on("data", (chunk: Buffer) => (text += chunk.toString()));

    await new Log(config).log("team-a", "server", "main", output);

    await eventually(() => text.includes('"name":"server"'));
  });

  it("forwards a port of a pod", async () => {
    const { PortForward, KubeConfig } = await import("@kubernetes/client-node");
    const config = new KubeConfig();
    config.loadFromFile(sandbox.kubeconfig);
    const output = new PassThrough();
    const input = new PassThrough();
    let text = "";
    output.on("data", (chunk: Buffer) => (text += chunk.toString()));

    const socket = await new PortForward(config).portForward(
      "team-a",
      "server",
      [8080],
      output,
      null,
      input,
    );

    await eventually(() => text.includes('"name":"server"'));
    (socket as { close(): void }).close();
  });

  it("has a kubelet that the API server lets in, and nobody else whom RBAC does not", async () => {
    const paths = `${namespace}/pods/server`;
    const stranger = new KubernetesApi(await sandbox.userKubeconfig("stranger", []));
    const asked = await stranger.request("GET", "/api/v1/nodes/node-1/proxy/pods");
    stranger.close();
    const token = await execInPod(sandbox.kubeconfig, "team-a", "client", [
      ...["/probe", "ask", "tcp://10.200.0.101:10250"],
    ]);
    const direct = await promisify(execFile)(...command(process.execPath, askKubelet));

    expect((await admin.request("GET", "/api/v1/nodes/node-1/proxy/pods")).status).to.equal(200);
    expect((await admin.request("GET", paths)).status).to.equal(200);
    expect(asked.status).to.equal(403);
    expect(token).to.contain('"outcome":"open"');
    expect(direct.stdout).to.equal("401\n");
  });

  const askKubelet = [
    "-e",
    'require("node:https").get("https://10.200.0.101:10250/pods", { rejectUnauthorized: false }, ' +
      "(response) => { console.log(response.statusCode); process.exit(); })",
  ];

  function command(name: string, rest: readonly string[]): [string, string[]] {
    const [program = "", ...others] = [...sandbox.enter(), name, ...rest];
    return [program, others];
  }

  it("runs its parts as who they are in every cluster", () => {
    const events = readFileSync(sandbox.auditLog, "utf8").trim().split("\n");
    const users = new Set(
      events.map((line) => (JSON.parse(line) as { user: { username: string } }).user.username),
    );

    expect([...users]).to.include.members([
      ...["system:node:node-1", "system:kube-scheduler", "system:kube-proxy"],
      "system:serviceaccount:kube-system:kube-router",
    ]);
  });

  it("shows its nodes and all parts in its status", async () => {
    const { stdout, exitCode } = await runSandbox(["status", "--state", sandbox.stateDirectory]);

    expect(exitCode).to.equal(0);
    expect(stdout).to.contain("Nodes: node-1, node-2");
    ["containerd", "kubelet", "kube-proxy", "kube-router"].forEach((name) =>
      expect(stdout).to.match(new RegExp(`^node-1-${name} +runs`, "m")),
    );
  });

  it("runs an image that was packed from a program, and one from a folder", async () => {
    const { node } = await ensureToolchain(undefined, { node: true });
    const program = node?.probe.path ?? "";
    const folder = program.replace(/\/probe$/, "");
    const state = ["--state", sandbox.stateDirectory];
    const ends = [
      await runSandbox([...state, "image", program, "from-program:v1"]),
      await runSandbox([...state, "image", folder, "from-folder:v1"]),
      await runSandbox([...state, "image", program, "No Name"]),
    ];
    const fromProgram = probePod("from-program", "from-program:v1", ["tcp:8080"]);
    await create(admin, `${namespace}/pods`, fromProgram);
    const fromFolder = probePod("from-folder", "from-folder:v1", ["tcp:8080"]);
    const [container] = fromFolder.spec.containers;
    const containers = [{ ...container, command: ["/probe"] }];
    const securityContext = { ...fromFolder.spec.securityContext, runAsUser: 1000 };
    const spec = { ...fromFolder.spec, containers, securityContext };
    await create(admin, `${namespace}/pods`, { ...fromFolder, spec });

    expect(ends.map(({ exitCode }) => exitCode)).to.deep.equal([0, 0, 1]);
    expect(ends[2]?.stderr).to.match(/^error: No Name cannot name an image/);
    await Promise.all(["from-program", "from-folder"].map(untilReady));
  });

  it("is entered at its node and at what lies outside of it", async () => {
    const addressesOf = async (enter: readonly string[]) => {
      const [program = "", ...rest] = [...enter, "ip", "-oneline", "-4", "address"];
      return (await promisify(execFile)(program, rest)).stdout;
    };

    expect(await addressesOf(sandbox.enter("node-1"))).to.contain("10.200.0.101/24");
    expect(await addressesOf(sandbox.enter())).to.contain("10.201.0.1/32");
    expect(await addressesOf(sandbox.enter("node-2"))).to.contain("10.200.0.102/24");
    expect(() => sandbox.enter("node-3")).to.throw("There is no node node-3.");
  });

  it("is reached on loopback alone", async () => {
    const { port } = new URL(sandbox.servers[0] ?? "");
    const machine = (await promisify(execFile)("hostname", ["-I"])).stdout.trim().split(" ")[0];
    const isOpen = (host: string) =>
      new Promise<boolean>((resolve) => {
        const socket = connect({ host, port: Number(port) });
        socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
        socket.once("connect", () => socket.destroy());
      });

    expect(await isOpen("127.0.0.1")).to.equal(true);
    expect(await isOpen(machine ?? "")).to.equal(false);
  });

  it("leaves nothing at all once it is stopped with pods that run", async () => {
    expect(sandboxStatus(sandbox.stateDirectory).running).to.equal(true);
    const { stateDirectory } = sandbox;
    const group = readRecord(stateDirectory)?.cgroup ?? "";
    expect(traces(stateDirectory).processes).not.to.deep.equal([]);
    expect(controlGroups(group)).not.to.deep.equal([]);

    await stopSandbox(stateDirectory);

    expect(traces(stateDirectory)).to.deep.equal(untouched);
    expect(controlGroups(group)).to.deep.equal([]);
    expect(existsSync(stateDirectory)).to.equal(false);
  });
});

describe("a sandbox with a node that is killed", function () {
  this.timeout(180_000);
  let stateDirectory: string;

  before(function () {
    return skipWithoutNode(this);
  });

  beforeEach(() => {
    stateDirectory = newStateDirectory();
  });

  // With these parts written down, one after the other: what is killed then is in the middle of each
  // thing that a start does.
  for (const started of [1, 2, 4, 6, 7, 8, 9, 11]) {
    it(`is cleared away by \`down\` when all was killed with ${started} parts running`, async () => {
      const untouched = traces(stateDirectory);
      const run = beginSandbox(["up", "--node", "--state", stateDirectory]);
      await eventually(() => (readRecord(stateDirectory)?.parts.length ?? 0) >= started);
      run.process.kill("SIGKILL");
      readRecord(stateDirectory)?.parts.forEach(({ pid }) => sendSignal(pid, "SIGKILL"));
      await run.end;
      const group = readRecord(stateDirectory)?.cgroup ?? "";
      expect(controlGroups(group)).not.to.deep.equal([]);

      const { exitCode, stderr } = await runSandbox(["down", "--state", stateDirectory]);

      expect(exitCode, stderr).to.equal(0);
      expect(traces(stateDirectory)).to.deep.equal(untouched);
      expect(controlGroups(group)).to.deep.equal([]);
      expect(existsSync(stateDirectory)).to.equal(false);
    });
  }

  it("leaves nothing when its start is interrupted", async () => {
    const untouched = traces(stateDirectory);
    const run = beginSandbox(["up", "--node", "--state", stateDirectory]);
    await eventually(() => (readRecord(stateDirectory)?.parts.length ?? 0) >= 9);
    const group = readRecord(stateDirectory)?.cgroup ?? "";

    run.process.kill("SIGTERM");

    expect((await run.end).signal).to.equal("SIGTERM");
    expect(traces(stateDirectory)).to.deep.equal(untouched);
    expect(controlGroups(group)).to.deep.equal([]);
  });
});
