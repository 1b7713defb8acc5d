import { expect } from "chai";
import { createModel, packetCases, portsAtEdges } from "#isolation/index";
import { denyAll, namespace, pod, policy, tcp } from "./scenes";

describe("cases for packets", () => {
  const web = { from: [{ podSelector: {} }], ports: [{ port: 8080 }, { port: 90, endPort: 99 }] };
  const model = createModel([
    namespace("a"),
    pod("a/web", { app: "web" }),
    pod("a/other"),
    pod("b/tests"),
    policy("a/default-deny", denyAll),
    policy("a/web", { podSelector: { matchLabels: { app: "web" } }, ingress: [web] }),
    policy("a/named", { podSelector: {}, ingress: [{ ports: [{ port: "http" }] }] }),
  ]);
  const [shop, tests, address] = [{ pod: "a/web" }, { pod: "b/tests" }, { address: "8.8.8.8" }];

  it("are open and closed as the model says, without what a pod says to itself", () => {
    const pairs = [
      [{ pod: "a/other" }, shop],
      [tests, shop],
      [tests, address],
      [shop, shop],
    ] as const;

    expect(packetCases(model, pairs, [tcp(8080)]).map(({ open }) => open)).to.deep.equal([
      false,
      false,
      true,
    ]);
  });

  it("are at the ends of each rule's ports and next to them", () => {
    expect(portsAtEdges(model, "a")).to.deep.equal([89, 90, 91, 98, 99, 100, 8079, 8080, 8081]);
    expect(portsAtEdges(model, "b")).to.deep.equal([]);
  });

  it("are on no port that does not exist", () => {
    const every = policy("c/every", { podSelector: {}, ingress: [{}] });

    expect(portsAtEdges(createModel([every]), "c")).to.deep.equal([1, 2, 65534, 65535]);
  });
});
