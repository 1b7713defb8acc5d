import { isDeepStrictEqual } from "node:util";
import { expect } from "chai";
import fc from "fast-check";
import { createModel } from "#isolation/model";
import { type Verdict } from "#isolation/verdict";
import { anyScene, type Scene } from "./support/arbitraryPolicies";
import { mayReach } from "./oracle";

describe("the model of network policies", () => {
  it("says of every connection what the documentation says, and by which rules", function () {
    this.timeout(300_000);
    fc.assert(
      fc.property(anyScene(), (scene) => {
        expect(disagreements(scene)).to.deep.equal([]);
      }),
      { numRuns: 2_000, seed: 20_261_124 },
    );
  });
});

/** What the model and the documentation judge differently, on every port from every end to every end. */
function disagreements({ objects, endpoints, ports }: Scene): object[] {
  const model = createModel(objects);
  return endpoints.flatMap((from) =>
    endpoints.flatMap((to) =>
      ports.flatMap((port) => {
        const modelled = inOrder(model.verdict(from, to, port));
        const documented = inOrder(mayReach(objects, from, to, port));
        return isDeepStrictEqual(modelled, documented)
          ? []
          : [{ from, to, port, modelled, documented }];
      }),
    ),
  );
}

/** Network policies have no order: "order of evaluation does not affect the policy result". */
function inOrder({ allowed, egress, ingress }: Verdict): Verdict {
  return {
    allowed,
    egress: { ...egress, by: [...egress.by].sort() },
    ingress: { ...ingress, by: [...ingress.by].sort() },
  };
}
