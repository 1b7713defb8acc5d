import { expect } from "chai";
import fc from "fast-check";
import { type Budget } from "#review/settings/budget";
import {
  type BudgetedEnvironment,
  excessOf,
  inOrderOfReaping,
  isBudgeted,
} from "#review/budget/verdict";
import { propertyRuns } from "../../support/propertyRuns";

const now = "2027-01-10T00:00:00Z";
const budget: Budget = { environments: 3, amounts: { cpu: "10", memory: "20Gi" } };
const quota = { "requests.cpu": "4", "requests.memory": "8Gi", "requests.storage": "10Gi" };

describe("the budget of a project", () => {
  it("has room as long as number and sums are within it", () => {
    expect(excessOf(budget, { quota }, [standing("a")])).to.deep.equal([]);
  });

  it("says each bound that would be passed, with what the others have and what would come", () => {
    const excess = excessOf(budget, { quota }, [standing("a"), standing("b"), standing("c", {})]);
    expect(excess).to.deep.equal([
      { bound: "environments", limit: "3", others: "3", wanted: "1", isTooLargeAlone: false },
      { bound: "cpu", limit: "10", others: "8", wanted: "4", isTooLargeAlone: false },
      { bound: "memory", limit: "20Gi", others: "16Gi", wanted: "8Gi", isTooLargeAlone: false },
    ]);
  });

  it("says that one alone is too much", () => {
    const large = { ...quota, "requests.cpu": "10001m" };
    const [excess, ...others] = excessOf(budget, { quota: large }, []);
    expect(others).to.deep.equal([]);
    expect(excess).to.include({ bound: "cpu", wanted: "10001m", isTooLargeAlone: true });
  });

  it("counts those that are being deleted until they are gone", () => {
    const deleted = { ...standing("a"), isBeingDeleted: true };
    const bounds = excessOf(budget, { quota }, [deleted, deleted, deleted]);
    expect(bounds.map(({ bound }) => bound)).to.include("environments");
  });

  it("holds an environment that stands against it as far as it grows", () => {
    const full = [standing("a"), standing("b"), standing("c")];
    const same = { quota, current: quota };
    expect(isBudgeted(budget, same)).to.equal(false);
    expect(excessOf(budget, same, full)).to.deep.equal([]);
    const smaller = { quota: { ...quota, "requests.cpu": "1" }, current: quota };
    expect(isBudgeted(budget, smaller)).to.equal(false);
    const larger = { quota: { ...quota, "requests.cpu": "5" }, current: quota };
    expect(isBudgeted(budget, larger)).to.equal(true);
    expect(excessOf(budget, larger, full).map(({ bound }) => bound)).to.deep.equal(["cpu"]);
    // Its own share is not counted twice.
    expect(excessOf(budget, larger, [standing("a")])).to.deep.equal([]);
    const elsewhere = { quota: { ...quota, "requests.storage": "1Ti" }, current: quota };
    expect(isBudgeted(budget, elsewhere)).to.equal(false);
  });

  it("holds one against it of which a killed run has left no quota", () => {
    const halfMade = { quota, current: {} };
    expect(isBudgeted(budget, halfMade)).to.equal(true);
    const bounds = excessOf(budget, halfMade, [standing("a"), standing("b")]);
    expect(bounds.map(({ bound }) => bound)).to.deep.equal(["cpu", "memory"]);
  });

  it("has room for an unknown quota until nothing is left", () => {
    expect(isBudgeted(budget, {})).to.equal(true);
    expect(isBudgeted(budget, { current: quota })).to.equal(false);
    expect(excessOf(budget, {}, [standing("a"), standing("b")])).to.deep.equal([]);
    const exactly = [standing("a", { "requests.cpu": "6" }), standing("b")];
    expect(excessOf(budget, {}, exactly)).to.deep.equal([
      { bound: "cpu", limit: "10", others: "10", isTooLargeAlone: false },
    ]);
  });

  it("bounds what it names, and nothing else", () => {
    const many = Array.from({ length: 50 }, (_, index) => standing(String(index)));
    expect(excessOf({ amounts: { storage: "510Gi" } }, { quota }, many)).to.deep.equal([]);
    expect(excessOf({ amounts: { storage: "509Gi" } }, { quota }, many)).to.have.length(1);
    expect(excessOf({ environments: 51, amounts: {} }, { quota }, many)).to.deep.equal([]);
    expect(excessOf({ environments: 50, amounts: {} }, { quota }, many)).to.have.length(1);
  });

  it("is never passed by those that come one after the other", () => {
    const wish = fc.record({ cpu: fc.nat({ max: 6000 }), memory: fc.nat({ max: 12_000 }) });
    fc.assert(
      fc.property(fc.array(wish, { maxLength: 12 }), (wishes) => {
        const admitted: BudgetedEnvironment[] = [];
        for (const [index, { cpu, memory }] of wishes.entries()) {
          const wanted = { "requests.cpu": `${cpu}m`, "requests.memory": `${memory}Mi` };
          const sums = sumsOf([...admitted, standing("new", wanted)]);
          const fits = admitted.length < 3 && sums.cpu <= 10_000 && sums.memory <= 20 * 1024;
          expect(excessOf(budget, { quota: wanted }, admitted).length === 0).to.equal(fits);
          if (fits) {
            admitted.push(standing(String(index), wanted));
          }
        }
      }),
      { numRuns: propertyRuns(200) },
    );
  });
});

