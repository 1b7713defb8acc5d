import { expect } from "chai";
import { describeProblems } from "#components/problems";

const loop: Record<string, unknown> = {};
loop.self = loop;

describe("the message about a problem", () => {
  const shown: [string, unknown, string][] = [
    ["a text", "a", '"a"'],
    ["an object", { port: 80 }, '{"port":80}'],
    ["nothing at all", null, "null"],
    ["the beginning of a long text", "a".repeat(1000), `"${"a".repeat(199)}…`],
    ["an integer that JSON does not have", 2n ** 64n, '"18446744073709551616"'],
    ["a number that is none", [Number.NaN, Infinity], '["NaN","Infinity"]'],
    ["a function", () => 1, "a function"],
    ["what holds itself", loop, "what cannot be written down, as it holds itself"],
  ];
  for (const [what, found, text] of shown) {
    it(`shows ${what} that was found`, () => {
      expect(lineFor("quota", found)).to.equal(
        `  - quota: is wrong (found ${text}). Leave it out.`,
      );
    });
  }

  it("shows nothing when nothing was found", () => {
    expect(lineFor("quota", undefined)).to.equal("  - quota: is wrong. Leave it out.");
  });

  it("is one line, whatever was written", () => {
    expect(lineFor("a\nb", "c\nd")).to.equal(
      '  - a\\u000ab: is wrong (found "c\\nd"). Leave it out.',
    );
    expect(lineFor("a\u001b\u0085\u2028b", "c")).to.equal(
      '  - a\\u001b\\u0085\\u2028b: is wrong (found "c"). Leave it out.',
    );
  });
});

/** All of the message but its heading. */
function lineFor(property: string, found: unknown): string {
  const problem = { property, found, fault: "is wrong", remedy: "Leave it out." };
  const [, ...lines] = describeProblems([problem]).split("\n");
  return lines.join("\n");
}
