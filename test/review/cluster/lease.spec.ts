import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { type HeldLease, type LeaseOptions, withLease } from "#review/cluster/lease";
import { ReviewError } from "#review/exitCodes";
import { LeaseServer } from "./support/leaseServer";

const options: LeaseOptions = {
  ...{ namespace: "platform", name: "reap", holder: "jane", seconds: 1, wait: 0 },
};

const nothing = () => Promise.resolve();

describe("a Lease that a run holds", () => {
  let server: LeaseServer;

  beforeEach(async () => {
    server = await LeaseServer.start();
  });

  afterEach(() => server.stop());

  const hold = <Result>(
    given: Partial<LeaseOptions>,
    work: (held: HeldLease) => Promise<Result>,
  ): Promise<Result> => withLease(server.cluster(), { ...options, ...given }, work);

  const refusalOf = async (run: Promise<unknown>): Promise<ReviewError> => {
    const refusal = await run.catch((error: unknown) => error);
    expect(refusal).to.be.instanceOf(ReviewError);
    return refusal as ReviewError;
  };

  const specOf = () => server.leases.get("reap")?.spec;

  it("names its holder while the work goes on, and nobody afterwards", async () => {
    const during = await hold({}, () => Promise.resolve(specOf()));
    expect(during).to.include({ holderIdentity: "jane", leaseDurationSeconds: 1 });
    // https://github.com/kubernetes/apimachinery/blob/v0.36.3/pkg/apis/meta/v1/micro_time.go
    expect(during?.renewTime).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    expect(specOf()?.holderIdentity).to.equal("");
  });

  it("is given back when the work fails, whose error stays", async () => {
    const failing = hold({}, () => Promise.reject(new Error("no luck")));
    expect(await failing.catch((error: unknown) => error)).to.have.property("message", "no luck");
    expect(specOf()?.holderIdentity).to.equal("");
  });

  it("is taken by one of many who want it at the same time, one after the other", async () => {
    let atWork = 0;
    const most: number[] = [];
    const work = async (held: HeldLease) => {
      most.push(++atWork);
      await held.confirm();
      await sleep(1_200);
      atWork--;
    };
    const names = ["jane", "joe", "jim"];
    await Promise.all(names.map((holder) => hold({ holder, seconds: 3, wait: 30_000 }, work)));
    expect(most).to.deep.equal([1, 1, 1]);
    expect(specOf()?.leaseTransitions).to.equal(2);
  });

  it("is renewed while the work goes on, so that nobody else gets it", async () => {
    const other = await hold({ seconds: 3 }, () =>
      refusalOf(hold({ holder: "joe", wait: 3_500 }, nothing)),
    );
    expect(other.exitCode).to.equal(12);
    expect(other.message).to.match(
      /^Another run is at work: jane since \S+Z holds the Lease reap in namespace platform/,
    );
    expect(server.writes.filter((write) => write === "PUT reap").length).to.be.greaterThan(2);
  });

  it("is free once a holder that was killed did not renew it for its time, whatever its clock says", async () => {
    const renewTime = "2999-01-01T00:00:00.000000Z";
    server.put("reap", { holderIdentity: "killed", leaseDurationSeconds: 1, renewTime });
    const waited: string[] = [];
    const onWait = (holder: string) => waited.push(holder);
    expect(await hold({ onWait }, () => Promise.resolve(specOf()?.holderIdentity))).to.equal(
      "jane",
    );
    expect(waited).to.deep.equal(["killed"]);
  });

  it("is not free because its holder's clock is behind", async () => {
    const renewed = setInterval(() => {
      const renewTime = "2001-01-01T00:00:00.000000Z";
      server.put("reap", { holderIdentity: "late", leaseDurationSeconds: 3, renewTime });
    }, 300);
    await sleep(350);
    const run = hold({ wait: 3_500 }, nothing);
    const refusal = await refusalOf(run).finally(() => clearInterval(renewed));
    expect(refusal.message).to.match(/^Another run is at work: late holds/);
  });

  it("is told to be lost once another one has it, and is left to that one", async () => {
    const refusal = await hold({}, async (held) => {
      await held.confirm();
      server.put("reap", { holderIdentity: "thief", leaseDurationSeconds: 60 });
      return refusalOf(held.confirm());
    });
    expect(refusal.exitCode).to.equal(12);
    expect(specOf()?.holderIdentity).to.equal("thief");
  });

  it("is kept when a renewal was written whose answer was not heard", async () => {
    await hold({ seconds: 60 }, async (held) => {
      server.put("reap", { holderIdentity: "jane", leaseDurationSeconds: 60 });
      await held.confirm();
    });
    expect(specOf()?.holderIdentity).to.equal("");
  });

  it("is not confirmed by an API server that does not say so", async () => {
    const refusal = await hold({ seconds: 60 }, (held) => {
      server.refusals = { PUT: 503 };
      return refusalOf(held.confirm());
    });
    expect(refusal.message).to.contain("HTTP status 503");
  });

  for (const [verb, method, leases] of [
    ["get", "GET", 0],
    ["create", "POST", 0],
    ["update", "PUT", 1],
  ] as const) {
    it(`names the right that lacks, ${verb}`, async () => {
      if (leases > 0) {
        server.put("reap", { holderIdentity: "" });
      }
      server.refusals = { [method]: 403 };
      const refusal = await refusalOf(hold({}, nothing));
      expect(refusal.exitCode).to.equal(3);
      expect(refusal.message).to.contain(`may not ${verb} the Lease reap in namespace platform`);
    });
  }

  it("has to have a namespace that is there", async () => {
    const refusal = await refusalOf(hold({ namespace: "gone" }, nothing));
    expect(refusal.exitCode).to.equal(2);
    expect(refusal.message).to.contain("There is no namespace gone");
  });

  it("is not held by one whose credentials are not taken", async () => {
    server.refusals = { GET: 401 };
    expect((await refusalOf(hold({}, nothing))).exitCode).to.equal(3);
  });
});
