import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { configurationKeys } from "secure-environment";
import { parse } from "yaml";
import { sizeQuota } from "#components/core/sizes";
import { FakeApiServer } from "./kubernetes/support/fakeApiServer";
import { MockEngine, type MockRun, type Registration, valueOf } from "./components/support/mocks";

const repository = join(__dirname, "..", "..");
const program = join(repository, "bin", "index.js");
const kubeconfig = "apiVersion: v1\nusers: [{ user: { token: hunter2 } }]";

interface Key {
  readonly type?: string;
  readonly default?: unknown;
  readonly description?: string;
}
interface Project {
  readonly name: string;
  readonly main: string;
  readonly runtime: unknown;
  readonly config: Readonly<Record<string, Key>>;
}
type Configuration = Readonly<Record<string, string>>;
type Exports = Readonly<Record<string, pulumi.Output<unknown>>>;
type Program = () => Promise<Exports>;

const project = parse(readFileSync(join(repository, "Pulumi.yaml"), "utf8")) as Project;
const keys = Object.entries(project.config);

describe("the program", () => {
  const { KUBECONFIG } = process.env;

  beforeEach(() => {
    process.env.KUBECONFIG = __filename;
  });

  afterEach(() => {
    if (KUBECONFIG === undefined) {
      delete process.env.KUBECONFIG;
    } else {
      process.env.KUBECONFIG = KUBECONFIG;
    }
  });

  it("builds one environment of the stack and nothing else", async () => {
    const { engine } = await run({});
    const components = engine.registrations.filter(({ custom }) => !custom);
    expect(components.map(({ type, name, parent }) => [type, name, parent])).to.deep.equal([
      ["secure-environment:index:SecureEnvironment", "environment", undefined],
    ]);
    expect(engine.resources.filter(({ parent }) => parent !== "environment")).to.deep.equal([]);
    expect(namespaceOf(engine)).to.deep.include({ name: "review-login" });
  });

  it("exports what stands", async () => {
    const { exports } = await run({
      branch: "login",
      url: "https://login.example.com/",
      expiresAt: "2027-01-31T18:00:00Z",
      project: "shop",
      domain: "review.example.com",
      quota: '{"pods": 3}',
    });
    expect(await valuesOf(exports)).to.deep.equal({
      namespaceName: "review-shop-login",
      stackName: "review-login",
      branch: "login",
      url: "https://login.example.com/",
      expiresAt: "2027-01-31T18:00:00Z",
      developerRoleName: "developer",
      deployerServiceAccountName: "deployer",
      hostSuffix: "review-shop-login.review.example.com",
      holes: [],
      quota: { ...sizeQuota(), pods: "3" },
    });
  });

  it("exports nothing that has no value, of which Pulumi would warn in every run", async () => {
    const { exports } = await run({});
    const values = Object.entries(await valuesOf(exports));
    expect(values.filter(([, value]) => value === undefined || value === null)).to.deep.equal([]);
    expect(Object.keys(exports)).to.deep.equal(values.map(([name]) => name));
  });

  it("tells by the clock what has expired, where it is told no instant", async () => {
    const expiresAt = "2020-01-31T18:00:00Z";
    const hole = { name: "old", direction: "ingress", peer: "monitoring", ports: [{ port: 80 }] };
    const holes = JSON.stringify([{ ...hole, reason: "a test", expiresAt }]);
    const { engine, exports, warned } = await run({ holes, expiresAt });
    const [status] = (await valuesOf(exports)).holes as readonly { readonly state: string }[];
    expect(status?.state).to.equal("expired");
    expect(warned.join("\n"))
      .to.contain(`The environment expired at ${expiresAt}, so it may be removed at any time.`)
      .and.to.contain(`The hole old expired at ${expiresAt} and is left out.`);
    const [environment] = engine.registrations.filter(({ custom }) => !custom);
    expect(environment?.inputs, "which would differ in every run").not.to.have.property("now");
  });

  it("goes by the instant that it is told", async () => {
    const expiresAt = "2020-01-31T18:00:00Z";
    const { warned } = await run({ now: "2020-01-31T17:59:59Z", expiresAt });
    expect(warned).to.deep.equal([]);
  });

  it("takes its branch from nowhere but its configuration", async () => {
    const { exports } = await run({}, { stack: "review-other" });
    const { branch, namespaceName } = await valuesOf(exports);
    expect({ branch, namespaceName }).to.deep.equal({
      branch: undefined,
      namespaceName: "review-other",
    });
  });

  it("judges the branch by the stack that is selected", async () => {
    const { exports } = await run({ branch: "other" }, { stack: "review-other" });
    expect(await valuesOf(exports)).to.deep.include({ branch: "other", stackName: "review-other" });
  });

  it("refuses faults before anything is created, without what a kubeconfig holds", async () => {
    const engine = await start({ brnach: "x", owner: "Jane Doe" }, {});
    pulumi.runtime.setConfig("kubernetes:kubeconfig", kubeconfig);
    let refusal: unknown;
    try {
      loadProgram();
    } catch (error) {
      refusal = error;
    }
    await engine.finished();
    expect(pulumi.RunError.isInstance(refusal), "shown without a stack trace").to.equal(true);
    const { message } = refusal as Error;
    expect(message).to.contain("  - brnach: is not a configuration key. Did you mean `branch`?");
    expect(message).to.contain('  - owner: cannot be the value of a label (found "Jane Doe").');
    expect(message).not.to.match(/apiVersion|hunter2/);
    expect(engine.registrations).to.deep.equal([]);
  });

  it("means the same with the defaults of Pulumi.yaml and without them", async () => {
    const defaults = Object.fromEntries(keys.map(([key, value]) => [key, textOf(value.default)]));
    const stated = await run(defaults);
    const left = await run({});
    expect(made(stated.engine)).to.deep.equal(made(left.engine));
    expect(await valuesOf(stated.exports)).to.deep.equal(await valuesOf(left.exports));
  });

  it("says which cluster it is about to touch", async () => {
    const { said } = await run({});
    expect(said).to.deep.equal([
      `info: [runtime] The cluster of this run: the current context of KUBECONFIG=${__filename}`,
    ]);
  });

  it("refuses a cluster that nobody chose", async () => {
    delete process.env.KUBECONFIG;
    await start({}, {});
    expect(loadProgram).to.throw("the current context of ~/.kube/config is never used");
  });

  describe("before it creates anything", () => {
    let server: FakeApiServer;

    beforeEach(async () => {
      server = await FakeApiServer.start();
      process.env.KUBECONFIG = server.kubeconfigFile();
    });

    afterEach(() => server.stop());

    it("looks once at its namespace, and builds it where there is none", async () => {
      const { engine } = await run({ project: "shop" }, { isPreview: false });
      expect(server.requests.map(({ method, url }) => [method, url])).to.deep.equal([
        ["GET", "/api/v1/namespaces/review-shop-login"],
      ]);
      expect(namespaceOf(engine)).to.deep.include({ name: "review-shop-login" });
    });

    it("asks no cluster in a preview", async () => {
      await run({}, { isPreview: true });
      expect(server.requests).to.deep.equal([]);
    });

    it("asks once for the state of its own stack, in a preview too", async () => {
      for (const isPreview of [true, false]) {
        const { engine } = await run({}, { isPreview });
        expect(engine.calls).to.deep.equal([
          {
            token: "pulumi:pulumi:readStackResourceOutputs",
            inputs: { stackName: "organization/review/review-login" },
          },
        ]);
      }
    });

    it("looks at nothing where its namespace gets a name that nobody has", async () => {
      const { engine } = await run({ uniqueSuffix: "true" }, { isPreview: false });
      expect(server.requests).to.deep.equal([]);
      expect(namespaceOf(engine)).to.deep.include({ name: "review-login-x1y2z3" });
    });

    it("goes on with a namespace that is its own", async () => {
      const { engine: first } = await run({}, { isPreview: true });
      const { labels } = namespaceOf(first) as { labels: object };
      server.answer = found({ labels, uid: "u-1" });
      const { engine } = await run({}, { isPreview: false, state: stateWith({ labels }) });
      expect(made(engine)).to.deep.equal(made(first));
    });

    it("stops where the state of its stack cannot be read", async () => {
      expect(await refusalOf({}, { state: "unreadable" })).to.match(
        /stack: has a state that could not be read: .*the state cannot be read/,
      );
      expect(server.requests).to.deep.equal([]);
    });

    it("stops at one that says it is its own and that its state does not have", async () => {
      const { engine: first } = await run({}, { isPreview: true });
      server.answer = found({ ...(namespaceOf(first) as object), uid: "u-1" });
      expect(await refusalOf({})).to.contain("names this stack, whose state does not have it");
    });

    it("looks at the one with a suffix once its state has it, which stays", async () => {
      const { engine: first } = await run({}, { isPreview: true });
      const { labels } = namespaceOf(first) as { labels: object };
      const name = "review-login-x1y2z3";
      const state = stateWith({ labels, name });
      const deletionTimestamp = "2026-11-01T08:00:00Z";
      server.answer = found({ labels, name, uid: "u-1", deletionTimestamp });
      expect(await refusalOf({ uniqueSuffix: "true" }, { state })).to.contain(
        `is this stack's and is being deleted since ${deletionTimestamp}`,
      );
      expect(server.requests.map(({ url }) => url)).to.deep.equal([`/api/v1/namespaces/${name}`]);
    });

    for (const isPreview of [true, false]) {
      it(`replaces nothing that stands and that it does not name${isPreview ? ", and says so in a preview" : ""}`, async () => {
        const { engine: first } = await run({ project: "shop" }, { isPreview: true });
        const metadata = namespaceOf(first) as { name: string; labels: object };
        const state = stateWith(metadata);
        const refusal = await refusalOf({ project: "blog" }, { state, isPreview });
        expect(refusal).to.contain("this run would delete it with everything in it");
        expect(server.requests).to.deep.equal([]);

        const replacing = { project: "blog", replaceNamespace: metadata.name };
        const { engine } = await run(replacing, { state, isPreview });
        expect(namespaceOf(engine)).to.deep.include({ name: "review-blog-login" });
      });
    }

    it("stops at a namespace of somebody else, without a stack trace", async () => {
      server.answer = found({ labels: { team: "others" } });
      expect(await refusalOf({})).to.match(
        /^The namespace has 1 problem; nothing was created\.\n {2}- namespace: exists since /,
      );
    });

    async function refusalOf(configuration: Configuration, options: MockRun = {}): Promise<string> {
      const engine = await start(configuration, { isPreview: false, ...options });
      const refusal = await loadProgram()().catch((error: unknown) => error);
      await engine.finished();
      expect(pulumi.RunError.isInstance(refusal), "shown without a stack trace").to.equal(true);
      expect(engine.registrations).to.deep.equal([]);
      return (refusal as Error).message;
    }

    function found(metadata: object) {
      const body = { kind: "Namespace", metadata: { name: "review-login", ...metadata } };
      return { status: 200, body };
    }

    function stateWith(metadata: object): Readonly<Record<string, unknown>> {
      const outputs = { metadata: { name: "review-login", uid: "u-1", ...metadata } };
      return { "urn:namespace": { type: "kubernetes:core/v1:Namespace", outputs } };
    }
  });
});

