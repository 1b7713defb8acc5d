import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type NetworkArguments } from "#components/environment/network/networkArguments";
import {
  createModel,
  type IsolationModel,
  nameOfEndpoint,
  type PacketCase,
  packetCases,
  type PacketResult,
  portsAtEdges,
  readObjects,
} from "#isolation/index";
import { eventually } from "../support/eventually";
import { skipWithoutNode } from "../support/skipWithoutNode";
import { createAll, deleteRequest, groupPath, postRequest } from "./support/apiRequests";
import { listenersOn } from "./support/packets/outside";
import { namedPort, PacketScene } from "./support/packets/packetScene";
import {
  apiServer,
  cacheOfTheNode,
  neutral,
  outsideAddresses,
  tableCases,
  unopenedPort,
} from "./support/packets/tableCases";
import { type ProducedObject, producedObjects } from "./support/producedObjects";
import { type Configuration, configurations } from "./support/reachability/configurations";
import { PortProbe } from "./support/reachability/openPorts";
import {
  actorsAround,
  environment,
  neighbour,
  otherNamespaces,
  podsOfEnvironment,
  podsOfOthers,
} from "./support/reachability/scene";
import { reachabilityTable } from "./support/reachability/table";

const firstStart = 30 * 60_000;
const folder = join(__dirname, "../../../test/e2e/reachability");

/** A namespace with a policy that names its port, as those of others may. */
const byName = "review-by-name";
const policyByName = {
  metadata: { name: "by-name" },
  spec: {
    podSelector: {},
    policyTypes: ["Ingress", "Egress"],
    ingress: [{ ports: [{ port: namedPort.name }] }, { from: [{ podSelector: {} }] }],
    egress: [{ to: [{ podSelector: {} }] }],
  },
};

