import { expect } from "chai";
import {
  type IsolationModel,
  nameOfEndpoint,
  type PacketCase,
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
  outcomesWhileAHoleCloses,
  textOf,
} from "./support/packets/allConfigurations";
import { PacketScene } from "./support/packets/packetScene";
import { cacheOfTheNode, neutral, unopenedPort } from "./support/packets/tableCases";
import { configurations } from "./support/reachability/configurations";

const firstStart = 30 * 60_000;

/** It judges packets in its own process, and not by rules of iptables as kube-router does. */
describe("packets between real pods where kube-network-policies enforces policies", function () {
  this.timeout(300_000);
  let scene: PacketScene;
  let model: IsolationModel;
  let results: readonly PacketResult[];

  before("bring up all configurations side by side", async function () {
    this.timeout(firstStart);
    await skipWithoutNode(this);
    scene = await PacketScene.start("kube-network-policies");
    ({ model } = await bringUpAllConfigurations(scene));
    results = await scene.results(casesOfAllConfigurations(model));
  });

  after(() => scene?.end());

  for (const configuration of configurations) {
    it(`go where the table ${configuration.name} says, but for the pod's own node`, () => {
      const found = results.filter((each) => isAbout(namespaceOf(configuration), each));
      const passed = found.filter(({ verdict }) => verdict === "passed");
      const others = found.filter((each) => !isToOwnNode(each) && !passed.includes(each));

      expect(others.map(textOf)).to.deep.equal([]);
      expect(passed.some(({ open }) => open)).to.equal(true);
      expect(passed.some(({ open }) => !open)).to.equal(true);
    });
  }

  it("reach the pod's own node, whatever policies say", async () => {
    const shut = results.filter((each) => isToOwnNode(each) && !each.open);
    const silent = shut.filter(({ verdict }) => verdict === "passed");
    const answers = await scene.answersOfOpen(silent);

    expect(silent.length).to.be.lessThan(shut.length / 10);
    expect(silent.filter((each) => !answers(each)?.open).map(textOf)).to.deep.equal([]);
    expect(shut.some(({ verdict }) => verdict === "untested")).to.equal(false);
  });

  it("go wherever no policy is", () => {
    const found = results.filter(isBesideAll);

    expect(found.filter(({ verdict }) => verdict !== "passed").map(textOf)).to.deep.equal([]);
    console.log(`    ${results.length} connections were tried`);
  });

  it("go to a port that a policy names, and to no port beside it", async () => {
    const found = await scene.results(casesByName(model));

    expect(found.map(({ verdict }) => verdict)).to.deep.equal(Array(6).fill("passed"));
    expect(found.filter(({ from, open }) => from === neutral && open)).to.have.length(1);
  });

  it("go on, on a connection that stands, after the hole that let it in is gone", async () => {
    const { kept, fresh } = await outcomesWhileAHoleCloses(scene);

    expect(fresh[0]).to.equal("open");
    expect(fresh.at(-1)).to.equal("silent");
    expect(new Set(kept)).to.deep.equal(new Set(["open"]));
  });

  it("go nowhere once it has ended, and every open row fails", async () => {
    scene.stopEnforcing();
    const pair = [neutral, { pod: "staging/shop" }] as const;
    const cases = packetCases(model, [pair], [{ port: unopenedPort, protocol: "TCP" }]);
    const found = await scene.results(cases);

    expect(found.map(({ verdict, reason }) => `${verdict}: ${reason}`)).to.deep.equal([
      "failed: is closed (silent), and network policies open it",
    ]);
  });
});

/** A server of the node that the pod runs on: its packets are not passed on, and so not judged. */
function isToOwnNode({ to }: PacketCase): boolean {
  return nameOfEndpoint(to) === cacheOfTheNode;
}
