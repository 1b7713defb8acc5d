import { expect } from "chai";
import { environmentFlowSchemaSpec } from "#components/core/flowSchema";

describe("what the FlowSchema of an environment says", () => {
  it("puts every request of the environment's accounts behind those of the cluster", () => {
    expect(environmentFlowSchemaSpec("review-shop-login", "shop")).to.deep.equal({
      priorityLevelConfiguration: { name: "secure-environment-review-shop" },
      matchingPrecedence: 8000,
      distinguisherMethod: { type: "ByUser" },
      rules: [
        {
          subjects: [
            { kind: "Group", group: { name: "system:serviceaccounts:review-shop-login" } },
          ],
          resourceRules: [
            {
              verbs: ["*"],
              apiGroups: ["*"],
              resources: ["*"],
              clusterScope: true,
              namespaces: ["*"],
            },
          ],
          nonResourceRules: [{ verbs: ["*"], nonResourceURLs: ["*"] }],
        },
      ],
    });
  });
});
