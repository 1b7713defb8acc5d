import { expect } from "chai";
import { namespaceChoice, peerOpenings, selectsUnlabelled } from "#isolation/index";
import { policy } from "./scenes";

const nameLabel = "kubernetes.io/metadata.name";

function selectorOf(...matchExpressions: { key: string; operator: string; values?: string[] }[]) {
  const from = [{ namespaceSelector: { matchExpressions } }];
  const [opening] = peerOpenings(policy("a/p", { podSelector: {}, ingress: [{ from }] })).openings;
  const peer = opening?.peer;
  return (peer?.kind === "pods" ? peer.namespaces : undefined) ?? expect.fail("no selector");
}

describe("what the peers of a policy open", () => {
  it("says where each of them is written, and in which direction it opens", () => {
    const { openings, doubts } = peerOpenings(
      policy("a/p", {
        podSelector: {},
        ingress: [{}, { from: [{ podSelector: {} }, { ipBlock: { cidr: "x" } }] }],
        egress: [{ to: [{ ipBlock: { cidr: "10.0.0.0/8" } }], ports: [{ port: 53 }] }],
      }),
    );
    expect(
      openings.map(({ direction, peer }) => [direction, peer.property, peer.kind]),
    ).to.deep.equal([
      ["Ingress", "spec.ingress[0].from", "everyone"],
      ["Ingress", "spec.ingress[1].from[0]", "pods"],
      ["Ingress", "spec.ingress[1].from[1]", "everyone"],
      ["Egress", "spec.egress[0].to[0]", "addresses"],
    ]);
    expect(openings.at(-1)?.ports).to.deep.equal([{ protocol: "TCP", port: 53, endPort: 53 }]);
    expect(doubts.map(({ property }) => property)).to.deep.equal([
      "spec.ingress[1].from[1].ipBlock.cidr",
    ]);
  });
});

describe("how a selector chooses namespaces", () => {
  const names = { key: nameLabel, operator: "In", values: ["a", "b"] };

  it("is by names when it lists some, whatever else it asks", () => {
    const selector = selectorOf(names, { key: nameLabel, operator: "NotIn", values: ["a"] });
    expect(namespaceChoice(selector)).to.deep.equal({ by: "names", names: ["b"] });
    const others = selectorOf({ key: "team", operator: "Exists" }, names);
    expect(namespaceChoice(others)).to.deep.equal({ by: "names", names: ["a", "b"] });
  });

  it("is by labels when namespaces without any do not have what it asks", () => {
    expect(namespaceChoice(selectorOf({ key: "team", operator: "Exists" })).by).to.equal("labels");
  });

  it("is by nothing when it only rules some out", () => {
    expect(namespaceChoice(selectorOf()).by).to.equal("nothing");
    const notA = selectorOf({ key: nameLabel, operator: "NotIn", values: ["a"] });
    expect(namespaceChoice(notA).by).to.equal("nothing");
    expect(selectsUnlabelled(notA, "a")).to.be.false;
    expect(selectsUnlabelled(notA, "b")).to.be.true;
  });
});
