import { expect } from "chai";
import fc from "fast-check";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { type CommentFacts, commentText, longestComment, markerOf } from "#review/host/commentText";
import { propertyRuns } from "../../support/propertyRuns";
import { hostileText } from "./support/hostileText";

const facts: CommentFacts = {
  project: "shop",
  stack: "review-login",
  branch: "login",
  state: "up",
  lines: [],
  url: "https://login.example.com/",
  namespace: "review-shop-login",
  openings: [
    {
      name: "database",
      direction: "egress",
      peer: "10.1.0.0/24",
      ports: ["5432/TCP"],
      reason: "the shared one",
      expiresAt: "2027-01-31T18:00:00Z",
    },
  ],
  warnings: ["the quota is small"],
  end: { afterLastUp: "7d" },
};

describe("the comment on an environment", () => {
  it("says of one that is up where it is, what is open, when it ends, and how to get in", () => {
    expect(withoutMarker(facts)).to.equal(
      [
        "### Review environment of `login` in `shop`: up",
        "",
        "- URL: <https://login.example.com/>",
        "- Namespace: `review-shop-login`",
        "- Ends: `7d` after its last run",
        "- Openings:",
        "  - `database`, `egress`, `10.1.0.0/24`, `5432/TCP`, until `2027-01-31T18:00:00Z`: `the shared one`",
        "- Warning: `the quota is small`",
        "",
        "`review kubeconfig login` lets you in, and `review open login` says where it answers.",
      ].join("\n"),
    );
  });

  it("says what one that is up costs at most, where that is known", () => {
    const lines = withoutMarker({ ...facts, mostPerDay: "3.12 EUR" }).split("\n");
    expect(lines[lines.indexOf("- Ends: `7d` after its last run") + 1]).to.equal(
      "- Costs: at most `3.12 EUR` a day",
    );
    expect(withoutMarker(facts)).not.to.contain("Costs");
  });

  it("says of one that is refused why, and where the run is", () => {
    const runUrl = "https://github.com/acme/shop/actions/runs/1";
    const lines = ["policy environment-expires: no end", "review-login is not up."];
    expect(withoutMarker({ ...facts, state: "refused", lines, runUrl })).to.equal(
      [
        "### Review environment of `login` in `shop`: refused",
        "",
        "The policy pack objects:",
        "",
        "- `policy environment-expires: no end`",
        "- `review-login is not up.`",
        "",
        `The run: <${runUrl}>`,
      ].join("\n"),
    );
  });

  it("tells the run apart from the state, which another run may find the same", () => {
    const failed = { ...facts, state: "failed" as const, lines: ["It broke."] };
    const [one, other] = ["1", "2"].map((run) =>
      commentText({ ...failed, runUrl: `https://example.com/${run}` }),
    );
    expect(one?.fingerprint).to.equal(other?.fingerprint);
    expect(one?.body).not.to.equal(other?.body);
  });

  it("has another fingerprint for each thing that it tells", () => {
    const changes: readonly Partial<CommentFacts>[] = [
      {},
      { state: "failed" },
      { state: "gone" },
      { state: "none", lines: ["why"] },
      { url: undefined },
      { namespace: "other" },
      { end: { at: "2027-01-31T18:00:00Z" } },
      { end: undefined },
      { openings: [] },
      { warnings: [] },
      { branch: "other" },
    ];
    const all = changes.map((change) => commentText({ ...facts, ...change }).fingerprint);
    expect(new Set(all).size).to.equal(all.length);
  });

  it("has a first line by which it is known", () => {
    const { body, environment, fingerprint } = commentText(facts);
    expect(environment).to.equal("shop/review-login");
    expect(markerOf(body)).to.deep.equal({ environment, fingerprint });
    expect(markerOf(body.replaceAll("\n", "\r\n"))).to.deep.equal({ environment, fingerprint });
    expect(markerOf(` ${body}`)).to.equal(undefined);
    expect(markerOf(`hello\n${body}`)).to.equal(undefined);
  });

  it("has commands that a shell takes as they are meant, or none that could be copied", () => {
    const command = (branch: string) =>
      /review up.*/.exec(withoutMarker({ ...facts, state: "gone", branch }))?.[0];
    expect(command("feature/login")).to.match(/^review up feature\/login`/);
    expect(command("-x")).to.match(/^review up -- '-x'`/);
    expect(command("a'$(id)")).to.match(/^review up -- 'a'\\''\$\(id\)'`/);
    expect(command("a\u202eb")).to.match(/^review up BRANCH`/);
    expect(command("x".repeat(400))).to.match(/^review up BRANCH`/);
  });

  it("has the same shape whatever the texts in it are, and is never too long", () => {
    fc.assert(
      fc.property(
        hostileText,
        hostileText,
        fc.array(hostileText, { maxLength: 30 }),
        fc.constantFrom("up", "failed", "refused", "gone", "none"),
        (branch, text, lines, state) => {
          const given = shaped({ state, branch, text, lines, namespace: text });
          const plain = shaped({
            state,
            branch: "plain",
            text: "plain",
            lines: lines.map(() => "plain"),
            namespace: "plain",
          });
          const { body } = commentText(given);
          expect(shapeOf(body)).to.equal(shapeOf(commentText(plain).body));
          expect(body.length).to.be.at.most(longestComment);
          // GitLab looks for quick actions at the beginning of lines.
          expect(body).not.to.match(/^\s*\//m);
        },
      ),
      { numRuns: propertyRuns(200) },
    );
  });

  it("is never too long", () => {
    const text = "`".repeat(100_000);
    const lines = Array.from({ length: 1_000 }, () => text);
    for (const state of ["up", "failed", "refused", "none"] as const) {
      const url = `https://example.com/${text}`;
      const long = { ...shaped({ state, branch: text, text, lines, namespace: text }), url };
      const { body } = commentText({ ...long, runUrl: url });
      expect(body.length).to.be.at.most(longestComment);
      expect(body).to.contain("- and 980 more");
    }
  });
});

function withoutMarker(given: CommentFacts): string {
  return commentText(given).body.replace(/^.*\n/, "");
}

function shaped(given: {
  readonly state: CommentFacts["state"];
  readonly branch: string;
  readonly text: string;
  readonly lines: readonly string[];
  readonly namespace: string;
}): CommentFacts {
  const { text, lines, ...rest } = given;
  const opening = { name: text, direction: text, peer: text, ports: [text, text], reason: text };
  return {
    ...facts,
    ...rest,
    lines,
    warnings: lines,
    openings: lines.map(() => ({ ...opening, expiresAt: text })),
    end: { at: text },
  };
}

/** What Markdown makes of it, without the texts that are shown as code, and the marker. */
function shapeOf(body: string): string {
  const html = micromark(body, {
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
    allowDangerousHtml: true,
  });
  return html.replace(/<code>[^<]*<\/code>/g, "<code>").replace(/ [0-9a-f]{32} -->/, " -->");
}
