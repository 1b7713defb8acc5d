import { expect } from "chai";
import fc from "fast-check";
import { createModel, type LabelSelector, type NetworkPolicy } from "#isolation/index";

import { denyAll, named, pod, policies, policy, tcp } from "./scenes";

/** One policy for ingress for each selector. */
function selecting(...selectors: LabelSelector[]): NetworkPolicy[] {
  return selectors.map((podSelector, index) => policy(`a/p${index}`, { podSelector }));
}

function denies(...selectors: LabelSelector[]): boolean {
  return createModel(selecting(...selectors)).deniesByDefault("a", "Ingress").denies;
}

const expression = (key: string, operator: string, ...values: string[]): LabelSelector => ({
  matchExpressions: [{ key, operator, ...(values.length > 0 ? { values } : {}) }],
});

describe("the default deny of a namespace", () => {
  it("is there when one policy selects every pod, in its directions and its namespace only", () => {
    const model = createModel([policy("a/deny", { podSelector: {}, policyTypes: ["Egress"] })]);
    expect(model.deniesByDefault("a", "Egress")).to.deep.equal({
      denies: true,
      by: ["a/deny"],
      openings: [],
    });
    expect(model.deniesByDefault("a", "Ingress").denies).to.be.false;
    expect(model.deniesByDefault("b", "Egress").denies).to.be.false;
  });

  it("is there when several policies select every pod together", () => {
    expect(denies(expression("app", "Exists"), expression("app", "DoesNotExist"))).to.be.true;
    expect(denies(expression("app", "In", "x", "y"), expression("app", "NotIn", "x", "y"))).to.be
      .true;
    expect(denies({ matchLabels: { app: "x" } }, expression("app", "NotIn", "x"))).to.be.true;
    expect(
      denies(
        { matchLabels: { app: "x", tier: "y" } },
        expression("app", "NotIn", "x"),
        expression("tier", "NotIn", "y"),
      ),
    ).to.be.true;
  });

  it("is not there when a pod escapes, and shows one", () => {
    const model = createModel(
      selecting(expression("app", "In", "x", "other"), expression("app", "DoesNotExist")),
    );
    expect(model.deniesByDefault("a", "Ingress")).to.deep.include({
      denies: false,
      escaping: { app: "other-2" },
    });
    expect(createModel([]).deniesByDefault("a", "Ingress").escaping).to.deep.equal({});
  });

  it("is not there by a policy whose selector is not understood", () => {
    expect(denies(expression("app", "Gt", "1"))).to.be.false;
  });

  it("is not taken for granted when there are too many combinations to decide", () => {
    const selectors = Array.from({ length: 20 }, (_, index) => ({
      matchLabels: { [`x${index}`]: "1", [`y${index}`]: "1" },
    }));
    const presence = ["Exists", "DoesNotExist"];
    const everyPod = presence.flatMap((one) =>
      presence.map((other) => ({
        matchExpressions: [
          { key: "p", operator: one },
          { key: "p", operator: one },
          { key: "q", operator: other },
        ],
      })),
    );
    const judged = (policies: NetworkPolicy[]) =>
      createModel(policies).deniesByDefault("a", "Ingress");
    expect(judged(selecting(...everyPod)).denies).to.be.true;
    const undecided = judged(selecting(...selectors, ...everyPod));
    expect(undecided.denies).to.be.false;
    expect(undecided.escaping).to.be.undefined;
  });

  it("has an escaping pod exactly when it is not there, and no policy isolates that pod", () => {
    fc.assert(
      fc.property(policies, fc.constantFrom("Ingress", "Egress"), (policies, direction) => {
        const { denies, escaping } = createModel(policies).deniesByDefault("a", direction);
        expect(denies).to.equal(escaping === undefined);
        const model = createModel([...policies, pod("a/escaping", escaping)]);
        const [pod_, outside] = [{ pod: "a/escaping" }, { address: "192.0.2.1" }];
        const { ingress, egress } =
          direction === "Ingress"
            ? model.verdict(outside, pod_, tcp(80))
            : model.verdict(pod_, outside, tcp(80));
        const side = direction === "Ingress" ? ingress : egress;
        const isUnrestricted = side.allowed && side.by.length === 0;
        expect(isUnrestricted).to.equal(!denies);
      }),
    );
  });

  it("comes with what each rule opens beyond it", () => {
    const model = createModel([
      policy("a/deny", denyAll),
      policy("a/open", {
        podSelector: { matchLabels: { app: "web" } },
        policyTypes: ["Egress"],
        egress: [
          {
            to: [
              { ipBlock: { cidr: "192.0.2.0/24", except: ["192.0.2.0/25"] } },
              { podSelector: {} },
              { namespaceSelector: named("kube-system") },
            ],
            ports: [{ port: 53, protocol: "UDP" }, { port: "http" }],
          },
          {},
        ],
      }),
    ]);
    const podSelector = {
      matchExpressions: [{ key: "app", operator: "In", values: ["web"] }],
    };
    const kubeSystem = {
      matchExpressions: [
        { key: "kubernetes.io/metadata.name", operator: "In", values: ["kube-system"] },
      ],
    };
    expect(model.deniesByDefault("a", "Ingress").openings).to.deep.equal([]);
    expect(model.deniesByDefault("a", "Egress").openings).to.deep.equal([
      {
        rule: "a/open egress[0]",
        podSelector,
        addresses: ["192.0.2.128/25"],
        pods: [{ podSelector: {} }, { namespaceSelector: kubeSystem, podSelector: {} }],
        ports: [
          { protocol: "UDP", port: 53, endPort: 53 },
          { protocol: "TCP", name: "http" },
        ],
      },
      {
        rule: "a/open egress[1]",
        podSelector,
        addresses: ["0.0.0.0/0", "::/0"],
        pods: [{ namespaceSelector: {}, podSelector: {} }],
        ports: ["TCP", "UDP", "SCTP"].map((protocol) => ({ protocol, port: 1, endPort: 65535 })),
      },
    ]);
  });
});
