import { expect } from "chai";
import { environmentsOf, namespacesOf } from "#cluster/stateNamespaces";

const type = "kubernetes:core/v1:Namespace";
const labels = { "secure-environment/stack": "review-login" };

describe("the namespaces in a state", () => {
  it("are those of its resources, with what the API server has said of them", () => {
    const metadata = { name: "review-login", labels, uid: "u-1" };
    const resources = [
      { type: "kubernetes:core/v1:Secret", outputs: { metadata: { name: "s" } } },
      { type: "pulumi:pulumi:Stack", outputs: {} },
      { type, outputs: { metadata }, inputs: { metadata: { name: "asked" } } },
    ];
    expect(namespacesOf(resources)).to.deep.equal([metadata]);
  });

  it("have no uid where nothing was said yet", () => {
    const resources = [{ type, inputs: { metadata: { name: "asked", labels } } }];
    expect(namespacesOf(resources)).to.deep.equal([{ name: "asked", labels }]);
  });

  it("are of environments where they name the stack that made them", () => {
    const other = { type, outputs: { metadata: { name: "other", uid: "u-2" } } };
    const own = { type, outputs: { metadata: { name: "review-login", labels } } };
    expect(environmentsOf([other, own]).map(({ name }) => name)).to.deep.equal(["review-login"]);
    expect(namespacesOf([other])).to.deep.equal([{ name: "other", labels: {}, uid: "u-2" }]);
  });
});
