import { expect } from "chai";
import { type Cluster } from "#platform/cluster";
import { revokeFormer } from "#platform/revoke";

const collection = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings";

describe("the rights of former pipelines", () => {
  it("are removed, and those of nobody else", async () => {
    const removed: string[] = [];
    const cluster = {
      find: () =>
        Promise.resolve({
          items: [
            binding("secure-environment-pipeline-shop", "secure-environment-pipeline"),
            binding("secure-environment-pipeline-blog", "secure-environment-pipeline"),
            binding("by/hand", "secure-environment-pipeline"),
            binding("secure-environment-pipeline-old", "view"),
            binding("secure-environment-access-reviewer", "secure-environment-access-reviewer"),
          ],
        }),
      remove: (path: string) => {
        removed.push(path);
        return Promise.resolve();
      },
    } as unknown as Cluster;
    const names = await revokeFormer(cluster, [{ name: "shop" }]);
    expect(names).to.deep.equal(["secure-environment-pipeline-blog", "by/hand"]);
    expect(removed).to.deep.equal([
      `${collection}/secure-environment-pipeline-blog`,
      `${collection}/by%2Fhand`,
    ]);
  });
});

function binding(name: string, clusterRole: string) {
  return { metadata: { name }, roleRef: { name: clusterRole } };
}
