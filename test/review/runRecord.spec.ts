import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { recorded } from "#review/commands/recorded";
import { readRecord, requireRecordable, writeRecord } from "#review/commands/runRecord";
import { appendVariables } from "#review/commands/variablesFile";
import { exitCodes, ReviewError } from "#review/exitCodes";
import { recordIn, reviewSchema } from "../support/reviewSchemas";

describe("the record of a run", () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "secure-environment-record-"));
    file = join(folder, "result.json");
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it("has the exit codes of the command", () => {
    const { exitCode } = reviewSchema("result").properties as { exitCode: { enum: number[] } };
    expect(exitCode.enum).to.deep.equal(Object.values(exitCodes));
  });

  it("is read by its owner alone, and nothing is left beside it", () => {
    writeRecord(file, { verb: "up", exitCode: 1, error: "It broke." });
    expect(statSync(file).mode & 0o777).to.equal(0o600);
    expect(readRecord(file)).to.deep.equal({ verb: "up", exitCode: 1, error: "It broke." });
    expect(readdirSync(folder)).to.deep.equal(["result.json"]);
  });

  it("is none of an earlier run when the run is killed", () => {
    writeFileSync(file, "{}");
    requireRecordable(file);
    expect(existsSync(file)).to.equal(false);
  });

  it("takes the place of nothing but a file", () => {
    mkdirSync(join(folder, "folder"));
    writeFileSync(join(folder, "target"), "");
    symlinkSync(join(folder, "target"), join(folder, "link"));
    for (const name of ["folder", "link", "missing/file"]) {
      expect(() => requireRecordable(join(folder, name)), name).to.throw("nothing was done");
    }
    expect(readdirSync(folder).sort()).to.deep.equal(["folder", "link", "target"]);
  });

  it("says how a run failed before its branch was known, and what fails unexpectedly tells nothing", async () => {
    const run = (settings: string) =>
      recorded("up", "login", { settings, result: file }, () => {
        throw new Error("hunter2");
      });
    const missing = await run(join(folder, "missing")).catch((error: unknown) => error);
    expect(missing).to.be.instanceOf(ReviewError);
    expect(recordIn(file)).to.have.all.keys("verb", "exitCode", "error");
    writeFileSync(join(folder, "review.yaml"), "project: shop\n");
    const broken = await run(folder).catch((error: unknown) => error);
    expect(broken).to.have.property("message", "hunter2");
    expect(recordIn(file)).to.include({ exitCode: 1, branch: "login" });
    expect(readFileSync(file, "utf8")).not.to.contain("hunter2");
  });
});

describe("the variables of an environment", () => {
  const result = { stack: "organization/shop/review-a", changes: {}, warnings: [], seconds: {} };
  let file: string;

  beforeEach(() => {
    file = join(mkdtempSync(join(tmpdir(), "secure-environment-variables-")), "variables");
  });

  afterEach(() => rmSync(join(file, ".."), { recursive: true }));

  it("are those that there are, after those of others", () => {
    writeFileSync(file, "OTHER=1\n");
    appendVariables(file, {
      ...result,
      outputs: { namespaceName: "review-a", url: { secret: 1 } },
    });
    appendVariables(file, { ...result, outputs: { url: "https://a.example.com/?b=c" } });
    expect(readFileSync(file, "utf8")).to.equal(
      "OTHER=1\nNAMESPACE=review-a\nSTACK=organization/shop/review-a\n" +
        "STACK=organization/shop/review-a\nURL=https://a.example.com/?b=c\n",
    );
  });

  it("are none when one would pass for another one", () => {
    for (const end of ["\nTOKEN=x", "\r", "\0", "\u2028X=1", "\u0085"]) {
      const outputs = { namespaceName: "review-a", url: `https://a.example.com/${end}` };
      expect(() => appendVariables(file, { ...result, outputs })).to.throw("URL");
    }
    expect(existsSync(file)).to.equal(false);
  });
});
