import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type IsolationModel,
  nameOfEndpoint,
  packetCases,
  type PacketResult,
} from "#isolation/index";
import { skipWithoutNode } from "../support/skipWithoutNode";
import {
  bringUpAllConfigurations,
  casesByName,
  casesOfAllConfigurations,
  isAbout,
  isBesideAll,
  namespaceOf,
  objectsOf,
  outcomesWhileAHoleCloses,
  textOf,
} from "./support/packets/allConfigurations";
import { PacketScene } from "./support/packets/packetScene";
import { neutral, tableCases, unopenedPort } from "./support/packets/tableCases";
import { configurations } from "./support/reachability/configurations";
import {
  actorsAround,
  environment,
  neighbour,
  podsOfEnvironment,
} from "./support/reachability/scene";
import { PortProbe } from "./support/reachability/openPorts";
import { reachabilityTable } from "./support/reachability/table";

const firstStart = 30 * 60_000;
const folder = join(__dirname, "../../../test/e2e/reachability");

describe("packets between real pods", function () {
  this.timeout(300_000);
  let scene: PacketScene;
  let ports: readonly number[];
  let model: IsolationModel;
  let results: readonly PacketResult[];

  before("bring up all configurations side by side", async function () {
    this.timeout(firstStart);
    await skipWithoutNode(this);
    scene = await PacketScene.start();
    ({ ports, model } = await bringUpAllConfigurations(scene));
    results = await scene.results(casesOfAllConfigurations(model));
  });

  after(() => scene?.end());

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
    const found = await scene.results(casesByName(model));

    expect(found.map(({ verdict }) => verdict)).to.deep.equal(Array(6).fill("passed"));
    expect(found.filter(({ from, open }) => from === neutral && open)).to.have.length(1);
  });

  it("go wherever no policy is", () => {
    const found = results.filter(isBesideAll);

    expect(found.filter(({ verdict }) => verdict !== "passed").map(textOf)).to.deep.equal([]);
    console.log(`    ${results.length} connections were tried`);
  });

  it("go on, on a connection that stands, after the hole that let it in is gone", async () => {
    const { kept, fresh } = await outcomesWhileAHoleCloses(scene);

    expect(fresh[0]).to.equal("open");
    expect(fresh.at(-1)).to.equal("refused");
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
    const [plain = ""] = configurations.map(namespaceOf);
    const cases = tableCases(model, plain).filter(({ from }) => nameOfEndpoint(from) !== down);
    const found = (await scene.results(cases)).filter(({ to }) => nameOfEndpoint(to) === down);

    expect(new Set(found.map(({ open, verdict }) => `${open}: ${verdict}`))).to.deep.equal(
      new Set(["true: failed", "false: untested"]),
    );
  });
});