describe("Pulumi.yaml", () => {
  it("runs what was compiled ahead of time", () => {
    expect(project.runtime).to.deep.equal({ name: "nodejs", options: { typescript: false } });
    expect(join(repository, project.main, "index.js")).to.equal(program);
  });

  it("declares exactly the keys that the program reads", () => {
    expect(Object.keys(project.config)).to.deep.equal(configurationKeys);
  });

  for (const [key, { type, default: value, description }] of keys) {
    it(`gives ${key} a type, a default of this type and a description, so it is never mandatory`, () => {
      expect(type).to.be.oneOf(["string", "boolean", "array", "object"]);
      expect(kindOf(value)).to.equal(type);
      expect(description).to.match(/^[A-Z].*\.$/);
    });
  }
});

/** A preview unless it is said: the program then looks at no cluster. */
async function run(configuration: Configuration, options: MockRun = {}) {
  const engine = await start(configuration, { isPreview: true, ...options });
  const said: string[] = [];
  const warned: string[] = [];
  const { log, warn } = console;
  console.log = (text: string) => said.push(text);
  console.warn = (text: string) => warned.push(text);
  try {
    const exports = await loadProgram()();
    await engine.finished();
    return { engine, said, warned, exports };
  } finally {
    Object.assign(console, { log, warn });
    await engine.finished();
  }
}

async function start(configuration: Configuration, options: MockRun): Promise<MockEngine> {
  const engine = await MockEngine.start({ project: project.name, ...options });
  const own = Object.entries(configuration);
  pulumi.runtime.setAllConfig(
    Object.fromEntries(own.map(([key, text]) => [`${project.name}:${key}`, text])),
  );
  return engine;
}

/** A program does its work when it is loaded, so every run needs a fresh one. */
function loadProgram(): Program {
  const load = createRequire(__filename);
  delete load.cache[program];
  return load(program) as Program;
}

async function valuesOf(exports: Exports): Promise<Readonly<Record<string, unknown>>> {
  const entries = Object.entries(exports).map(async ([name, output]) => [
    name,
    await valueOf(output),
  ]);
  return Object.fromEntries(await Promise.all(entries)) as Record<string, unknown>;
}

function namespaceOf(engine: MockEngine): unknown {
  return engine.resource("environment").inputs.metadata;
}

/** What providers are asked to make, by name. */
function made(engine: MockEngine): Registration[] {
  return engine.resources.toSorted((left, right) => left.name.localeCompare(right.name));
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? "array" : typeof value;
}

/** Pulumi hands structured values to a program as JSON. */
function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
