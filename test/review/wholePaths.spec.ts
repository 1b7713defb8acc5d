import { delimiter, resolve } from "node:path";
import { expect } from "chai";
import { withWholePaths } from "#review/wholePaths";

describe("the variables that name paths", () => {
  it("name whole paths, as Pulumi runs in another folder", () => {
    const KUBECONFIG = ["ci/kubeconfig", "/etc/kubeconfig", ""].join(delimiter);
    const given = { KUBECONFIG, PULUMI_BACKEND_URL: "file://./state", PATH: "bin" };
    expect(withWholePaths(given)).to.deep.equal({
      KUBECONFIG: [resolve("ci/kubeconfig"), "/etc/kubeconfig", ""].join(delimiter),
      PULUMI_BACKEND_URL: `file://${resolve("state")}`,
      PATH: "bin",
    });
  });

  for (const given of [
    { KUBECONFIG: '{"users":[{"user":{"token":"hunter2"}}]}' },
    { KUBECONFIG: "users:\n- user: { token: hunter2 }" },
    { PULUMI_BACKEND_URL: "s3://states" },
    { PULUMI_BACKEND_URL: "file://~/states" },
    {},
  ]) {
    it(`are left alone where they name none: ${JSON.stringify(given)}`, () => {
      expect(withWholePaths(given)).to.deep.equal(given);
    });
  }
});