describe("packets between real pods", function () {
  this.timeout(300_000);
  const namespaces = [...configurations.map(namespaceOf), byName];
  let scene: PacketScene;
  let ports: readonly number[];
  let model: IsolationModel;
  let results: readonly PacketResult[];

  before("bring up all configurations side by side", async function () {
    this.timeout(firstStart);
    await skipWithoutNode(this);
    scene = await PacketScene.start();
    const environments = [
      ...configurations.map((each) => objectsOf(namespaceOf(each), each.network)),
      objectsOf(neighbour, {}),
    ];
    ports = portsOf(environments.flat(), namespaces);
    await scene.createEnvironments(environments);
    await scene.createNamespaces(otherNamespaces.filter((name) => name !== "kube-system"));
    await scene.createNamespaces([byName]);
    await createAll(scene.api, [postRequest(policiesOf(byName), policyByName)]);
    await scene.createPods([...podsOfOthers, ...namespaces.flatMap(podsOfEnvironment)], ports);
    await serveOutside();
    model = await scene.model();
    await untilPoliciesBind();
    results = await scene.results(namespaces.flatMap((name) => tableCases(model, name)));
  });

  after(() => scene?.end());

  async function serveOutside(): Promise<void> {
    const listeners = listenersOn(ports);
    const addresses = outsideAddresses().filter((address) => address !== apiServer);
    await scene.serve(addresses, listeners);
    // The API server itself listens on one of the ports.
    const besideIt = listeners.filter((listener) => listener !== "tcp:6443");
    await scene.serve([apiServer], besideIt);
    await scene.serve([cacheOfTheNode], listeners, "nodes");
  }

  /** New pods can be reached until the network plugin has seen them. */
  async function untilPoliciesBind(): Promise<void> {
    const pods = namespaces.flatMap(podsOfEnvironment).map(({ path }) => ({ pod: path }));
    const pairs = pods.flatMap((pod) => [[neutral, pod] as const, [pod, neutral] as const]);
    const cases = packetCases(model, pairs, [{ port: unopenedPort, protocol: "TCP" }]);
    await eventually(async () => {
      const answers = await scene.answers(cases);
      return cases.every((each) => answers(each)?.open === false);
    });
  }

  for (const configuration of configurations) {
    const { name } = configuration;

    it(`go where the table ${name} says, and nowhere else`, () => {
      const namespace = namespaceOf(configuration);
      const probe = new PortProbe(model, [namespace, neighbour]);
      const table = reachabilityTable(environment, actorsAround(namespace), probe);
      const found = results.filter((each) => isAbout(namespace, each));

      expect(readFileSync(join(folder, `${name}.txt`), "utf8")).to.contain(`\n\n${table}`);
      expect(found.filter(({ verdict }) => verdict !== "passed").map(textOf)).to.deep.equal([]);
      expect(found.some(({ open }) => open)).to.equal(true);
      expect(found.some(({ open }) => !open)).to.equal(true);
    });
  }

  it("go to a port that a policy names, and to no port beside it", async () => {
    const [shop, database] = [{ pod: `${byName}/shop` }, { pod: `${byName}/database` }];
    const around = [-1, 0, 1].map((beside) => namedPort.port + beside);
    const pairs = [neutral, database].map((from) => [from, shop] as const);
    const wanted = around.map((port) => ({ port, protocol: "TCP" }) as const);
    const found = await scene.results(packetCases(model, pairs, wanted));

    expect(found.map(({ verdict }) => verdict)).to.deep.equal(Array(6).fill("passed"));
    expect(found.filter(({ from, open }) => from === neutral && open)).to.have.length(1);
  });

  it("go wherever no policy is", () => {
    const found = results.filter((each) => !namespaces.some((name) => isAbout(name, each)));

    expect(found.filter(({ verdict }) => verdict !== "passed").map(textOf)).to.deep.equal([]);
    console.log(`    ${results.length} connections were tried`);
  });

  it("go on, on a connection that stands, after the hole that let it in is gone", async () => {
    const from = { pod: "monitoring/prometheus" };
    const to = { pod: "review-with-monitoring/shop" };
    const target = scene.targetOf({ to, port: { port: 9090, protocol: "TCP" } });
    const asking = ["--timeout", "500ms", "--every", "50ms", "--for", "4s"];
    const trials = [scene.ask(from, [target], [...asking, "--keep"])];
    trials.push(scene.ask(from, [target], asking));
    await sleep(1500);
    await createAll(scene.api, [
      deleteRequest(`${policiesOf("review-with-monitoring")}/hole-metrics`),
    ]);
    const [kept, fresh] = (await Promise.all(trials)).map(outcomesOf);

    expect(fresh?.[0]).to.equal("open");
    expect(fresh?.at(-1)).to.equal("refused");
    expect(new Set(kept)).to.deep.equal(new Set(["open"]));
  });

  it("show that nothing enforces policies, where that is so", async () => {
    scene.stopEnforcing();
    const late = "review-late";
    await scene.createEnvironments([objectsOf(late, {})]);
    await scene.createPods(podsOfEnvironment(late), ports);
    const pods = podsOfEnvironment(late).map(({ path }) => ({ pod: path }));
    const pairs = pods.flatMap((pod) => [[neutral, pod] as const, [pod, neutral] as const]);
    const port = { port: unopenedPort, protocol: "TCP" } as const;
    const found = await scene.results(packetCases(await scene.model(), pairs, [port]));

    expect(found.map(({ verdict, reason }) => `${verdict}: ${reason}`)).to.deep.equal(
      Array(4).fill("failed: is open, and network policies close it"),
    );
  });

  it("show no wall in front of a target that is down", async () => {
    const down = "staging/shop";
    await scene.stop(down);
    const [plain = ""] = namespaces;
    const cases = tableCases(model, plain).filter(({ from }) => nameOfEndpoint(from) !== down);
    const found = (await scene.results(cases)).filter(({ to }) => nameOfEndpoint(to) === down);

    expect(new Set(found.map(({ open, verdict }) => `${open}: ${verdict}`))).to.deep.equal(
      new Set(["true: failed", "false: untested"]),
    );
  });
});

function namespaceOf({ name }: Configuration): string {
  return `review-with-${name}`;
}

function objectsOf(stack: string, { holes = [], ...network }: NetworkArguments) {
  const args = { ...network, holes: [...holes] };
  return producedObjects({ args, origin: { pulumiProject: "review", stack } });
}

function policiesOf(namespace: string): string {
  return groupPath({ namespace }, "networking.k8s.io", "networkpolicies");
}

/** All ports that pods and servers listen on. */
function portsOf(
  objects: readonly ProducedObject[],
  namespaces: readonly string[],
): readonly number[] {
  const model = createModel(readObjects([...objects]).objects);
  const edges = namespaces.flatMap((namespace) => portsAtEdges(model, namespace));
  return [...new Set([...edges, unopenedPort])];
}

/** Whether one of the ends is in the namespace. */
function isAbout(namespace: string, { from, to }: PacketCase): boolean {
  return [from, to].some((end) => nameOfEndpoint(end).startsWith(`${namespace}/`));
}

function textOf({ from, to, port, reason }: PacketResult): string {
  const { port: number, protocol } = port;
  return `${nameOfEndpoint(from)} to ${nameOfEndpoint(to)} on ${number}/${protocol} ${reason}`;
}

function outcomesOf(said: string): readonly string[] {
  const lines = said.trim().split("\n");
  return lines.map((line) => (JSON.parse(line) as { outcome: string }).outcome);
}
