import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";
import { type CommandResult, runCommand } from "../../support/command";
import { parsedAs } from "../../support/reviewSchemas";
import { FakeGitHub } from "./support/fakeGitHub";
import { FakeGitLab } from "./support/fakeGitLab";
import { type FakeHost, type FakeRequest } from "./support/fakeHost";

const repository = resolve(__dirname, "../../../..");
const branch = "feature/login";
const stack = "review-feature-login-lxvy2b";
const marker = `<!-- review comment shop/${stack} ${"0".repeat(32)} -->`;
const upRecord = {
  verb: "up",
  branch,
  stack: `organization/shop/${stack}`,
  exitCode: 0,
  result: {
    stack: `organization/shop/${stack}`,
    outputs: { namespaceName: stack, url: "https://login.example.com/", holes: [] },
    changes: { same: 16 },
    warnings: [],
    seconds: {},
  },
};
const goneRecord = { ...upRecord, verb: "destroy", result: { destroyed: true, namespaces: [] } };
const noneRecord = { verb: "up", branch, exitCode: 0, reason: "It is on the list." };
const failedRecord = { verb: "up", branch, exitCode: 1, error: "It broke." };

interface HostCase {
  readonly name: string;
  readonly start: () => Promise<FakeHost>;
  readonly fork: string;
  readonly paths: { readonly all: string; readonly one: string };
  readonly edits: string;
  readonly permission: string;
  readonly ofRequest: (folder: string, number: number) => NodeJS.ProcessEnv;
}

const hosts: readonly HostCase[] = [
  {
    name: "GitHub",
    start: () => FakeGitHub.start(),
    fork: "stranger/shop",
    paths: { all: "/issues/1/comments", one: "/issues/comments" },
    edits: "PATCH",
    permission: "pull-requests: write",
    ofRequest: (folder, number) => {
      const event = join(folder, "event.json");
      writeFileSync(event, JSON.stringify({ pull_request: { number } }));
      return { GITHUB_EVENT_NAME: "pull_request", GITHUB_EVENT_PATH: event };
    },
  },
  {
    name: "GitLab",
    start: () => FakeGitLab.start(),
    fork: "8",
    paths: { all: "/merge_requests/1/notes", one: "/merge_requests/1/notes" },
    edits: "PUT",
    permission: "scope `api`",
    ofRequest: (_, number) => ({
      CI_MERGE_REQUEST_IID: String(number),
      CI_MERGE_REQUEST_PROJECT_ID: "7",
    }),
  },
];

