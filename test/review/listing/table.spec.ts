import { expect } from "chai";
import { type EnvironmentRow } from "#review/listing/environmentRows";
import { tableOf } from "#review/listing/table";

const now = "2027-01-10T00:00:00Z";
const row: EnvironmentRow = {
  state: "up",
  kind: "review",
  project: "shop",
  stack: "review-feature-login-form-x1y2z3",
  fullStack: "organization/shop/review-feature-login-form-x1y2z3",
  namespace: "review-shop-feature-login-form-x1y2z3",
  branch: "feature/login-form",
  owner: "jane.doe",
  createdAt: "2027-01-06T12:00:00Z",
  expiresAt: "2027-01-10T05:30:00Z",
  quota: {
    pods: { used: "3", hard: "20" },
    "requests.cpu": { used: "1250m", hard: "4" },
    "requests.memory": { used: "1536Mi", hard: "8Gi" },
  },
};
const orphan: EnvironmentRow = {
  state: "orphan-stack",
  project: "shop",
  stack: "review-gone",
  fullStack: "organization/shop/review-gone",
};

describe("the table of environments", () => {
  it("has everything where there is room for it", () => {
    const [titles, first] = lines([row]);
    expect(titles?.split(/ {2,}/)).to.deep.equal([
      ...["STATE", "BRANCH", "OWNER", "AGE", "EXPIRES", "PODS", "CPU", "MEMORY"],
      ...["NAMESPACE", "STACK"],
    ]);
    expect(first?.split(/ {2,}/)).to.deep.equal([
      ...["up", "feature/login-form", "jane.doe", "3d", "5h", "3/20", "1.3/4", "1.5/8Gi"],
      ...[row.namespace, row.fullStack],
    ]);
  });

  it("is aligned", () => {
    const [titles, first, second] = lines([row, orphan]);
    for (const [title, cell] of [
      ["BRANCH", "feature/login-form"],
      ["PODS", "3/20"],
      ["STACK", "organization/shop/review-feature"],
    ] as const) {
      expect(first?.indexOf(cell)).to.equal(titles?.indexOf(title));
    }
    expect(second).to.match(/^orphan stack {2}review-gone/);
    expect(second?.indexOf("organization/shop/review-gone")).to.equal(titles?.indexOf("STACK"));
  });

  for (const width of [80, 60, 40, 20, 10]) {
    it(`breaks no line at ${width} columns`, () => {
      const long = { ...row, branch: "x".repeat(200), owner: "y".repeat(63) };
      const widths = lines([row, long, orphan], { width }).map((line) => line.length);
      expect(Math.max(...widths)).to.be.at.most(Math.max(width, "orphan stack".length));
    });
  }

  it("shows state, branch, owner, age, expiry and quota at 80 columns", () => {
    const [titles, first] = lines([row], { width: 80 });
    expect(titles?.split(/ {2,}/).at(-1)).to.equal("MEMORY");
    expect(first).to.contain("feature/login-form").and.contain("jane.doe");
  });

  it("shortens texts before it leaves out what is used of the quota", () => {
    const long = { ...row, branch: "feature/".repeat(10), owner: "y".repeat(40) };
    const [titles, first] = lines([long], { width: 80 });
    expect(titles).to.contain("MEMORY");
    expect(first).to.contain("…");
  });

  it("says that an environment expires now, never, or stays for good", () => {
    const cellOf = (changes: Partial<EnvironmentRow>) => {
      const [titles = "", first = ""] = lines([{ ...row, ...changes }]);
      return first.slice(titles.indexOf("EXPIRES"), titles.indexOf("PODS")).trim();
    };
    expect(cellOf({ expiresAt: now })).to.equal("now");
    expect(cellOf({ expiresAt: undefined })).to.equal("-");
    expect(cellOf({ kind: "permanent" })).to.equal("permanent");
    expect(cellOf({ expiresAt: "2027-01-10T00:01:30Z" })).to.equal("1m");
  });

  it("has what environments cost, now and at most, where the settings have prices", () => {
    const costPerDay = { currency: "EUR", most: 3.1, now: 0.4 };
    const [titles = "", first = "", second = ""] = lines([{ ...row, costPerDay }, orphan]);
    const at = titles.indexOf("PER DAY");
    expect(titles.indexOf("MEMORY")).to.be.lessThan(at);
    expect(first.slice(at, titles.indexOf("NAMESPACE")).trim()).to.equal("0.40/3.10 EUR");
    expect(second.slice(at, titles.indexOf("NAMESPACE")).trim()).to.equal("-");
    expect(lines([row, orphan])[0]).not.to.contain("PER DAY");
  });

  it("colours states on a terminal alone", () => {
    const coloured = tableOf([row, orphan], now, { hasColours: true });
    expect(coloured).to.contain("\u001b[32mup").and.contain("\u001b[31morphan stack");
    expect(tableOf([row], now, { hasColours: false })).not.to.contain("\u001b");
  });

  it("lets no text of a namespace command the terminal", () => {
    const table = tableOf([{ ...row, branch: "a\u001b[2Jb\nc\u202ed" }], now, {
      hasColours: false,
    });
    expect(table).to.contain("a?[2Jb?c?d");
  });
});

function lines(rows: readonly EnvironmentRow[], paper: { readonly width?: number } = {}): string[] {
  return tableOf(rows, now, { hasColours: false, ...paper }).split("\n");
}
