import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { runInNewContext } from "node:vm";
import { expect } from "chai";
import {
  configurationKeys,
  configuredEnvironment,
  type SecureEnvironment,
  type SecureEnvironmentArgs,
  stackOutputs,
} from "secure-environment";
import { parse } from "yaml";
import { argumentNames } from "#components/environment/argumentShapes";
import { environmentProblems } from "#components/environment/environmentProblems";
import { stackName } from "#components/core/names";
import { platformShapes } from "#components/platform/platformShapes";

const repository = join(__dirname, "..", "..");
const folder = join(repository, "docs");
const readme = join(repository, "README.md");
const docs = readdirSync(folder).map((name) => join(folder, name));
const ofNoWall = ["platform.md", "reference.md", "threat-model.md"].map((name) =>
  join(folder, name),
);
const walls = docs.filter((page) => !ofNoWall.includes(page));
const pages = [readme, ...docs];
const platformKeys = Object.keys(platformShapes);

const now = "2027-01-01T00:00:00Z";
/** What a program's examples may ask Pulumi for. */
const pulumi = {
  Config: class {
    get = () => now;
  },
};

for (const page of pages) {
  describe(`the page ${nameOf(page)}`, () => {
    for (const link of relativeLinks(page)) {
      it(`leads with ${link} to what exists`, () => {
        const [path = "", anchor] = link.split("#");
        const target = path === "" ? page : join(dirname(page), path);
        expect(existsSync(target), target).to.equal(true);
        if (anchor !== undefined) {
          expect(anchors(target)).to.include(anchor);
        }
      });
    }

    it("sets configuration keys that the program reads", () => {
      const keys = configuredKeys(page).filter((key) => !key.startsWith("kubernetes:"));
      expect([...configurationKeys, ...platformKeys]).to.include.members(keys);
    });

    it("shows programs whose arguments have no problem", () => {
      for (const args of programExamples(page)) {
        const origin = { pulumiProject: "review", stack: stackOf(args) };
        expect(environmentProblems(args, origin)).to.deep.equal([]);
      }
    });
  });
}

for (const page of walls) {
  describe(`the page ${nameOf(page)} about a wall`, () => {
    it("says what the wall stops, what it cannot stop, how to open it and what shows it", () => {
      const headings = read(page).match(/^## .+$/gm);
      expect(headings).to.deep.equal([
        "## What it stops",
        "## What it cannot stop",
        "## Opening it on purpose",
        "## Shown by",
      ]);
    });

    it("is linked by the README", () => {
      expect(relativeLinks(readme)).to.include(nameOf(page));
    });

    it("shows configuration that means what one of its programs means", () => {
      const configured = configurationExamples(page);
      expect(configured).not.to.deep.equal([]);
      expect(programExamples(page)).to.deep.include.members(configured);
    });
  });
}

describe("the page about the platform", () => {
  it("lists every setting, in order", () => {
    const page = join(folder, "platform.md");
    expect(firstCells("setting", page)).to.deep.equal(platformKeys);
  });
});

describe("the README's tables", () => {
  it("list every argument, in order, and every output", () => {
    const given = { branch: "x", url: "x", domain: "x", expiresAt: "x" };
    const outputs = Object.keys(stackOutputs({} as SecureEnvironment, given));
    expect(firstCells("argument")).to.deep.equal(argumentNames);
    expect(firstCells("output")).to.have.members(outputs);
  });
});

function read(page: string): string {
  return readFileSync(page, "utf8");
}

function nameOf(page: string): string {
  return relative(repository, page);
}

function withoutCode(page: string): string {
  return read(page).replace(/^ *```[\s\S]*?^ *```$/gm, "");
}

function blocks(page: string, language: string): string[] {
  const fenced = read(page).matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm);
  return [...fenced].flatMap(([, found, text = ""]) => (found === language ? [text] : []));
}

function relativeLinks(page: string): string[] {
  const links = withoutCode(page).matchAll(/\]\(([^)\s]+)\)/g);
  const targets = [...links].map(([, target = ""]) => target);
  return [...new Set(targets.filter((target) => !/^[a-z]+:/.test(target)))];
}

/** The anchors that GitHub and GitLab give to headings. */
function anchors(page: string): string[] {
  const headings = withoutCode(page).matchAll(/^#+ (.+)$/gm);
  return [...headings].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replace(/\s/g, "-"),
  );
}

function configuredKeys(page: string): string[] {
  const commands = read(page).matchAll(
    /pulumi\s+config\s+set\s+(?:--type\s+\w+\s+|--\S+\s+)*'?([\w:]+)/g,
  );
  return [...commands].map(([, key = ""]) => key);
}

function configurationExamples(page: string): SecureEnvironmentArgs[] {
  const examples = blocks(page, "yaml").map((text) => parse(text) as { config?: object });
  return examples.flatMap(({ config }) => (config === undefined ? [] : [argumentsIn(config)]));
}

/** The arguments as the program takes them from a stack's settings; it refuses what is wrong. */
function argumentsIn(config: object): SecureEnvironmentArgs {
  const entries = Object.entries(config).map(([key, value]: [string, unknown]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  const texts = Object.fromEntries(entries) as Record<string, string>;
  const stack = stackOf({
    branch: texts["review:branch"],
    permanent: texts["review:permanent"] === "true",
  });
  const { args } = configuredEnvironment({
    configuration: { "kubernetes:context": "dev", "review:now": now, ...texts },
    pulumiProject: "review",
    secretKeys: [],
    stack,
  });
  return args;
}

function programExamples(page: string): SecureEnvironmentArgs[] {
  const calls = blocks(page, "ts").flatMap((text) => [
    ...text.matchAll(/new SecureEnvironment\("environment", (\{[\s\S]*?^\})\);/gm),
  ]);
  return calls.map(([, text = ""]) => {
    const args = structuredClone(runInNewContext(`(${text})`, { pulumi })) as SecureEnvironmentArgs;
    return { ...args, now };
  });
}

function stackOf({ branch, permanent }: SecureEnvironmentArgs): string {
  return permanent === true ? "staging" : stackName(branch ?? "login");
}

/** The names in the first column of a page's table with this heading. */
function firstCells(heading: string, page = readme): string[] {
  const table = new RegExp(`^\\| ${heading} .*\\n((?:\\|.*\\n)+)`, "m").exec(read(page))?.[1];
  return [...(table ?? "").matchAll(/^\| `(\w+)`/gm)].map(([, name = ""]) => name);
}