for (const { name, start, fork, paths, edits, permission, ofRequest } of hosts) {
  describe(`\`review comment\` on a stand-in for the API of ${name}`, function () {
    this.timeout(60_000);
    let folder: string;
    let host: FakeHost;

    beforeEach(async () => {
      folder = mkdtempSync(join(tmpdir(), "secure-environment-comment-"));
      writeFileSync(join(folder, "review.yaml"), "project: shop\nlifetime: 7d\n");
      host = await start();
    });

    afterEach(() => {
      host.close();
      rmSync(folder, { recursive: true });
    });

    it("writes one comment, and nothing when a push changes nothing", async () => {
      const request = host.open(branch);
      expect(await outcome(upRecord)).to.equal("created");
      expect(await outcome(upRecord)).to.equal("unchanged");
      expect(host.writes).to.deep.equal([`POST ${paths.all}`]);
      expect(only(request)).to.contain("`feature/login` in `shop`: up").and.contain(stack);
    });

    it("writes nothing when a push only moves the end by the lifetime", async () => {
      const request = host.open(branch);
      const ending = (milliseconds: number) => {
        const expiresAt = new Date(Date.now() + milliseconds).toISOString();
        const outputs = { ...upRecord.result.outputs, expiresAt };
        return { ...upRecord, result: { ...upRecord.result, outputs } };
      };
      const week = 7 * 86_400_000;
      expect(await outcome(ending(week - 30_000))).to.equal("created");
      expect(await outcome(ending(week - 1_000))).to.equal("unchanged");
      expect(only(request)).to.contain("Ends: `7d` after its last run");
      expect(await outcome(ending(2 * week))).to.equal("edited");
      expect(only(request)).to.match(/Ends: `20\d\d-/);
    });

    it("edits it when the state changes, and tells how to bring it back", async () => {
      const request = host.open(branch);
      await outcome(upRecord);
      const { id } = request.comments[0]!;
      expect(await outcome(failedRecord)).to.equal("edited");
      expect(only(request)).to.contain(": failed").and.contain("`It broke.`").and.contain("/42>");
      expect(await outcome(goneRecord)).to.equal("edited");
      expect(only(request)).to.contain(": gone").and.contain("`review up feature/login`");
      expect(host.writes.slice(1)).to.deep.equal(Array(2).fill(`${edits} ${paths.one}/${id}`));
    });

    it("makes no comment on what is gone or never was", async () => {
      const request = host.open(branch);
      for (const record of [goneRecord, noneRecord]) {
        expect(await outcome(record)).to.equal("none");
      }
      expect(request.comments).to.deep.equal([]);
      host.say(request, host.self, marker);
      expect(await outcome(noneRecord)).to.equal("edited");
      expect(only(request)).to.contain(": none").and.contain("`It is on the list.`");
    });

    it("finds its own among hundreds", async () => {
      const request = host.open(branch);
      const talk = (count: number) =>
        Array.from({ length: count }, () => host.say(request, "jane", "LGTM"));
      talk(230);
      const own = host.say(request, host.self, `${marker}\nold`);
      talk(130);
      expect(await outcome(upRecord)).to.equal("edited");
      expect(own.body).to.contain(": up");
      expect(host.writes).to.deep.equal([`${edits} ${paths.one}/${own.id}`]);
    });

    it("leaves comments of others alone that begin as its own do", async () => {
      const request = host.open(branch);
      const pasted = host.say(request, "mallory", `${marker}\npasted`);
      expect(await outcome(goneRecord)).to.equal("none");
      expect(await outcome(upRecord)).to.equal("created");
      expect(await outcome(goneRecord)).to.equal("edited");
      expect(pasted.body).to.equal(`${marker}\npasted`);
      expect(request.comments).to.have.length(2);
    });

    it("leaves other comments of its own alone: of other projects, and of other tools", async () => {
      const request = host.open(branch);
      const others = [
        marker.replace("shop/", "blog/"),
        `Coverage: 80 %\n${marker}`,
        `> ${marker}\n\nquoted`,
      ].map((body) => host.say(request, host.self, body));
      const before = others.map(({ body }) => body);
      expect(await outcome(upRecord)).to.equal("created");
      expect(await outcome(goneRecord)).to.equal("edited");
      expect(others.map(({ body }) => body)).to.deep.equal(before);
      expect(request.comments).to.have.length(4);
    });

    it("makes one of two of its own, the oldest", async () => {
      const request = host.open(branch);
      const [first] = ["first", "second", "third"].map((text) =>
        host.say(request, host.self, `${marker}\n${text}`),
      );
      expect(await outcome(upRecord)).to.equal("edited");
      expect(request.comments).to.deep.equal([first]);
      expect(only(request)).to.contain(": up");
    });

    it("leaves one when another run creates one at the same time", async () => {
      const request = host.open(branch);
      host.beforeCreate = () => host.say(request, host.self, `${marker}\nanother run's`);
      expect(await outcome(upRecord)).to.equal("created");
      expect(only(request)).to.contain(": up");
    });

    it("goes by the request of the run, and else by the branch", async () => {
      const elsewhere = host.open("other");
      const older = host.open(branch);
      older.state = "closed";
      const request = host.open(branch);
      host.open(branch, fork);
      expect(await outcome(upRecord)).to.equal("created");
      expect(await outcome(goneRecord, ofRequest(folder, request.number))).to.equal("edited");
      expect(await outcome(upRecord, ofRequest(folder, elsewhere.number))).to.equal("edited");
      expect(host.requests.map(({ comments }) => comments.length)).to.deep.equal([0, 0, 1, 0]);
    });

    it("only edits on a request that is closed, whose branch may be gone", async () => {
      const request = host.open(branch);
      request.state = "closed";
      expect(await outcome(upRecord)).to.equal("none");
      host.say(request, host.self, marker);
      expect(await outcome(goneRecord)).to.equal("edited");
      expect(await outcome(failedRecord), "a run that came too late").to.equal("none");
      expect(only(request)).to.contain(": gone");
      expect(await outcome({ ...failedRecord, verb: "destroy" })).to.equal("edited");
    });

    it("says nothing on a request of a fork", async () => {
      const request = host.open(branch, fork);
      expect(await outcome(upRecord, ofRequest(folder, request.number))).to.equal("none");
      expect(await outcome(upRecord)).to.equal("none");
      expect(host.writes).to.deep.equal([]);
    });

    it("says nothing where there is no request yet", async () => {
      const { stdout } = await succeed(upRecord);
      expect(stdout).to.equal('The branch "feature/login" has no pull or merge request.\n');
    });

    it("asks again once when the host is overburdened, after the time that it says", async () => {
      host.open(branch);
      host.failures.push({ status: 502 });
      expect(await outcome(upRecord)).to.equal("created");
      host.restFor(2);
      expect(await outcome(upRecord)).to.equal("unchanged");
    });

    it("ends with 1 when it still is, or will be for long", async () => {
      host.open(branch);
      const busy = { status: 503, headers: { "retry-after": "0" } };
      host.failures.push(busy, busy);
      const twice = await run(upRecord);
      expect(twice.exitCode, twice.output).to.equal(1);
      expect(twice.stderr).to.match(/^error: .* answers GET .* with 503: run the command again/);
      host.failures.push({ status: 429, headers: { "retry-after": "3600" } });
      const long = await run(upRecord);
      expect(long.exitCode, long.output).to.equal(1);
      expect(long.stderr).to.contain("with 429");
    });

    it("ends with 3 when it may not write, and says what is missing", async () => {
      host.open(branch);
      host.mayWrite = false;
      const { exitCode, stderr } = await run(upRecord);
      expect(exitCode, stderr).to.equal(3);
      expect(stderr)
        .to.contain(permission)
        .and.match(/^error: .*\n$/);
    });

    it("ends with 3 when the token is not taken, and does not tell it", async () => {
      host.open(branch);
      const wrong = { GITHUB_TOKEN: "token-other", REVIEW_GITLAB_TOKEN: "token-other" };
      host.failures.push({ status: 401, body: { message: "What is token-other?" } });
      const { exitCode, output } = await run(upRecord, wrong);
      expect(exitCode, output).to.equal(3);
      expect(output).to.contain("What is ***?").and.not.contain("token-other");
    });

    it("sends the token nowhere else", async () => {
      host.open(branch);
      const other = await start();
      try {
        host.failures.push({ status: 302, headers: { location: `${other.origin}/` } });
        const { exitCode, output } = await run(upRecord);
        expect(exitCode, output).to.equal(1);
        expect(other.calls).to.deep.equal([]);
      } finally {
        other.close();
      }
    });

    it("ends with 1 when nobody answers", async () => {
      host.open(branch);
      host.close();
      const { exitCode, stderr } = await run(upRecord);
      expect(exitCode, stderr).to.equal(1);
      expect(stderr).to.contain(`${name} does not answer`).and.contain("ECONNREFUSED");
    });

    it("takes no result of another branch, and none that is not one", async () => {
      host.open(branch);
      for (const [record, fault] of [
        [{ ...upRecord, branch: "other" }, "is that of the branch"],
        [{ verb: "up", branch, exitCode: 0 }, "is no record of a run"],
        [{ ...upRecord, verb: "list" }, "is no record of a run"],
        [[], "is no record of a run"],
      ] as const) {
        const { exitCode, stderr } = await run(record, {}, [branch]);
        expect(exitCode, stderr).to.equal(2);
        expect(stderr).to.contain(fault);
      }
      expect(host.calls).to.deep.equal([]);
    });

    async function run(
      record: object,
      more: NodeJS.ProcessEnv = {},
      args: readonly string[] = [],
    ): Promise<CommandResult> {
      writeFileSync(join(folder, "result.json"), JSON.stringify(record));
      const command = [join(repository, "review/review.js"), "comment", "--result", "result.json"];
      const result = await runCommand(process.execPath, [...command, ...args], {
        cwd: folder,
        env: { PATH: process.env.PATH, HOME: folder, ...host.variables(more) },
      });
      expect(result.output).not.to.contain(host.token);
      return result;
    }

    async function succeed(
      record: object,
      more: NodeJS.ProcessEnv = {},
      args: readonly string[] = [],
    ): Promise<CommandResult> {
      const result = await run(record, more, args);
      expect(result.exitCode, result.output).to.equal(0);
      return result;
    }

    async function outcome(record: object, more: NodeJS.ProcessEnv = {}): Promise<string> {
      const { stdout } = await succeed(record, more, ["--json"]);
      return parsedAs<{ comment: string }>("comment", stdout).comment;
    }

    /** The text of the one comment that the pipeline has there. */
    function only({ comments }: FakeRequest): string {
      const own = comments.filter(({ author }) => author === host.self);
      expect(own).to.have.length(1);
      return own[0]?.body ?? "";
    }
  });
}

describe("`review comment`", function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), "secure-environment-comment-"));

  before(() => {
    writeFileSync(join(folder, "review.yaml"), "project: shop\n");
    writeFileSync(join(folder, "result.json"), JSON.stringify(upRecord));
  });

  after(() => rmSync(folder, { recursive: true }));

  it("says what it needs outside of a pipeline", async () => {
    const { exitCode, stderr } = await run({});
    expect(exitCode, stderr).to.equal(2);
    expect(stderr).to.contain("GitHub Actions or GitLab CI").and.contain("REVIEW_GITLAB_TOKEN");
  });

  it("says all that a run lacks at once", async () => {
    const { exitCode, stderr } = await run({ GITHUB_ACTIONS: "true" });
    expect(exitCode, stderr).to.equal(2);
    expect(stderr).to.match(
      /GITHUB_API_URL.*\n.*GITHUB_REPOSITORY.*\n.*GITHUB_TOKEN.*github.token/,
    );
  });

  it("is content in a job of GitLab without a token that may comment, and says so", async () => {
    const variables = {
      GITLAB_CI: "true",
      CI_API_V4_URL: "http://127.0.0.1:9",
      CI_PROJECT_ID: "7",
    };
    const { exitCode, stdout, output } = await run(variables);
    expect(exitCode, output).to.equal(0);
    expect(stdout).to.match(/^REVIEW_GITLAB_TOKEN is not set: .*\n$/);
  });

  it("says where results come from when there is none", async () => {
    const { exitCode, stderr } = await run({}, "missing.json");
    expect(exitCode, stderr).to.equal(2);
    expect(stderr).to.contain("missing.json (ENOENT)").and.contain("where --result says");
  });

  function run(env: NodeJS.ProcessEnv, file = "result.json"): Promise<CommandResult> {
    const command = join(repository, "review/review.js");
    return runCommand(process.execPath, [command, "comment", "--result", file], {
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: folder, ...env },
    });
  }
});
