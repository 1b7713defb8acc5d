import { expect } from "chai";
import {
  judgeBackend,
  judgePassphrase,
  judgePlace,
  type SeenBackend,
} from "#review/doctor/backend";

const ended = (output: unknown) => ({ end: 0, output: JSON.stringify(output), words: "" });
const failed = (end: number, words: string) => ({ end, output: "", words });
const seen = (url: string, more: object = {}): SeenBackend => ({
  chosenBy: "PULUMI_BACKEND_URL",
  who: ended({ user: "jane", url, ...more }),
  stacks: ended([{ name: "review-x" }]),
});
const set = { PULUMI_CONFIG_PASSPHRASE: "hunter2" };
const statesOf = (...findings: Parameters<typeof judgePlace>) =>
  judgePlace(...findings).map(({ subject, state }) => `${subject}: ${state}`);

describe("the state backend that the doctor sees", () => {
  it("is told by its address, by what chose it and by its stacks", () => {
    const [finding] = judgeBackend(seen("s3://states"));
    expect(finding).to.include({ state: "ok" });
    expect(finding?.found).to.equal("s3://states, by PULUMI_BACKEND_URL; stacks of the project: 1");
  });

  it("is not told by the credentials in its address", () => {
    const [finding] = judgeBackend(seen("https://jane:hunter2@states.example.com"));
    expect(finding?.found).not.to.contain("hunter2");
  });

  it("is wrong where it does not answer, about credentials where nobody is logged in", () => {
    const gone = { ...seen(""), stacks: failed(255, "error: no such file or directory") };
    expect(judgeBackend(gone)[0]).to.include({ state: "wrong" });
    expect(judgeBackend(gone)[0]?.found).to.contain("no such file or directory");
    const words = "error: PULUMI_ACCESS_TOKEN must be set for login";
    const [finding] = judgeBackend({ ...seen(""), who: failed(255, words) });
    expect(finding).to.include({ state: "wrong", isAboutCredentials: true });
    expect(finding?.fix).to.contain("pulumi login");
  });

  it("needs a passphrase where it keeps none itself, and shows nothing of it", () => {
    expect(statesOf(seen("s3://states"), {}, "organization")).to.deep.equal(["passphrase: wrong"]);
    expect(statesOf(seen("s3://states"), set, "organization")).to.deep.equal(["passphrase: ok"]);
    expect(JSON.stringify(judgePassphrase(set))).not.to.contain("hunter2");
    expect(judgePassphrase({ PULUMI_CONFIG_PASSPHRASE: "" })[0]).to.include({ state: "warning" });
    const file = { PULUMI_CONFIG_PASSPHRASE_FILE: "/nowhere" };
    expect(judgePassphrase(file)[0]).to.include({ state: "wrong" });
  });

  it("is doubted as a folder on a runner", () => {
    const place = seen("file:///tmp/states");
    expect(statesOf(place, { ...set, CI: "true" }, "organization")).to.include(
      "state of a runner: warning",
    );
    expect(statesOf(place, set, "organization")).not.to.include("state of a runner: warning");
    expect(statesOf(seen("s3://states"), { ...set, CI: "true" }, "organization")).to.deep.equal([
      "passphrase: ok",
    ]);
  });

  it("wants an organization of one's own in Pulumi Cloud, and none elsewhere", () => {
    const cloud = seen("https://app.pulumi.com/jane", { organizations: ["jane", "acme"] });
    expect(statesOf(cloud, {}, "acme")).to.deep.equal(["organization: ok"]);
    expect(statesOf(cloud, {}, "other")).to.deep.equal(["organization: wrong"]);
    const [finding] = judgePlace(cloud, {}, "organization");
    expect(finding?.found).to.contain("name no organization");
    expect(finding?.fix).to.contain("`organization: jane` or `acme`");
    expect(statesOf(seen("s3://states"), set, "acme")).to.include("organization: wrong");
  });
});
