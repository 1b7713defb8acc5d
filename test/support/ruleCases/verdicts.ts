import { expect } from "chai";
import { type Judged } from "./ruleCase";

/** Expects the judge to say what the case says, by all of its messages together. */
export async function expectVerdict<Shown>(
  judged: Judged<Shown>,
  messagesOn: (shown: Shown) => string | Promise<string>,
): Promise<void> {
  if (judged.shown === undefined) {
    expect("notJudged" in judged && judged.notJudged).not.to.equal("");
    return;
  }
  const messages = await messagesOn(judged.shown);
  if ("refuses" in judged) {
    expect(messages).to.contain(judged.refuses);
  } else {
    expect(messages).to.equal("");
  }
}