describe("who makes room in a budget", () => {
  it("is what has expired, the longest ago first, and then what is oldest", () => {
    const ended = (name: string, day: string) => ({
      ...standing(name),
      expiresAt: `2027-01-${day}T00:00:00Z`,
    });
    const since = (name: string, day: string) => ({
      ...standing(name),
      createdAt: `2026-12-${day}T00:00:00Z`,
    });
    const environments = [
      since("younger", "20"),
      ended("expired", "09"),
      since("oldest", "01"),
      ended("expired-first", "02"),
      { ...ended("gone", "01"), isBeingDeleted: true },
      { ...ended("kept", "01"), isKept: true },
      { ...since("later", "10"), expiresAt: "2027-02-01T00:00:00Z" },
    ];
    expect(inOrderOfReaping(environments, now).map(({ stack }) => stack)).to.deep.equal([
      ...["review-expired-first", "review-expired"],
      ...["review-oldest", "review-later", "review-younger"],
    ]);
  });

  it("is in one order, however they are listed", () => {
    const days = fc.integer({ min: 1, max: 20 });
    const environment = fc.record({ created: days, expires: fc.option(days) });
    fc.assert(
      fc.property(fc.array(environment, { minLength: 1, maxLength: 8 }), (list) => {
        const all = list.map(({ created, expires }, index) => ({
          ...standing(String(index)),
          createdAt: dayOf(created),
          ...(expires === null ? {} : { expiresAt: dayOf(expires) }),
        }));
        const ordered = inOrderOfReaping(all, now);
        expect(inOrderOfReaping([...all].reverse(), now)).to.deep.equal(ordered);
        const ends = ordered.map(({ expiresAt = "never" }) => (expiresAt <= now ? expiresAt : "x"));
        expect(ends).to.deep.equal([...ends].sort());
        const living = ordered.filter((_, index) => ends[index] === "x");
        const ages = living.map(({ createdAt = "" }) => createdAt);
        expect(ages).to.deep.equal([...ages].sort());
      }),
      { numRuns: propertyRuns(200) },
    );
  });
});

function standing(name: string, has: Readonly<Record<string, string>> = quota) {
  const environment: BudgetedEnvironment = {
    namespace: `review-shop-${name}`,
    stack: `review-${name}`,
    branch: name,
    createdAt: "2027-01-01T00:00:00Z",
    isBeingDeleted: false,
    isKept: false,
    quota: has,
  };
  return environment;
}

function dayOf(day: number): string {
  return `2027-01-${String(day).padStart(2, "0")}T00:00:00Z`;
}

function sumsOf(environments: readonly BudgetedEnvironment[]) {
  const sum = (resource: string) =>
    environments.reduce((total, { quota: has }) => total + parseInt(has[resource] ?? "0"), 0);
  return { cpu: sum("requests.cpu"), memory: sum("requests.memory") };
}
