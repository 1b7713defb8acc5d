import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
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
import { parse, parseAllDocuments } from "yaml";
import { argumentNames } from "#components/environment/argumentShapes";
import { judgeEnvironment } from "#components/environment/resolvedEnvironment";
import { stackName } from "#components/core/names";
import { type ReviewPlatformArgs } from "#components/platform/platformArgs";
import { judgePlatform } from "#components/platform/judgePlatform";
import { platformShapes } from "#components/platform/platformShapes";
import { exitCodes } from "#review/exitCodes";
import { reapReasons } from "#review/reap/reasons";
import { environmentStates } from "#review/listing/environmentRows";
import { readSettings } from "#review/settings/reviewSettings";
import { signInOf } from "#review/settings/signIn";

const repository = join(__dirname, "..", "..");
const folder = join(repository, "docs");
const readme = join(repository, "README.md");
const architecture = join(repository, "ARCHITECTURE.md");
const forContributors = [architecture, join(repository, "CONTRIBUTING.md")];
const docs = readdirSync(folder).map((name) => join(folder, name));
const reference = join(folder, "reference.md");
const ofNoWall = [
  "charts.md",
  "day-two.md",
  "github.md",
  "gitlab.md",
  "hosts.md",
  "platform.md",
  "reference.md",
  "review.md",
  "sign-in.md",
  "threat-model.md",
  "use.md",
].map((name) => join(folder, name));
const walls = docs.filter((page) => !ofNoWall.includes(page));
const ofRooms = ["ci", "isolation", "policy", "sandbox"].map((room) =>
  join(repository, room, "README.md"),
);
const pages = [readme, ...forContributors, join(repository, "SECURITY.md"), ...docs, ...ofRooms];
const { scripts } = JSON.parse(read(join(repository, "package.json"))) as { scripts: object };
const platformKeys = Object.keys(platformShapes);
const { config: applicationKeys } = parse(
  read(join(repository, "examples/application/Pulumi.yaml")),
) as { config: object };

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
      expect([
        ...configurationKeys,
        ...platformKeys,
        ...Object.keys(applicationKeys),
      ]).to.include.members(keys);
    });

    it("runs scripts that package.json has", () => {
      expect(scripts).to.include.all.keys(["test", ...runScripts(page)]);
    });

    it("shows programs whose arguments have no problem", () => {
      for (const args of programExamples(page)) {
        const origin = { pulumiProject: "review", stack: stackOf(args) };
        expect(judgeEnvironment(args, origin).problems).to.deep.equal([]);
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

describe("the README", () => {
  it("has at most 120 lines", () => {
    expect(read(readme).trimEnd().split("\n").length).to.be.at.most(120);
  });

  it("leads to every page", () => {
    const others = pages.filter((page) => page !== readme).map(nameOf);
    expect(relativeLinks(readme)).to.include.members(others);
  });
});

for (const page of forContributors) {
  describe(`the page ${nameOf(page)}`, () => {
    it("names paths that exist", () => {
      const paths = namedPaths(page);
      expect(paths).not.to.deep.equal([]);
      expect(paths.filter((path) => !existsSync(join(repository, path)))).to.deep.equal([]);
    });
  });
}

describe("the page about the architecture", () => {
  it("has every room and every floor in its tables", () => {
    const { workspaces } = JSON.parse(read(join(repository, "package.json"))) as {
      workspaces: string[];
    };
    const rooms = [...workspaces.filter((room) => !room.includes("*")), "bench", "ci", "docs"];
    const named = namedPaths(architecture).map((path) => path.replace(/\/$/, ""));
    expect(named).to.include.members([...rooms, "examples", "test"]);
    expect(named).to.include.members(foldersOf("components").map((name) => `components/${name}`));
  });
});

describe("the page about the platform", () => {
  it("lists every setting, in order", () => {
    const page = join(folder, "platform.md");
    expect(firstCells("setting", page)).to.deep.equal(platformKeys);
  });
});

describe("the page about the command", () => {
  const page = join(folder, "review.md");

  it("shows settings without a fault", () => {
    const lent = mkdtempSync(join(tmpdir(), "secure-environment-settings-"));
    try {
      const [settings = ""] = blocks(page, "yaml");
      writeFileSync(join(lent, "review.yaml"), settings);
      expect(readSettings(lent)).to.include({ project: "shop", lifetime: "7d" });
    } finally {
      rmSync(lent, { recursive: true });
    }
  });

  it("lists every exit code, every state of an environment, and every reason to remove it", () => {
    const text = read(page);
    const codes = [...text.matchAll(/^\| (\d+) +\|/gm)].map(([, code]) => Number(code));
    expect(codes).to.deep.equal(Object.values(exitCodes));
    const rowsOf = (section: string) => {
      const [, , content = ""] = new RegExp(`^(## ${section})$(.*?)^## `, "ms").exec(text) ?? [];
      return [...content.matchAll(/^\| `([a-z -]+)` +\|/gm)].map(([, row]) => row);
    };
    const states = environmentStates.map((state) => state.replace("-", " "));
    expect(rowsOf("List")).to.deep.equal(states);
    expect(rowsOf("Reap")).to.deep.equal(reapReasons);
  });
});

describe("the page about signing in", () => {
  it("shows settings without a fault, for whom the API server's rules are", () => {
    const page = join(folder, "sign-in.md");
    const [settings = {}, ...others] = blocks(page, "yaml").map((text) => parse(text) as object);
    const { signIn } = settings as { signIn: Record<string, string> };
    const { faults } = signInOf({ ...signIn, certificateAuthority: undefined });
    expect(faults).to.deep.equal([]);
    const audiences = others.flatMap(audiencesIn);
    expect(audiences).to.have.length(3);
    expect(new Set(audiences)).to.deep.equal(new Set([signIn.audience]));
  });
});

describe("the page about hosts", () => {
  const configured = configurationsIn(read(join(folder, "hosts.md")));
  const about = (program: string) =>
    configured.filter((config) => Object.keys(config).every((key) => key.startsWith(program)));

  it("shows environments without a problem, each with a hole for whoever calls", () => {
    const environments = about("review:").map(argumentsIn);
    expect(environments.map(({ holes = [] }) => holes.map(({ name }) => name))).to.deep.equal([
      ["web"],
      ["web", "certificate"],
    ]);
  });

  it("shows a platform without a problem", () => {
    const [settings, ...others] = about("platform:");
    expect(others).to.deep.equal([]);
    const entries = Object.entries(settings ?? {}).map(([key, value]) => [
      key.replace("platform:", ""),
      value as unknown,
    ]);
    const args = { projects: [{ name: "shop" }], ...Object.fromEntries(entries) };
    expect(judgePlatform(args as ReviewPlatformArgs).problems).to.deep.equal([]);
    expect(args).to.include.all.keys("operators", "ingressAnnotations");
  });
});

describe("the reference", () => {
  it("lists every argument, in order, and every output", () => {
    const given = { branch: "x", url: "x", domain: "x", expiresAt: "x" };
    const outputs = Object.keys(stackOutputs({} as SecureEnvironment, given));
    expect(listedBelow("Arguments of SecureEnvironment")).to.deep.equal(argumentNames);
    expect(listedBelow("Outputs of SecureEnvironment")).to.have.members(outputs);
  });
});

/** Whom tokens are for that an AuthenticationConfiguration takes; none of another document. */
function audiencesIn(document: object): readonly string[] {
  const { jwt = [] } = document as {
    jwt?: readonly { readonly issuer: { readonly audiences: readonly string[] } }[];
  };
  return jwt.flatMap(({ issuer }) => issuer.audiences);
}

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

/** The scripts that a page runs by `npm run`. */
function runScripts(page: string): string[] {
  const commands = read(page).matchAll(/npm run (?:--silent )?([\w:]+)/g);
  return [...commands].map(([, name = ""]) => name);
}

/** What stands in backticks and looks like a path of the repository; a pattern or a package does not. */
function namedPaths(page: string): string[] {
  const texts = [...withoutCode(page).matchAll(/`([^`\n]+)`/g)].map(([, text = ""]) => text);
  const paths = texts.filter(
    (text) =>
      /^\.?\w[\w.-]*(\/[\w.-]+)*\/?$/.test(text) &&
      !text.startsWith("secure-environment") &&
      (text.includes("/") || /\.(ts|js|mjs|json|ya?ml|md|sh)$/.test(text)),
  );
  return [...paths, ...texts.flatMap(sourcesRun)];
}

/** The sources of what a command runs: they are there before a build, and no longer after a move. */
function sourcesRun(command: string): string[] {
  const built = command.matchAll(/\bbin\/(\S+)\.js\b/g);
  return [...built].map(([, path]) => `${path}.ts`);
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

/** The settings in the blocks of a page, also where they are part of a list. */
function configurationsIn(page: string): object[] {
  return [...page.matchAll(/^( *)```yaml\n(.*?)^ *```$/gms)]
    .flatMap(([, indent = "", text = ""]) =>
      parseAllDocuments(text.replaceAll(new RegExp(`^${indent}`, "gm"), "")),
    )
    .map((document) => (document.toJS() as { config?: object }).config)
    .filter((config) => config !== undefined);
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

/** The folders of a room that hold something of it. */
function foldersOf(room: string): string[] {
  return readdirSync(join(repository, room), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !["bin", "node_modules"].includes(entry.name))
    .map(({ name }) => name);
}

/** The names that the reference lists below a heading. */
function listedBelow(heading: string): string[] {
  const [, section = ""] = read(reference).split(`### ${heading}\n`);
  const [list = ""] = section.split(/^#+ /m);
  return [...list.matchAll(/^- \*\*`(\w+)`/gm)].map(([, name = ""]) => name);
}

/** The names in the first column of a page's table with this heading. */
function firstCells(heading: string, page: string): string[] {
  const table = new RegExp(`^\\| ${heading} .*\\n((?:\\|.*\\n)+)`, "m").exec(read(page))?.[1];
  return [...(table ?? "").matchAll(/^\| `(\w+)`/gm)].map(([, name = ""]) => name);
}
