import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { Ajv2020 } from "ajv/dist/2020";
import { expect } from "chai";
import { type Sandbox } from "secure-environment-sandbox";
import { stringify } from "yaml";
import { StateBackend } from "../ci/support/stateBackend";
import { FakeApiServer } from "../kubernetes/support/fakeApiServer";
import { analyzedEnvironment } from "../policy/support/analyzedEnvironment";
import { type AnalyzedResource } from "../policy/support/policyAnalyzer";
import { disguised } from "../policy/support/rawProgram";
import { type CommandResult, runCommand } from "../support/command";
import { sharedSandbox } from "../support/sandbox";

const repository = resolve(__dirname, "../../..");
const created = "2026-11-01T08:00:00Z";

/** Stacks that are compared with the cluster, and that no policy judges. */
const unjudged = { project: "shop", policies: { all: "disabled" } };

interface Metadata {
  readonly name: string;
  readonly labels: object;
  readonly uid?: string;
  readonly deletionTimestamp?: string;
}

interface Swept {
  readonly judged: readonly string[];
  readonly refused: readonly { readonly stack: string; readonly violations: readonly string[] }[];
  readonly faults: readonly string[];
}

describe("a sweep", function () {
  this.timeout(180_000);
  const folder = mkdtempSync(join(tmpdir(), "secure-environment-sweep-"));
  const scratch = join(folder, "tmp");
  let sandbox: Sandbox;
  let server: FakeApiServer;

  before(async () => {
    sandbox = await sharedSandbox();
    mkdirSync(scratch);
  });

  after(() => rmSync(folder, { recursive: true }));

  beforeEach(async () => {
    server = await FakeApiServer.start();
  });

  afterEach(() => server.stop());

  describe("that judges", () => {
    let backend: StateBackend;

    before(async () => {
      backend = new StateBackend(sandbox);
      await backend.makeStack("review", "review-login", await environment("review-login"));
      await backend.makeStack("review", "review-refused", [
        ...(await environment("review-refused")),
        inNamespace(withPassword(disguised), "review-refused"),
      ]);
      await backend.makeStack("review", "staging", await permanentEnvironment("staging"));
      await backend.makeStack("blog", "review-b");
    });

    after(() => backend.remove());

    beforeEach(() => stand([own("review-login"), own("review-refused")]));

    it("has nothing against what keeps the policies of the settings, and writes nothing", async () => {
      const before = contentsOf(backend.folder);
      const policies = { "types-are-true": "disabled" };
      const settings = { project: "review", permanent: ["staging"], policies };
      const { exitCode, stdout, output } = await sweep(settings);
      expect(exitCode, output).to.equal(0);
      expect(stdout).to.equal(
        "The policy pack refuses none of 3 stacks, and each has its namespace.\n",
      );
      expect(contentsOf(backend.folder)).to.deep.equal(before);
      expect(server.requests.map(({ method }) => method)).to.deep.equal(["GET"]);
      expect(readdirSync(scratch)).to.deep.equal([]);
    });

    it("says of a stack that is refused what is wrong with it, nothing of its secrets, and judges the others", async () => {
      const { exitCode, stdout, output } = await sweep({
        project: "review",
        permanent: ["staging"],
      });
      expect(exitCode, output).to.equal(1);
      const [first, second, third, ...others] = stdout.trimEnd().split("\n");
      expect(first).to.equal("Stack organization/review/review-refused is refused:");
      expect(second).to.match(/^ {2}policy types-are-true: /);
      expect(third).to.match(/^ {2}ConfigMap disguised: kind is not what/);
      others.forEach((line) => expect(line).to.match(/^ {2}/));
      expect(output).not.to.contain("hunter2");
      expect(output).to.contain("error: Not all is as it must be; see above.");
      expect(readdirSync(scratch)).to.deep.equal([]);
    });

    it("says the same as JSON", async () => {
      const { judged, refused, faults } = await sweptJson({
        project: "review",
        permanent: ["staging"],
      });
      expect(judged).to.deep.equal(["review-login", "review-refused", "staging"].map(inReview));
      expect(refused.map(({ stack }) => stack)).to.deep.equal([inReview("review-refused")]);
      expect(faults).to.deep.equal([]);
    });

    for (const [how, permanent, refused] of [
      [
        "not by a part of its name, and not of another project",
        ["stag", "staging-2", "organization/shop/staging"],
        ["review-refused", "staging"],
      ],
      [
        "by its full name, also when it is none",
        [inReview("staging"), "review-login"],
        ["review-login", "review-refused"],
      ],
    ] as const) {
      it(`judges a stack as one that stays where the settings name it: ${how}`, async () => {
        const found = await sweptJson({ project: "review", permanent });
        expect(found.refused.map(({ stack }) => stack)).to.deep.equal(refused.map(inReview));
      });
    }

    it("refuses what breaks a rule in a stack that stays too", async () => {
      const { refused } = await sweptJson({
        project: "review",
        permanent: ["staging", "review-refused"],
      });
      expect(violationsOf(refused, "review-refused")).to.match(/^policy types-are-true: /m);
    });

    it("looks at stacks of other projects only when it is told to", async () => {
      const { judged } = await sweptJson(
        { project: "review", permanent: ["staging"] },
        {},
        "--all",
      );
      expect(judged).to.include("organization/blog/review-b");
    });

    it("tells of a stack that cannot be read, judges the others, and looks for no namespace without a stack", async () => {
      stand([own("review-login"), own("review-refused"), own("review-left")]);
      const PATH = pathWithPulumiThatFails("review-login", 1);
      const settings = { project: "review", permanent: ["staging"] };
      const { judged, refused, faults } = await sweptJson(settings, { PATH });
      expect(judged).to.deep.equal(["review-refused", "staging"].map(inReview));
      expect(refused).to.have.length(1);
      expect(faults).to.have.length(2);
      expect(faults[0]).to.match(
        /^Stack organization\/review\/review-login: its state could not be read/,
      );
      expect(faults[1]).to.contain("were not looked for");
    });

    it("has nothing to say of a stack that is destroyed meanwhile, but of the namespace that it leaves", async () => {
      const PATH = pathWithPulumiThatFails("review-login", 6);
      const settings = { project: "review", permanent: ["staging"] };
      const { judged, faults } = await sweptJson(settings, { PATH });
      expect(judged).not.to.include(inReview("review-login"));
      expect(faults).to.have.length(1);
      expect(faults[0]).to.match(/^Namespace review-login: .*no stack in this backend has it/);
    });

    it("says so where the policy pack cannot judge", async () => {
      const { judged, refused, faults } = await sweptJson({
        project: "review",
        permanent: ["staging"],
        policies: { "no-such-policy": "mandatory" },
      });
      expect(judged).to.deep.equal([]);
      expect(refused).to.deep.equal([]);
      expect(faults).to.have.length(3);
      faults.forEach((fault) =>
        expect(fault).to.match(/^Stack \S+ could not be judged: .*no-such-policy/s),
      );
    });

    it("finds the backend that a program of the repository's own names", async () => {
      const program = mkdtempSync(join(folder, "program-"));
      const url = backend.environment.PULUMI_BACKEND_URL;
      const content = { name: "review", runtime: "nodejs", backend: { url } };
      writeFileSync(join(program, "Pulumi.yaml"), stringify(content));
      const given = { PULUMI_BACKEND_URL: "" };
      const { judged } = await sweptJson({}, given, "--settings", program);
      expect(judged).to.have.length(3);
    });

    it("touches no cluster but the one of the settings", async () => {
      const { exitCode, output } = await sweep({ project: "review", cluster: "another" });
      expect(exitCode, output).to.equal(10);
      expect(output).to.contain("is another one");
      expect(server.requests.map(({ url }) => url)).to.deep.equal([
        "/api/v1/namespaces/kube-system",
      ]);
    });

    it("ends with 2 without a cluster", async () => {
      const { exitCode, output } = await sweep({ project: "review" }, { KUBECONFIG: "" });
      expect(exitCode, output).to.equal(2);
    });

    it("fails where the stacks cannot be listed", async () => {
      const PULUMI_BACKEND_URL = `file://${join(folder, "nowhere")}`;
      const { exitCode, output } = await sweep({ project: "review" }, { PULUMI_BACKEND_URL });
      expect(exitCode, output).to.equal(1);
      expect(output).to.contain("The stacks of the backend could not be listed");
    });

    it("fails where namespaces may not be listed", async () => {
      server.answers = {};
      server.answer = { status: 403, body: { kind: "Status", reason: "Forbidden" } };
      const { exitCode, output } = await sweep({ project: "review" });
      expect(exitCode, output).to.equal(3);
      expect(output).to.contain("these credentials may not");
    });

    async function sweptJson(
      settings: object,
      env: NodeJS.ProcessEnv = {},
      ...args: readonly string[]
    ): Promise<Swept> {
      const { stdout, output } = await sweep(settings, env, ["--json", ...args]);
      const result = JSON.parse(stdout) as Swept;
      const schema = readFileSync(join(repository, "review/schemas/sweep.json"), "utf8");
      const validate = new Ajv2020().compile(JSON.parse(schema) as object);
      expect(validate(result), JSON.stringify(validate.errors)).to.equal(true);
      expect(output).not.to.contain("hunter2");
      return result;
    }

    function sweep(
      settings: object,
      env: NodeJS.ProcessEnv = {},
      args: readonly string[] = [],
    ): Promise<CommandResult> {
      return run(backend, settings, env, args);
    }

    /** Finds a `pulumi` first that ends with this code when it is asked for the stack's state. */
    function pathWithPulumiThatFails(stack: string, code: number): string {
      const programs = mkdtempSync(join(folder, "bin-"));
      const file = join(programs, "pulumi");
      const lines = [
        "#!/bin/sh",
        `case "$*" in *export*/${stack}" "*) exit ${code} ;; esac`,
        `PATH="\${PATH#*:}" exec pulumi "$@"`,
      ];
      writeFileSync(file, `${lines.join("\n")}\n`);
      chmodSync(file, 0o755);
      return [programs, sandbox.environment.PATH].join(delimiter);
    }
  });

  describe("that compares the backend with the cluster", () => {
    let backend: StateBackend;

    before(async () => {
      backend = new StateBackend(sandbox);
      await backend.makeStack("shop", "review-a", [stateOf(known("shop", "a"))]);
      await backend.makeStack("blog", "review-a", [stateOf(known("blog", "a"))]);
      await backend.makeStack("blog", "review-empty");
    });

    after(() => backend.remove());

    it("has nothing against stacks and namespaces that match, by one request", async () => {
      stand([known("shop", "a"), known("blog", "a")]);
      const { exitCode, output } = await sweep();
      expect(exitCode, output).to.equal(0);
      expect(server.requests).to.have.length(1);
    });

    it("finds a stack whose namespace is gone", async () => {
      stand([known("shop", "a")]);
      expect(await faults()).to.deep.equal([
        "Stack organization/blog/review-a: its namespace review-blog-a is gone. " +
          "Destroy the stack, or bring it up again with --refresh.",
      ]);
    });

    it("finds a stack whose namespace is being deleted, another's, or made anew", async () => {
      const shop = known("shop", "a");
      const blog = known("blog", "a");
      stand([
        { ...shop, deletionTimestamp: created },
        { ...blog, uid: "u-anew" },
      ]);
      const [first, second, ...others] = await faults();
      expect(others).to.deep.equal([]);
      expect(first).to.match(/^Stack organization\/blog\/review-a: .*was made anew.*u-anew/);
      expect(second).to.match(/^Stack organization\/shop\/review-a: .*is being deleted since/);

      stand([{ ...shop, labels: { "secure-environment/kind": "review" } }, blog]);
      const [foreign] = await faults();
      expect(foreign).to.match(/^Stack organization\/shop\/review-a: .*is not this stack's/);
    });

    it("finds a namespace whose stack is gone", async () => {
      stand([known("shop", "a"), known("blog", "a"), known("news", "b")]);
      expect(await faults()).to.deep.equal([
        "Namespace review-news-b: the stack review-b of the project news made it, and no stack in this " +
          "backend has it. If no other backend has its stack, have it deleted.",
      ]);
    });

    it("leaves namespaces and stacks of other projects to others, unless it is told", async () => {
      stand([known("shop", "a"), known("news", "b")]);
      const { exitCode, output } = await run(backend, unjudged);
      expect(exitCode, output).to.equal(0);
      stand([known("shop", "b")]);
      const own = await run(backend, unjudged);
      expect(own.exitCode, own.output).to.equal(1);
      expect(own.stdout.trim().split("\n")).to.have.length(2);
    });

    it("goes by the project that the settings have namespaces name", async () => {
      stand([known("shop", "a"), known("news", "b")]);
      const settings = { ...unjudged, config: { project: "news" } };
      const { exitCode, stdout } = await run(backend, settings);
      expect(exitCode).to.equal(1);
      expect(stdout).to.contain("Namespace review-news-b");
    });

    it("looks for no namespace of a stack that stays", async () => {
      stand([known("shop", "a")]);
      const permanent = ["organization/blog/review-a"];
      const { exitCode, output } = await run(backend, { ...unjudged, permanent }, {}, ["--all"]);
      expect(exitCode, output).to.equal(0);
    });

    it("blames nothing that comes or goes while it looks", async () => {
      const shop = known("shop", "a");
      const blog = known("blog", "a");
      stand([shop, known("news", "b")], [shop, blog]);
      const { exitCode, output } = await sweep();
      expect(exitCode, output).to.equal(0);
    });

    async function faults(): Promise<string[]> {
      const { exitCode, stdout, output } = await sweep();
      expect(exitCode, output).to.equal(1);
      return stdout.trim().split("\n");
    }

    function sweep(): Promise<CommandResult> {
      return run(backend, unjudged, {}, ["--all"]);
    }
  });

  /** What is in the list, and what is there when each of them is looked at. */
  function stand(listed: readonly Metadata[], afterwards = listed): void {
    const objects = (all: readonly Metadata[]) =>
      all.map((metadata) => ({
        kind: "Namespace",
        metadata: { creationTimestamp: created, ...metadata },
      }));
    const selector = encodeURIComponent("secure-environment/kind=review");
    const list = { kind: "NamespaceList", items: objects(listed) };
    server.answers = Object.fromEntries([
      [`/api/v1/namespaces?labelSelector=${selector}&limit=500`, { status: 200, body: list }],
      ...objects(afterwards).map((body) => [
        `/api/v1/namespaces/${body.metadata.name}`,
        { status: 200, body },
      ]),
    ]);
  }

  function run(
    backend: StateBackend,
    settings: object,
    given: NodeJS.ProcessEnv = {},
    args: readonly string[] = [],
  ): Promise<CommandResult> {
    writeFileSync(join(folder, "review.yaml"), stringify(settings));
    const KUBECONFIG = server.kubeconfigFile();
    const known = { ...process.env, ...backend.environment, KUBECONFIG, TMPDIR: scratch };
    const command = [join(repository, "review/review.js"), "sweep", ...args];
    return runCommand(process.execPath, command, { cwd: folder, env: { ...known, ...given } });
  }
});

function inReview(stack: string): string {
  return `organization/review/${stack}`;
}

function violationsOf(refused: Swept["refused"], name: string): string {
  const found = refused.find(({ stack }) => stack === inReview(name));
  return found?.violations.join("\n") ?? "";
}

function environment(stack: string): Promise<AnalyzedResource[]> {
  return analyzedEnvironment({ expiresAt: "2099-01-31T18:00:00Z" }, { stack });
}

function permanentEnvironment(stack: string): Promise<AnalyzedResource[]> {
  return analyzedEnvironment({ permanent: true }, { stack });
}

function inNamespace(resource: AnalyzedResource, namespace: string): AnalyzedResource {
  const { metadata = {}, ...properties } = resource.properties ?? {};
  return {
    ...resource,
    properties: { ...properties, metadata: { ...(metadata as object), namespace } },
    provider: {},
  };
}

function withPassword(resource: AnalyzedResource): AnalyzedResource {
  const data = { password: "hunter2" };
  return { ...resource, properties: { ...resource.properties, data } };
}

/** The namespace of an environment of the project `review`. */
function own(stack: string): Metadata {
  const labels = {
    "secure-environment/kind": "review",
    "secure-environment/project": "review",
    "secure-environment/stack": stack,
  };
  return { name: stack, labels };
}

/** A namespace whose uid the state has. */
function known(project: string, slug: string): Metadata {
  const labels = {
    "secure-environment/kind": "review",
    "secure-environment/project": project,
    "secure-environment/stack": `review-${slug}`,
  };
  return { name: `review-${project}-${slug}`, labels, uid: `u-${project}` };
}

function stateOf(metadata: Metadata): AnalyzedResource {
  return {
    type: "kubernetes:core/v1:Namespace",
    name: "environment",
    properties: { apiVersion: "v1", kind: "Namespace", metadata },
    provider: {},
  };
}

/** What each file below a folder holds. */
function contentsOf(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  return Object.fromEntries(files.map((file) => [file, readFileSync(file, "utf8")]));
}
