import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { sideBySide } from "#review/sideBySide";

describe("work side by side", () => {
  it("is done on all items, on so many at a time, and has its results in order", async () => {
    let running = 0;
    let most = 0;
    const results = await sideBySide([5, 1, 4, 2, 3], 2, async (item) => {
      most = Math.max(most, ++running);
      await sleep(item);
      running--;
      return item * 10;
    });
    expect(results).to.deep.equal([50, 10, 40, 20, 30]);
    expect(most).to.equal(2);
  });

  it("ends with the first failure, and begins nothing more by whoever failed", async () => {
    const begun: number[] = [];
    const failure = await sideBySide([1, 2, 3], 1, (item) => {
      begun.push(item);
      return Promise.reject(new Error(`no ${item}`));
    }).catch((error: unknown) => error);
    expect(failure).to.be.an("error").with.property("message", "no 1");
    expect(begun).to.deep.equal([1]);
  });
});
