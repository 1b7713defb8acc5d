import { expect } from "chai";
import { printable, printableJson, Progress } from "#review/console";
import { eventIn } from "#review/engine/engineEvents";
import { reportOf } from "#review/engine/engineReport";
import { describeLock, locksIn } from "#review/engine/stackLock";

/** What a text may try on a terminal. */
const hostile: Readonly<Record<string, string>> = {
  "clears the screen": "\u001b[2J\u001b[H",
  "sets the window's title": "\u001b]0;root\u0007",
  "writes to the clipboard": "\u001b]52;c;cm0gLXJmIC8=\u001b\\",
  "writes over its line": "failed\rall is well",
  "begins a command by one character": "\u009b31m",
  "turns the direction of writing around": "\u202egpj.exe\u2066",
  "hides characters": "a\u200bb\ufeffc",
  "rings and goes back": "\u0007\b\b\b",
};

/** Whether nothing is left that a terminal would act upon, but for lines. */
function isHarmless(text: string): boolean {
  return !/[^\P{C}\n]/u.test(text);
}

describe("the words of others on a terminal", () => {
  for (const [what, text] of Object.entries(hostile)) {
    it(`are harmless where a text ${what}`, () => {
      expect(isHarmless(printable(text))).to.equal(true);
      expect(isHarmless(text)).to.equal(false);
      const json = printableJson({ text });
      expect(isHarmless(json)).to.equal(true);
      expect(JSON.parse(json)).to.deep.equal({ text });
    });

    it(`are harmless in all that a run tells where a text ${what}`, () => {
      const said = [
        { policyEvent: { policyName: text, enforcementLevel: "mandatory", message: text } },
        { diagnosticEvent: { severity: "error", message: text, urn: `a::b::c::${text}` } },
        { diagnosticEvent: { severity: "warning", message: text } },
        {
          resOutputsEvent: {
            metadata: {
              op: "same",
              type: "pulumi:pulumi:Stack",
              urn: text,
              new: { outputs: { url: text } },
            },
          },
        },
      ];
      const events = said.map((event) => eventIn(JSON.stringify(event)));
      const end = { exitCode: 1, output: "", words: "", isCancelled: false };
      const { errors, violations, warnings, outputs } = reportOf(
        events.flatMap((event) => event ?? []),
        end,
      );
      expect([errors.length, violations.length, warnings.length]).to.deep.equal([1, 1, 1]);
      const all = [...errors, ...violations, ...warnings, ...Object.values(outputs)];
      all.forEach((one) => expect(isHarmless(String(one)), JSON.stringify(one)).to.equal(true));
    });

    it(`are harmless in progress where a text ${what}`, () => {
      const told: string[] = [];
      const write = (line: string) => told.push(line) > 0;
      const progress = new Progress({ write, isTTY: false });
      progress.say(text);
      progress.step(text);
      expect(isHarmless(told.join(""))).to.equal(true);
    });
  }

  it("stay as they are where they are words, in any language, on several lines", () => {
    for (const text of ["größer", "日本語", "naïve 🙂", "שלום", "first\nsecond"]) {
      expect(printable(text)).to.equal(text);
    }
    expect(printable("first\r\nsecond\tthird")).to.equal("first\nsecond third");
  });

  it("name the lock of another run, whoever that says it is", () => {
    const words = printable(
      "error: the stack is currently locked by 1 lock(s).\n" +
        "  file:///states/.pulumi/locks/x.json: created by eve\u001b[2J@host\u202e (pid 7) at 2027-01-01T00:00:00Z\n",
    );
    const [lock] = locksIn(words) ?? [];
    expect(describeLock(lock!)).to.equal(
      "eve?[2J@host?, process 7, since 2027-01-01T00:00:00.000Z",
    );
  });
});
