import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { platformConfigurationKeys } from "secure-environment";
import { parse } from "yaml";
import { MockEngine } from "../components/support/mocks";

const folder = join(__dirname, "..", "..", "..", "platform");
const entry = join(folder, "bin", "index.js");

interface Key {
  readonly type: string;
  readonly default: unknown;
  readonly description: string;
}
interface Project {
  readonly main: string;
  readonly runtime: unknown;
  readonly config: Readonly<Record<string, Key>>;
}

const project = parse(readFileSync(join(folder, "Pulumi.yaml"), "utf8")) as Project;
const keys = Object.entries(project.config);

describe("the platform's program", () => {
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

  it("previews a platform and the pipelines' access behind it, without a look at the cluster", async () => {
    const engine = await start({ projects: '[{"name": "shop"}]' });
    await loadProgram()();
    await engine.finished();
    const components = engine.registrations.filter(({ custom }) => !custom);
    expect(components.map(({ type, name }) => [type, name])).to.deep.equal([
      ["secure-environment:index:ReviewPlatform", "platform"],
      ["secure-environment:index:PipelineAccess", "pipelines"],
    ]);
    const policies = engine.resources.filter(({ type }) => type.endsWith("PolicyBinding"));
    expect(engine.resource("pipelines-role").dependsOn).to.include.members(
      policies.map(({ name }) => name),
    );
    expect(engine.resource("pipelines-shop").dependsOn).to.deep.equal(["pipelines-role"]);
  });

  it("means the same with the defaults of Pulumi.yaml and without them", async () => {
    const projects = '[{"name": "shop"}]';
    const defaults = keys.map(([key, { default: value }]) => [key, textOf(value)] as const);
    const [stated, left] = [
      await madeWith({ ...Object.fromEntries(defaults), projects }),
      await madeWith({ projects }),
    ];
    expect(stated).to.deep.equal(left);
  });

  it("refuses faults before anything is created", async () => {
    const engine = await start({ projects: '[{"name": "Shop"}]', domian: "example.com" });
    expect(loadProgram).to.throw(
      /^The platform has 2 problems; nothing was created\.\n {2}- domian: is not a configuration key\. Did you mean `domain`\?\n {2}- projects\[0\]\.name: /,
    );
    await engine.finished();
    expect(engine.registrations).to.deep.equal([]);
  });

  it("refuses a cluster that nobody chose", async () => {
    delete process.env.KUBECONFIG;
    await start({ projects: '[{"name": "shop"}]' });
    expect(loadProgram).to.throw("the current context of ~/.kube/config is never used");
  });
});

describe("the platform's Pulumi.yaml", () => {
  it("runs what was compiled ahead of time", () => {
    expect(project.runtime).to.deep.equal({ name: "nodejs", options: { typescript: false } });
    expect(join(folder, project.main, "index.js")).to.equal(entry);
  });

  it("declares exactly the keys that the program reads", () => {
    expect(Object.keys(project.config)).to.deep.equal(platformConfigurationKeys);
  });

  it("gives each key a type, a default and a description", () => {
    for (const [key, { type, default: value, description }] of keys) {
      expect(type, key).to.be.oneOf(["string", "boolean", "integer", "array", "object"]);
      expect(value, key).not.to.equal(undefined);
      expect(description, key).to.match(/^[A-Z].*\.$/);
    }
  });
});

async function madeWith(configuration: Readonly<Record<string, string>>) {
  const engine = await start(configuration);
  await loadProgram()();
  await engine.finished();
  return engine.resources.toSorted((left, right) => left.name.localeCompare(right.name));
}

async function start(configuration: Readonly<Record<string, string>>): Promise<MockEngine> {
  const engine = await MockEngine.start({ project: "platform", stack: "dev", isPreview: true });
  const own = Object.entries(configuration).map(([key, text]) => [`platform:${key}`, text]);
  pulumi.runtime.setAllConfig(Object.fromEntries(own) as Record<string, string>);
  return engine;
}

/** A program reads its configuration when it is loaded, so every run needs a fresh one. */
function loadProgram(): () => Promise<unknown> {
  const load = createRequire(__filename);
  delete load.cache[entry];
  return load(entry) as () => Promise<unknown>;
}

/** Pulumi hands structured values to a program as JSON. */
function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
