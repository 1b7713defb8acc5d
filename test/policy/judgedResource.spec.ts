import { unreadable } from "secure-environment/core";
import { expect } from "chai";
import { type JudgedResource, judgedResource } from "#policy/judgedResource";
import { type AnalyzedResource, analyzeResource } from "./support/policyAnalyzer";
import { unknownValues } from "./support/unknownValues";

describe("a resource that is judged", () => {
  for (const [what, unknown] of Object.entries(unknownValues)) {
    it(`is not known where a ${what} is not, wherever that is`, async () => {
      const properties = { data: unknown, spec: { ports: [unknown, { port: unknown }] } };
      expect((await judged({ properties })).properties).to.deep.equal({
        data: unreadable,
        spec: { ports: [unreadable, { port: unreadable }] },
      });
      const { provider } = await judged({ provider: { properties } });
      expect(provider?.properties).to.have.property("data", unreadable);
    });
  }

  it("hides nothing by a property that is called as one of the policy SDK's own", async () => {
    const properties = { __getSpecialProxyTarget: {}, __isSpecialProxy: false, data: { key: "x" } };
    expect((await judged({ properties })).properties).to.deep.equal(properties);
    const { provider } = await judged({ provider: { properties } });
    expect(provider?.properties).to.deep.equal(properties);
  });
});

/** The resource as the policies of the pack see it. */
async function judged(resource: Partial<AnalyzedResource>): Promise<JudgedResource> {
  const seen: JudgedResource[] = [];
  const sees = {
    name: "sees",
    description: "Sees a resource.",
    validateResource: (args: Parameters<typeof judgedResource>[0]) => {
      seen.push(judgedResource(args));
    },
  };
  await analyzeResource([sees], { type: "kubernetes:core/v1:ConfigMap", name: "x", ...resource });
  return seen[0]!;
}
