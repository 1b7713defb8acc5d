import { expect } from "chai";
import { audienceWarnings } from "#platform/audiences";
import { type Cluster } from "#platform/cluster";

const usual = "https://kubernetes.default.svc.cluster.local";
const cloud = "https://oidc.example.com/id/1";

describe("whom tokens for the API server are for", () => {
  it("is as it is said", async () => {
    expect(await audienceWarnings(clusterOf(usual), [usual])).to.deep.equal([]);
    expect(await audienceWarnings(clusterOf(cloud), [usual, cloud])).to.deep.equal([]);
  });

  it("is not known where the cluster does not tell", async () => {
    expect(await audienceWarnings(clusterOf(undefined), [usual])).to.deep.equal([]);
  });

  it("is warned of where it seems to be somebody else", async () => {
    for (const [issuer, audiences] of [
      [cloud, [usual]],
      [usual, [cloud]],
    ] as const) {
      const [warning, ...others] = await audienceWarnings(clusterOf(issuer), audiences);
      expect(warning).to.contain(`issues tokens as ${issuer}`).and.to.contain("set apiAudiences");
      expect(others).to.deep.equal([]);
    }
  });
});

function clusterOf(issuer: string | undefined): Cluster {
  const find = () => Promise.resolve(issuer && { issuer });
  return { find } as unknown as Cluster;
}
