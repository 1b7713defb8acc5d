import { expect } from "chai";
import { runUnlocked } from "#review/engine/lockedRun";

const done = { exitCode: 0, output: "", words: "", isCancelled: false };
const removed =
  "error: could not create stack: could not list bucket: blob (code=NotFound): sql: no rows in result set";

describe("a run that others are beside", () => {
  for (const words of [removed, "error: failed to load checkpoint: EOF"]) {
    it(`reads again what another one was changing: ${words}`, async () => {
      const ends = [{ ...done, exitCode: 255, words }, done];
      const end = await runUnlocked(() => Promise.resolve(ends.shift() ?? done), patience);
      expect(end).to.equal(done);
      expect(ends).to.deep.equal([]);
    });
  }

  it("does not read for ever what stays so", async () => {
    let readings = 0;
    const failed = { ...done, exitCode: 255, words: removed };
    const run = () => Promise.resolve((readings++, failed));
    expect(await runUnlocked(run, patience)).to.equal(failed);
    expect(readings).to.equal(5);
  }).timeout(10_000);

  it("is not tried again where it failed for another reason", async () => {
    let runs = 0;
    const failed = { ...done, exitCode: 255, words: "error: no" };
    expect(await runUnlocked(() => Promise.resolve((runs++, failed)), patience)).to.equal(failed);
    expect(runs).to.equal(1);
  });
});

const patience = { wait: 0, tell: () => undefined };
