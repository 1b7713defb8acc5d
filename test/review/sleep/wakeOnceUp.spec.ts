import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { Progress } from "#review/console";
import { targetOf } from "#review/environment/target";
import { readSettings } from "#review/settings/reviewSettings";
import { lookForSleep, wakeOnceUp } from "#review/sleep/wakeOnceUp";
import { FakeApiServer } from "../../kubernetes/support/fakeApiServer";

const namespaces =
  "/api/v1/namespaces?labelSelector=secure-environment%2Fproject%3Dshop%2Csecure-environment%2Fstack%3Dreview-a&limit=500";
const quota = "/api/v1/namespaces/review-a/resourcequotas/environment";
const token = "/api/v1/namespaces/review-a/serviceaccounts/deployer/token";
const counts = ["cronjobs.batch", "jobs.batch", "deployments.apps", "statefulsets.apps"];

/** What is asked of the API server when an environment has come up. */
describe("the look at an environment that came up", () => {
  const folder = mkdtempSync(join(tmpdir(), "secure-environment-wake-"));
  const chosen = process.env.KUBECONFIG;
  const progress = new Progress({ write: () => true, isTTY: false });
  let server: FakeApiServer;

  before(() => writeFileSync(join(folder, "review.yaml"), "project: shop\n"));

  beforeEach(async () => {
    server = await FakeApiServer.start();
    const kubeconfig = join(folder, "kubeconfig");
    writeFileSync(kubeconfig, server.kubeconfig());
    process.env.KUBECONFIG = kubeconfig;
  });

  afterEach(() => server.stop());

  after(() => {
    if (chosen === undefined) {
      delete process.env.KUBECONFIG;
    } else {
      process.env.KUBECONFIG = chosen;
    }
    rmSync(folder, { recursive: true });
  });

  it("asks for no token where nothing was deployed", async () => {
    stands(countsOf("0"));
    expect(await looked()).to.deep.equal({ woken: [], warnings: [] });
    expect(asked()).to.deep.equal([namespaces, quota]);
  });

  it("asks for one where something was, or where the quota does not tell", async () => {
    for (const used of [{ ...countsOf("0"), "count/jobs.batch": "1" }, {}]) {
      stands(used);
      server.requests.length = 0;
      await looked();
      expect(asked()).to.include(token);
    }
  });

  it("warns who may not ask for one, and fails nothing", async () => {
    stands(countsOf("2"));
    server.answers = { ...server.answers, [token]: { status: 403, body: { message: "no" } } };
    const { woken, warnings } = await looked();
    expect(woken).to.deep.equal([]);
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.contain("may ask for it").and.contain("review wake");
  });

  it("is none where the namespace is being deleted", async () => {
    stands(countsOf("2"), { deletionTimestamp: "2027-01-01T00:00:00Z" });
    expect(await looked()).to.deep.equal({ woken: [], warnings: [] });
    expect(asked()).to.deep.equal([namespaces]);
  });

  function stands(used: Readonly<Record<string, string>>, metadata: object = {}): void {
    const items = [{ metadata: { name: "review-a", ...metadata } }];
    server.answers = {
      [namespaces]: { status: 200, body: { kind: "NamespaceList", items } },
      [quota]: { status: 200, body: { status: { used } } },
    };
  }

  function looked() {
    return wakeOnceUp(lookForSleep(targetOf(readSettings(folder), "a")), progress);
  }

  function asked(): readonly (string | undefined)[] {
    return server.requests.map(({ url }) => url);
  }
});

function countsOf(count: string): Readonly<Record<string, string>> {
  return Object.fromEntries(counts.map((key) => [`count/${key}`, count]));
}
