import { expect } from "chai";
import { SandboxError, startSandbox } from "secure-environment-sandbox";
import {
  apiServerAddress,
  clusterAddresses,
  planNodes,
} from "secure-environment-sandbox/bin/node/nodePlan.js";
import {
  missingPackages,
  requireNode,
  requirePackages,
} from "secure-environment-sandbox/bin/node/requirements.js";

import { newStateDirectory } from "../../support/sandbox";
import { runSandbox } from "../support/sandboxCommand";

describe("what a node needs", () => {
  it("is named in one line, with the command that installs it", () => {
    const missing = missingPackages((program) => program !== "runc" && program !== "ipset");

    expect(() => requirePackages(missing)).to.throw(
      /^A node needs programs .*: {2}apt-get install --yes --no-install-recommends runc ipset$/,
    );
  });

  it("is nothing more where all programs are there", () => {
    expect(missingPackages(() => true)).to.deep.equal([]);
    expect(() => requirePackages([])).not.to.throw();
  });

  it("is root", async () => {
    const { getuid } = process;
    process.getuid = () => 1000;
    const error = await requireNode("/srv/sandbox").catch((reason: Error) => reason);
    process.getuid = getuid;

    expect(error)
      .to.have.property("message")
      .that.matches(/^A node needs (root|Linux)/);
  });

  for (const count of [-1, 10, 1.5, Number.NaN]) {
    it(`is a number of nodes that there can be, and not ${count}`, async () => {
      const attempt = startSandbox({ stateDirectory: newStateDirectory(), nodes: count });

      const error = await attempt.catch((reason: Error) => reason);
      expect(error).to.have.property("message", `A sandbox has 0 to 9 nodes, and not ${count}.`);
    });
  }

  it("is asked for in the command by a number, or by none", async () => {
    const { exitCode, stderr } = await runSandbox(["up", "--node", "many"]);

    expect(exitCode).to.equal(2);
    expect(stderr).to.contain("It is not a number from 0 to 9.");
  });

  it("is an enforcer of network policies that there is", async () => {
    const { exitCode, stderr } = await runSandbox(["up", "--node", "--enforcer", "calico"]);

    expect(exitCode).to.equal(2);
    expect(stderr).to.contain("Allowed choices are kube-router, kube-network-policies.");
  });
});

describe("the plan of nodes", () => {
  it("gives each a name, an address and addresses for its pods that no other has", () => {
    const plans = planNodes(9, clusterAddresses());

    for (const key of ["name", "address", "podRange"] as const) {
      expect(new Set(plans.map((plan) => plan[key]))).to.have.property("size", 9);
    }
  });

  it("takes its addresses from the ranges that are wanted, and from others where none is", () => {
    const [plan] = planNodes(1, clusterAddresses({ pods: "30.10.0.0/16", nodes: "52.30.0.0/24" }));

    expect(plan).to.deep.equal({
      name: "node-1",
      address: "52.30.0.101",
      podRange: "30.10.1.0/24",
      clusterPodRange: "30.10.0.0/16",
    });
    expect(apiServerAddress(clusterAddresses(), 2)).to.equal("10.201.0.2");
  });

  it("refuses a range that has not the size that is needed", () => {
    expect(() => clusterAddresses({ pods: "30.10.0.0/20" })).to.throw(
      SandboxError,
      "30.10.0.0/20 cannot be the addresses of pods. Give a range such as 10.244.0.0/16.",
    );
  });
});
