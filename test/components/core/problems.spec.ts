import { expect } from "chai";
import { describeProblems, shownWords } from "#components/core/problems";

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

  const several = "something of several lines, which is not shown";
  const certificate = "-----BEGIN PRIVATE KEY-----\nhunter2";
  for (const found of [certificate, { a: [certificate] }, { [certificate]: 1 }, "a\u2028b"]) {
    it(`shows nothing of ${JSON.stringify(found)}, which has several lines`, () => {
      expect(lineFor("quota", found)).to.equal(
        `  - quota: is wrong (found ${several}). Leave it out.`,
      );
    });
  }

  const credential = "something that looks like a credential, which is not shown";
  const credentials: readonly unknown[] = [
    "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJrdWJlcm5ldGVzIn0.hunter2",
    "https://jane:hunter2@registry.example.com",
    { user: "Bearer hunter2hunter2" },
    ["glpat-hunter2hunter2"],
    'apiVersion: v1, users: [{ user: { token: "hunter2" } }]',
    { password: "hunter2" },
    "https://hunter2hunter2hunter2@registry.example.com",
    "https://storage.example.com/state?access_token=hunter2",
    Buffer.from("apiVersion: v1\nusers: [hunter2]").toString("base64"),
    Buffer.from("-----BEGIN PRIVATE KEY-----\nhunter2").toString("base64"),
    "k8s-aws-v1.aHVudGVyMg",
    "sha256~hunter2hunter2",
  ];
  for (const found of credentials) {
    it(`shows nothing of ${JSON.stringify(found)}, which lets somebody in`, () => {
      expect(lineFor("quota", found)).to.equal(
        `  - quota: is wrong (found ${credential}). Leave it out.`,
      );
    });
  }

  it("shows a text that only looks a little like a credential", () => {
    for (const found of [
      "oidc:token-readers",
      "https://a.b/c@d",
      "eyJonathan",
      "basic tests",
      "tokens: 8",
    ]) {
      expect(lineFor("quota", found)).to.contain(JSON.stringify(found));
    }
  });

  it("shows no fault in words that look like a credential", () => {
    const fault = "could not be asked: + curl -H Authorization: Bearer hunter2hunter2";
    const message = describeProblems([{ property: "cluster", fault, remedy: "Try again." }]);
    expect(message).to.match(/created\.\n {2}- cluster: is wrong\. Try again\.$/);
  });

  it("shows no name of several lines, whoever wrote it where", () => {
    expect(lineFor(certificate, "c")).to.equal('  - ["…"]: is wrong (found "c"). Leave it out.');
    expect(lineFor(`quota["${certificate}"].x`, "c")).to.equal(
      '  - quota["…"]: is wrong (found "c"). Leave it out.',
    );
    const problem = { property: "holes", fault: `of ${certificate}`, remedy: certificate };
    expect(describeProblems([problem])).to.match(
      /created\.\n {2}- holes: is wrong\. Write each name on one line\.$/,
    );
  });

  it("leaves the terminal alone", () => {
    expect(lineFor("a\u001b", "c")).to.equal('  - a\\u001b: is wrong (found "c"). Leave it out.');
  });
});

describe("the words of somebody else in a message", () => {
  it("are shown as they are, but for what changes the terminal", () => {
    for (const words of ["connect ECONNREFUSED 127.0.0.1:1", "set serviceAccountToken: false"]) {
      expect(shownWords(words)).to.equal(words);
    }
    expect(shownWords("a\u001bb\nc")).to.equal("a\\u001bb\\u000ac");
  });

  it("are not shown where they look like a credential", () => {
    const traced = "+ curl -s -H Authorization: Bearer hunter2hunter2 http://127.0.0.1/";
    expect(shownWords(traced)).to.equal("what it says looks like a credential, and is not shown");
  });
});

/** All of the message but its heading. */
function lineFor(property: string, found: unknown): string {
  const problem = { property, found, fault: "is wrong", remedy: "Leave it out." };
  const [, ...lines] = describeProblems([problem]).split("\n");
  return lines.join("\n");
}
