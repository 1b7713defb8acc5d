import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { projectLease } from "#review/environment/projectLease";
import { ReviewError } from "#review/exitCodes";
import { readSettings } from "#review/settings/reviewSettings";

describe("the namespace of the Leases", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "secure-environment-settings-"));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  const leaseBy = (settings: object) => {
    writeFileSync(join(folder, "review.yaml"), JSON.stringify({ project: "shop", ...settings }));
    return projectLease(readSettings(folder), "reap", 0);
  };

  const refusalOf = (settings: object): ReviewError => {
    try {
      return leaseBy(settings) as never;
    } catch (error) {
      expect(error).to.be.instanceOf(ReviewError);
      return error as ReviewError;
    }
  };

  it("is that of the project's pipeline under the platform", () => {
    const lease = leaseBy({ config: { platform: true, project: "blog" } });
    expect(lease).to.include({
      namespace: "secure-environment-pipeline-blog",
      name: "secure-environment-reap",
    });
  });

  it("is the one that the settings name, with the platform or without", () => {
    const config = { platform: true, project: "blog" };
    expect(leaseBy({ leaseNamespace: "ci" }).namespace).to.equal("ci");
    expect(leaseBy({ leaseNamespace: "ci", config }).namespace).to.equal("ci");
  });

  it("is `default` without the platform, which every cluster has", () => {
    expect(leaseBy({ config: { project: "blog" } }).namespace).to.equal("default");
  });

  for (const leaseNamespace of ["CI", "a/b", "x".repeat(64), 7]) {
    it(`is not ${JSON.stringify(leaseNamespace)}`, () => {
      const refusal = refusalOf({ leaseNamespace });
      expect(refusal.exitCode).to.equal(2);
      expect(refusal.message).to.contain("leaseNamespace is ");
    });
  }

  it("is asked for by a holder of its own in each run", () => {
    const holders = [1, 2].map(() => leaseBy({ leaseNamespace: "ci" }).holder);
    expect(holders[0]).not.to.equal(holders[1]);
  });
});
