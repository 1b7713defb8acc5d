import { expect } from "chai";
import { commentFacts } from "#review/commands/commentFacts";
import { type RunRecord } from "#review/commands/runRecord";
import { commentText } from "#review/host/commentText";
import { targetIn } from "./budget/support/budgetTarget";

describe("what a comment tells of the cost of an environment", () => {
  const textWith = (result: object) => {
    const record: RunRecord = { verb: "up", branch: "login", exitCode: 0, result: { ...result } };
    return commentText(commentFacts(targetIn(), record, undefined, Date.now()));
  };

  it("is what it costs at most, so that what it costs now changes no comment", () => {
    const costPerDay = { currency: "EUR", most: 3.1, now: 0.4 };
    const text = textWith({ costPerDay });
    expect(text.body).to.contain("- Costs: at most `3.10 EUR` a day");
    expect(textWith({ costPerDay: { ...costPerDay, now: 2 } })).to.deep.equal(text);
    expect(textWith({ costPerDay: { ...costPerDay, most: 4 } }).fingerprint).not.to.equal(
      text.fingerprint,
    );
  });

  it("is nothing where the run did not say", () => {
    expect(textWith({}).body).not.to.contain("Costs");
    expect(textWith({ costPerDay: { most: "much" } }).body).not.to.contain("Costs");
  });
});
