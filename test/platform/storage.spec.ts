import { expect } from "chai";
import { type Cluster } from "#platform/cluster";
import { storageWarnings } from "#platform/storage";

const large = "--quota-backend-bytes=8589934592";
const often = "--etcd-compaction-interval=1m0s";

describe("how much environments can write into etcd", () => {
  it("is not known where the control plane runs elsewhere", async () => {
    expect(await storageWarnings(clusterOf([]))).to.deep.equal([]);
    expect(await storageWarnings(clusterOf([etcd()]))).to.deep.equal([]);
    expect(await storageWarnings(clusterOf([apiServer()]))).to.deep.equal([]);
  });

  it("is less than it takes, where it takes much and is compacted often", async () => {
    expect(await storageWarnings(clusterOf([etcd(large), apiServer(often)]))).to.deep.equal([]);
    const unbounded = etcd("--quota-backend-bytes=-1");
    expect(await storageWarnings(clusterOf([unbounded, apiServer()]))).to.deep.equal([]);
  });

  it("is warned of where it is more, with what there is and what to do", async () => {
    const [warning, ...others] = await storageWarnings(clusterOf([etcd(), apiServer()]));
    expect(warning).to.contain("etcd takes 2Gi (--quota-backend-bytes)");
    expect(warning).to.contain("for up to 600 seconds (--etcd-compaction-interval)");
    expect(warning).to.contain("Have etcd take 8Gi, and the API server compact every minute.");
    expect(others).to.deep.equal([]);
  });

  it("is warned of with either of them alone, the smallest etcd, and without compaction", async () => {
    for (const pods of [
      [etcd(large), apiServer()],
      [etcd(), apiServer(often)],
      [etcd(large), etcd(), apiServer(often)],
      [etcd(large), apiServer("--etcd-compaction-interval=0")],
    ]) {
      expect(await storageWarnings(clusterOf(pods))).to.have.length(1);
    }
  });
});

function etcd(...flags: readonly string[]) {
  return pod("etcd", "etcd", "--data-dir=/var/lib/etcd", ...flags);
}

function apiServer(...flags: readonly string[]) {
  return pod("kube-apiserver", "kube-apiserver", "--secure-port=6443", ...flags);
}

function pod(component: string, ...command: readonly string[]) {
  return { metadata: { labels: { component } }, spec: { containers: [{ command }] } };
}

function clusterOf(items: readonly object[]): Cluster {
  return { find: () => Promise.resolve({ items }) } as unknown as Cluster;
}
