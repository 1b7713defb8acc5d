import { expect } from "chai";
import fc from "fast-check";
import { createModel } from "#isolation/index";

import {
  denyAll,
  namespace,
  namespaces,
  pod,
  pods,
  policies,
  policy,
  targetPorts,
  tcp,
} from "./scenes";

describe("the matrix of all pods", () => {
  it("says what the verdicts say, for every pair and port of any scene", () => {
    fc.assert(
      fc.property(namespaces, pods, policies, (namespaces, pods, policies) => {
        const model = createModel([...namespaces, ...pods, ...policies]);
        const matrix = model.matrix(targetPorts);
        const names = pods.map(({ metadata }) => `${metadata?.namespace}/${metadata?.name}`);
        for (const port of targetPorts) {
          const reachable = (from: string) =>
            names.filter(
              (to) => to !== from && model.verdict({ pod: from }, { pod: to }, port).allowed,
            );
          for (const from of names) {
            expect(matrix.reachableFrom(from, port)).to.have.members(reachable(from));
            expect(matrix.allows(from, from, port)).to.be.true;
          }
          expect(matrix.countAllowed(port)).to.equal(names.flatMap(reachable).length);
        }
      }),
    );
  });

  it("keeps pods apart that only one rule can tell apart by their addresses", () => {
    const ipBlock = { cidr: "10.0.0.0/30", except: ["10.0.0.2/32"] };
    const matrix = createModel([
      namespace("a"),
      ...[0, 1, 2, 3, 4].map((index) => pod(`a/${index}`, {}, { ips: [`10.0.0.${index}`] })),
      policy("a/p", { podSelector: {}, ingress: [{ from: [{ ipBlock }] }] }),
    ]).matrix([tcp(80)]);
    const reaching = ["0", "1", "2", "3"].filter((name) =>
      matrix.allows(`a/${name}`, "a/4", tcp(80)),
    );
    expect(reaching).to.deep.equal(["0", "1", "3"]);
  });

  it("is right where pods fill more than one word of bits", () => {
    const many = Array.from({ length: 70 }, (_, index) => pod(`a/${index}`, { n: `${index}` }));
    const matrix = createModel([
      ...many,
      policy("a/deny", denyAll),
      policy("a/p", {
        podSelector: { matchLabels: { n: "69" } },
        ingress: [{ from: [{ podSelector: { matchLabels: { n: "33" } } }] }],
      }),
      policy("a/out", {
        podSelector: {},
        policyTypes: ["Egress"],
        egress: [{}],
      }),
    ]).matrix([tcp(80)]);
    expect(matrix.reachableFrom("a/33", tcp(80))).to.deep.equal(["a/69"]);
    expect(matrix.countAllowed(tcp(80))).to.equal(1);
  });

  it("is refused for pods and ports that are not in it", () => {
    const matrix = createModel([pod("a/web")]).matrix([tcp(80)]);
    expect(() => matrix.allows("a/web", "a/none", tcp(80))).to.throw(RangeError, "a/none");
    expect(() => matrix.reachableFrom("a/web", tcp(81))).to.throw(RangeError, "TCP 81");
    expect(() => createModel([]).matrix([tcp(70000)])).to.throw(RangeError, "70000");
  });
});
