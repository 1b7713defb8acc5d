import { expect } from "chai";
import { admissionProbes } from "#platform/admission";
import { type KubernetesResponse } from "secure-environment-kubernetes";
import { type Cluster } from "#platform/cluster";
import { requireCluster } from "#platform/requirements";
import { pluginRefusals } from "./support/pluginRefusals";

const complete: Readonly<Record<string, readonly string[]>> = {
  "/apis/admissionregistration.k8s.io/v1": [
    "validatingadmissionpolicies",
    "validatingadmissionpolicies/status",
    "validatingadmissionpolicybindings",
  ],
  "/apis/flowcontrol.apiserver.k8s.io/v1": ["flowschemas", "prioritylevelconfigurations"],
  "/apis/networking.k8s.io/v1": ["ingresses", "networkpolicies"],
  "/apis/rbac.authorization.k8s.io/v1": ["clusterrolebindings", "clusterroles", "rolebindings"],
  "/apis/scheduling.k8s.io/v1": ["priorityclasses"],
};

describe("what a cluster needs for the platform", () => {
  it("is there in a complete one", async () => {
    expect(await requireCluster(cluster("v1.34.0", complete))).to.deep.equal([]);
    expect(await requireCluster(cluster("v1.36.3-eks-1a2b3c", complete))).to.deep.equal([]);
  });

  it("is told all at once when it is missing, without a stack", async () => {
    const served = {
      ...complete,
      "/apis/admissionregistration.k8s.io/v1": ["validatingadmissionpolicies"],
    };
    delete (served as Record<string, unknown>)["/apis/flowcontrol.apiserver.k8s.io/v1"];
    const refusal = await requireCluster(cluster("v1.29.4", served)).catch((error: Error) => error);
    expect(refusal).to.be.instanceOf(Error);
    expect((refusal as Error).message.split("\n")).to.deep.equal([
      "The cluster has 3 problems; nothing was created.",
      '  - version: removes the walls of a namespace while its pods still run (found "v1.29.4"). Upgrade the cluster to Kubernetes 1.33 or later.',
      "  - admissionregistration.k8s.io/v1: is not served with validatingadmissionpolicybindings. Switch it on at the API server (--runtime-config), or upgrade the cluster.",
      "  - flowcontrol.apiserver.k8s.io/v1: is not served with flowschemas, prioritylevelconfigurations. Switch it on at the API server (--runtime-config), or upgrade the cluster.",
    ]);
    expect((refusal as Error).stack).to.equal((refusal as Error).message);
  });

  it("is told together with the admission plugins that are off", async () => {
    const letThrough = { status: 201, body: {} };
    const refusal = await requireCluster(cluster("v1.32.0", complete, letThrough)).catch(
      (error: Error) => error,
    );
    const [heading, version, ...plugins] = (refusal as Error).message.split("\n");
    expect(heading).to.equal("The cluster has 4 problems; nothing was created.");
    expect(version).to.match(/^ {2}- version: /);
    expect(plugins.map((line) => /^ {2}- admission plugin (\w+): is off/.exec(line)?.[1])).to.eql([
      "PodSecurity",
      "Priority",
      "ServiceAccount",
    ]);
  });

  it("is doubted where the version cannot be read", async () => {
    const refusal = await requireCluster(cluster("devel", complete)).catch((error: Error) => error);
    expect((refusal as Error).message).to.contain('(found "devel")');
  });

  it("is warned of where Pod Security lets probes go anywhere", async () => {
    const [warning, ...others] = await requireCluster(cluster("v1.33.9", complete));
    expect(warning).to.match(/^Kubernetes v1\.33\.9: before 1\.34 /);
    expect(others).to.deep.equal([]);
  });
});

/** A cluster that says what it serves, and refuses what is tried, or answers otherwise. */
function cluster(
  gitVersion: string,
  served: Readonly<Record<string, readonly string[]>>,
  tried?: KubernetesResponse,
): Cluster {
  const contents: Record<string, unknown> = { "/version": { gitVersion } };
  for (const [path, names] of Object.entries(served)) {
    contents[path] = { resources: names.map((name) => ({ name })) };
  }
  const find = (path: string) => Promise.resolve(contents[path]);
  const tryCreate = (_: string, object: object) => {
    const probe = admissionProbes.find((candidate) => candidate.object === object);
    return Promise.resolve(tried ?? pluginRefusals[probe?.plugin ?? ""]);
  };
  return { find, tryCreate } as unknown as Cluster;
}
