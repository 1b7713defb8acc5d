import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { type FoundNamespace } from "secure-environment-cluster/namespaceVerdict";
import { withinBudget } from "#review/budget/withinBudget";
import { type Cluster } from "#review/cluster/cluster";
import { type FoundQuota } from "#review/cluster/quotas";
import { Progress } from "#review/console";
import { ReviewError } from "#review/exitCodes";
import { type ReviewSettings } from "#review/settings/reviewSettings";
import { LeaseServer } from "../cluster/support/leaseServer";
import { targetIn } from "./support/budgetTarget";
import { namespaceOf, quotaOf } from "./support/standing";

const own = [namespaceOf("login")];
const small = { "requests.cpu": "1200m", "requests.memory": "2Gi", "requests.storage": "10Gi" };

describe("an environment that comes up within the budget", () => {
  let leases: LeaseServer;
  let namespaces: FoundNamespace[];
  let quotas: FoundQuota[] | "refused";
  let lists: string[];
  let said: string;

  beforeEach(async () => {
    leases = await LeaseServer.start();
    [namespaces, quotas, lists, said] = [[], [], [], ""];
  });

  afterEach(() => leases.stop());

  it("asks nothing where there is no budget", async () => {
    expect(await bringUp({})).to.equal("up");
    expect(lists).to.deep.equal([]);
    expect(leases.writes).to.deep.equal([]);
  });

  it("holds the Lease as long as it is being made, and gives it back", async () => {
    const holder = () => leases.leases.get("secure-environment-budget")?.spec?.holderIdentity;
    const during = await bringUp({ budget: { environments: 1, amounts: {} } }, () =>
      Promise.resolve(holder()),
    );
    expect(during).not.to.equal("");
    expect(holder()).to.equal("");
    expect(lists).to.deep.equal(["namespaces"]);
  });

  it("is refused with 10 before anything is made, and told who could be reaped", async () => {
    namespaces = [namespaceOf("a")];
    const refusal = await refusalOf(bringUp({ budget: { environments: 1, amounts: {} } }, never));
    expect(refusal.exitCode).to.equal(10);
    expect(refusal.message).to.contain("environments: 1 stands, 1 would come, and the budget is 1");
    expect(refusal.message).to.contain('`review destroy "a"` removes it');
  });

  it("counts what the standard program gives it, with the configuration of this run", async () => {
    const budget = { amounts: { cpu: "2400m" } };
    namespaces = [namespaceOf("a")];
    quotas = [quotaOf("a", small)];
    expect(await bringUp({ budget })).to.equal("up");
    const configuration = { "shop:size": "medium" };
    const refusal = await refusalOf(bringUp({ budget }, never, { configuration }));
    expect(refusal.message).to.contain("have 1200m, 2400m would come, and the budget is 2400m");
  });

  it("is let through at once when it stands and does not grow", async () => {
    const budget = { environments: 1, amounts: { cpu: "1" } };
    namespaces = [namespaceOf("login"), namespaceOf("a")];
    quotas = [quotaOf("login", small), quotaOf("a", small)];
    expect(await bringUp({ budget }, undefined, { standing: own })).to.equal("up");
    expect(leases.writes).to.deep.equal([]);
    const configuration = { "shop:size": "large" };
    const growth = bringUp({ budget }, never, { standing: own, configuration });
    expect((await refusalOf(growth)).message).to.contain("requests.cpu: the quotas of those");
  });

  it("asks nothing when it stands and only the number is bounded", async () => {
    const budget = { environments: 0, amounts: {} };
    expect(await bringUp({ budget }, undefined, { standing: own })).to.equal("up");
    expect(lists).to.deep.equal([]);
  });

  it("is a new one beside what is left of it, which is being deleted", async () => {
    const standing = [namespaceOf("login", { deletionTimestamp: "2027-01-02T00:00:00Z" })];
    namespaces = standing;
    const budget = { environments: 1, amounts: {} };
    const refusal = await refusalOf(bringUp({ budget }, never, { standing }));
    expect(refusal.message).to.contain("Being deleted, and soon gone: 1.");
  });

  it("takes no place in which another one comes up meanwhile", async () => {
    const budget = { environments: 2, amounts: { cpu: "2500m" } };
    const names = ["a", "b", "c", "d"];
    let atWork = 0;
    const runs = names.map((name) =>
      bringUp(
        { budget },
        async () => {
          expect(++atWork).to.equal(1);
          await sleep(20);
          namespaces = [...namespaces, namespaceOf(name)];
          quotas = [...quotas, quotaOf(name, small)] as FoundQuota[];
          atWork--;
        },
        { wait: 30_000 },
      ),
    );
    const ends = await Promise.allSettled(runs);
    expect(ends.filter(({ status }) => status === "fulfilled")).to.have.length(2);
    expect(namespaces).to.have.length(2);
  });

  it("ends with 12 when another run takes longer than it may wait", async () => {
    const renew = () =>
      leases.put("secure-environment-budget", { holderIdentity: "joe", leaseDurationSeconds: 30 });
    renew();
    const renewing = setInterval(renew, 100);
    const run = bringUp({ budget: { environments: 9, amounts: {} } }, never);
    const refusal = await refusalOf(run).finally(() => clearInterval(renewing));
    expect(refusal.exitCode).to.equal(12);
    expect(refusal.message).to.contain("joe");
    expect(said).to.contain("Another run takes room in the budget: joe");
  });

  it("makes nothing once another one has the Lease", async () => {
    const budget = { environments: 9, amounts: {} };
    const stolen = bringUp({ budget }, never, {
      onLook: () => leases.put("secure-environment-budget", { holderIdentity: "joe" }),
    });
    const refusal = await refusalOf(stolen);
    expect(refusal.exitCode).to.equal(12);
  });

  it("ends with 3 when quotas may not be listed, or the Lease may not be had", async () => {
    quotas = "refused";
    const unseen = await refusalOf(bringUp({ budget: { amounts: { cpu: "99" } } }, never));
    expect(unseen.exitCode).to.equal(3);
    expect(unseen.message).to.contain("may not list quotas of the whole cluster");
    expect(leases.leases.get("secure-environment-budget")?.spec?.holderIdentity).to.equal("");
    leases.refusals = { PUT: 403 };
    const refusal = await refusalOf(bringUp({ budget: { environments: 9, amounts: {} } }, never));
    expect(refusal.exitCode).to.equal(3);
  });

  it("says afterwards that a program of the repository's own has passed it", async () => {
    const settings = { program: "/shop", budget: { amounts: { cpu: "2" } } };
    namespaces = [namespaceOf("a")];
    quotas = [quotaOf("a", small)];
    await bringUp(settings, () => {
      namespaces.push(namespaceOf("login"));
      (quotas as FoundQuota[]).push(quotaOf("login", small));
      return Promise.resolve();
    });
    expect(said).to.contain("warning: The budget has requests.cpu 2, and this environment's 1200m");
    namespaces = [namespaceOf("a")];
    quotas = [quotaOf("a", { "requests.cpu": "2" })];
    const refusal = await refusalOf(bringUp(settings, never));
    expect(refusal.message).to.contain("requests.cpu: the quotas of those that stand have 2");
    expect(refusal.message).to.contain("nothing is left");
  });

  interface Given {
    readonly standing?: readonly FoundNamespace[];
    readonly configuration?: Readonly<Record<string, unknown>>;
    readonly wait?: number;
    /** Happens when namespaces are listed. */
    readonly onLook?: () => void;
  }

  function bringUp<Result = string>(
    settings: Partial<ReviewSettings>,
    work: () => Promise<Result> = () => Promise.resolve("up" as Result),
    { standing = [], configuration, wait = 0, onLook }: Given = {},
  ): Promise<Result> {
    const target = targetIn(settings);
    const progress = new Progress({ write: note, isTTY: false });
    const given = configuration ?? target.settings.configuration;
    const run = {
      cluster: cluster(onLook),
      target,
      standing,
      configuration: given,
      wait,
      progress,
    };
    return withinBudget(run, work);
  }

  /** Its Leases are those of the server, and its lists those of this test. */
  function cluster(onLook?: () => void): Cluster {
    const real = leases.cluster();
    const api = async () => {
      const connected = await real.api();
      return new Proxy(connected, {
        get: (of, key) =>
          key === "request" ? request.bind(null, connected) : Reflect.get(of, key),
      });
    };
    const namespacesWith = () => {
      onLook?.();
      return noted("namespaces", namespaces);
    };
    return { ...real, api, namespacesWith };
  }

  async function request(
    api: Awaited<ReturnType<Cluster["api"]>>,
    ...args: Parameters<typeof api.request>
  ): Promise<unknown> {
    if (args[1] !== "/api/v1/resourcequotas") {
      return api.request(...args);
    }
    const items = await noted("quotas", quotas);
    return items === "refused"
      ? { status: 403, body: {} }
      : { status: 200, body: { kind: "ResourceQuotaList", items } };
  }

  function noted<Items>(list: string, items: Items): Promise<Items> {
    lists.push(list);
    return Promise.resolve(items);
  }

  function note(line: string | Uint8Array): boolean {
    said += line.toString();
    return true;
  }
});

function never(): Promise<never> {
  throw new Error("Nothing may be made.");
}

async function refusalOf(run: Promise<unknown>): Promise<ReviewError> {
  const refusal = await run.catch((error: unknown) => error);
  expect(refusal).to.be.instanceOf(ReviewError);
  return refusal as ReviewError;
}
