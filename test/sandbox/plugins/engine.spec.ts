import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { KubernetesApi, type Sandbox } from "secure-environment-sandbox";
import { eventually } from "../../support/eventually";
import { sharedSandbox } from "../../support/sandbox";
import { descendants, stillRunning } from "./processTree";
import { ProgramFolder } from "./programFolder";

describe("stand-ins under the real engine", function () {
  this.timeout(300_000);

  let sandbox: Sandbox;
  let api: KubernetesApi;
  let folder: ProgramFolder | undefined;

  before(async function () {
    this.timeout(300_000);
    sandbox = await sharedSandbox();
    api = new KubernetesApi(sandbox.kubeconfig);
  });

  afterEach(() => {
    folder?.remove();
    folder = undefined;
  });

  async function program(source: string, runtimeOptions?: object): Promise<ProgramFolder> {
    folder = new ProgramFolder(sandbox, source, runtimeOptions);
    await folder.succeed(["stack", "init", "test"]);
    return folder;
  }

  it("bring objects up, find nothing to change, see drift, and take them down", async () => {
    const stack = await program(environmentProgram("engine-life"));
    const quota = "/api/v1/namespaces/engine-life/resourcequotas/quota";

    const preview = await stack.succeed(["preview", "--stack", "test"]);
    expect(preview.output).to.include("5 to create");
    expect((await api.request("GET", "/api/v1/namespaces/engine-life")).status).to.equal(404);

    const created = await stack.up();
    expect(created.output).to.include("5 created");
    expect((await api.request("GET", quota)).body.spec.hard).to.deep.equal({ pods: "10" });

    const again = await stack.succeed(["up", "--yes", "--stack", "test", "--expect-no-changes"]);
    expect(again.output).to.include("5 unchanged");

    await api.request("DELETE", quota);
    const refreshed = await stack.succeed(["refresh", "--yes", "--stack", "test"]);
    expect(refreshed.output).to.include("1 deleted");
    const repaired = await stack.up();
    expect(repaired.output).to.include("1 created");
    expect((await api.request("GET", quota)).body.spec.hard).to.deep.equal({ pods: "10" });

    const destroyed = await stack.succeed(["destroy", "--yes", "--stack", "test", "--remove"]);
    expect(destroyed.output).to.include("5 deleted");
    expect((await api.request("GET", "/api/v1/namespaces/engine-life")).status).to.equal(404);
  });

  it("make random values that stay until their keepers change", async () => {
    const stack = await program(randomProgram);
    await stack.succeed(["config", "set", "keeper", "one", "--stack", "test"]);
    const first = await outputsAfterUp(stack);
    const second = await outputsAfterUp(stack);
    await stack.succeed(["config", "set", "keeper", "two", "--stack", "test"]);
    const third = await outputsAfterUp(stack);
    await stack.succeed(["destroy", "--yes", "--stack", "test", "--remove"]);

    expect(first.text).to.match(/^[a-z0-9]{6}$/);
    expect(first.hex).to.match(/^[0-9a-f]{8}$/);
    expect(second).to.deep.equal(first);
    expect(third.text).not.to.equal(first.text);
    expect(third.hex).not.to.equal(first.hex);
  });

  it("hand configuration over in the environment, where arguments would show it", async () => {
    const stack = await program(configurationProgram);
    await stack.succeed(["config", "set", "--secret", "token", "hidden-text", "--stack", "test"]);
    await stack.up();

    expect(readFileSync(join(stack.path, "token"), "utf8")).to.equal("hidden-text is secret");
    expect(readFileSync(join(stack.path, "arguments"), "utf8")).not.to.include("hidden-text");
    await stack.succeed(["destroy", "--yes", "--stack", "test", "--remove"]);
  });

  it("run the program with the arguments for Node that the project asks for", async () => {
    const stack = await program("exports.given = process.execArgv.join(' ');", {
      nodeargs: "--trace-warnings '--title=a program'",
    });
    await stack.up();
    const { given } = await outputs(stack);
    expect(given).to.include("--trace-warnings --title=a program");
    await stack.succeed(["destroy", "--yes", "--stack", "test", "--remove"]);
  });

  it("report a program's error once, without a stack of their own", async () => {
    const stack = await program(
      "setImmediate(() => { throw new Error('the branch has no name'); });",
    );
    const { exitCode, output } = await stack.pulumi(["preview", "--stack", "test"]);
    expect(exitCode).not.to.equal(0);
    expect(output).to.include("the branch has no name");
    expect(output).not.to.include("non-zero exit code");
    expect(output).not.to.include("sandbox/bin/plugins");
  });

  it("say that the SDK is missing", async () => {
    const stack = await program("");
    rmSync(join(stack.path, "node_modules"));
    const { exitCode, output } = await stack.pulumi(["preview", "--stack", "test"]);
    expect(exitCode).not.to.equal(0);
    expect(output).to.include("Have you run pulumi install?");
  });

  it("leave no process behind when the engine is killed", async () => {
    const stack = await program(hangingProgram);
    const engine = await startHanging(stack);
    const processes = descendants(engine.id);
    const commands = processes.map(({ command }) => command).join("\n");
    expect(commands).to.include("languageNodejs.js");
    expect(commands).to.include("pulumi-resource-kubernetes");
    expect(commands).to.include("@pulumi/pulumi/cmd/run");

    process.kill(engine.id, "SIGKILL");
    await engine.ended;

    await eventually(() => stillRunning(processes).length === 0);
    await cleanUp(stack);
  });

  it("leave no program behind when its host is killed", async () => {
    const stack = await program(hangingProgram);
    const engine = await startHanging(stack);
    const processes = descendants(engine.id);
    const running = processes.filter(({ command }) => command.includes("cmd/run"));
    expect(running).to.have.lengthOf(1);
    const host = processes.find(({ id }) => id === running[0]?.parent);
    expect(host?.command).to.include("languageNodejs.js");

    process.kill(host?.id ?? 0, "SIGKILL");

    await eventually(() => stillRunning(running).length === 0);
    killIfRunning(engine.id);
    await engine.ended;
    await eventually(() => stillRunning(processes).length === 0);
    await cleanUp(stack);
  });

  it("end the program when the update is interrupted", async () => {
    const stack = await program(hangingProgram);
    const engine = await startHanging(stack);
    const processes = descendants(engine.id);

    process.kill(engine.id, "SIGINT");
    const { exitCode } = await engine.ended;

    expect(exitCode).not.to.equal(0);
    await eventually(() => stillRunning(processes).length === 0);
    await cleanUp(stack);
  });

  it("run a policy pack, with the stack's configuration, before anything is created", async () => {
    const stack = await program(environmentProgram("engine-policy"));
    stack.write("pack/PulumiPolicy.yaml", packProject);
    stack.write("pack/package.json", JSON.stringify({ main: "index.js" }));
    stack.write("pack/index.js", packSource);
    await stack.succeed(["config", "set", "greeting", "hello", "--stack", "test"]);

    const { exitCode, output } = await stack.pulumi([
      "preview",
      "--stack",
      "test",
      "--policy-pack",
      "pack",
    ]);

    expect(exitCode).not.to.equal(0);
    expect(output).to.include("namespaces-are-named-otherwise");
    expect(output).to.include(`engine-policy is no name, hello, p${stack.project}, test`);
  });

  it("serve the schema of a component package", async () => {
    const stack = await program("");
    stack.write("tiny/PulumiPlugin.yaml", "name: tiny\nruntime: nodejs\n");
    stack.write("tiny/package.json", JSON.stringify({ name: "tiny", version: "0.1.0" }));
    stack.write("tiny/tsconfig.json", JSON.stringify({ compilerOptions: { skipLibCheck: true } }));
    stack.write("tiny/index.ts", componentSource);

    const { stdout } = await stack.succeed(["package", "get-schema", "./tiny"]);

    const schema = JSON.parse(stdout) as { resources: { [token: string]: object } };
    expect(schema.resources["tiny:index:Tiny"]).to.deep.include({
      isComponent: true,
      requiredInputs: ["count"],
    });
  });

  /** Starts an update whose program never ends, and waits until that program waits. */
  async function startHanging(stack: ProgramFolder) {
    let id = 0;
    const ended = stack.pulumi(["up", "--yes", "--skip-preview", "--stack", "test"], {
      onStart: (processId) => (id = processId),
    });
    await eventually(() => existsSync(join(stack.path, "waiting")));
    return { id, ended };
  }

  async function cleanUp(stack: ProgramFolder): Promise<void> {
    await stack.pulumi(["cancel", "--yes", "--stack", "test"]);
    await api.request("DELETE", `/api/v1/namespaces/engine-${stack.project}`);
  }
});

/** The engine may have noticed by itself that its host is gone. */
function killIfRunning(processId: number): void {
  try {
    process.kill(processId, "SIGKILL");
  } catch (error) {
    expect((error as { code?: string }).code).to.equal("ESRCH");
  }
}

async function outputs(stack: ProgramFolder): Promise<{ [name: string]: string }> {
  const { stdout } = await stack.succeed(["stack", "output", "--json", "--stack", "test"]);
  return JSON.parse(stdout) as { [name: string]: string };
}

async function outputsAfterUp(stack: ProgramFolder): Promise<{ [name: string]: string }> {
  await stack.up();
  return outputs(stack);
}

function environmentProgram(namespace: string): string {
  return `
    const { core, networking } = require("@pulumi/kubernetes");
    const namespace = new core.v1.Namespace("ns", { metadata: { name: "${namespace}" } });
    const metadata = (name) => ({ name, namespace: "${namespace}" });
    const inside = { dependsOn: namespace, deletedWith: namespace };
    new core.v1.ResourceQuota(
      "quota", { metadata: metadata("quota"), spec: { hard: { pods: "10" } } }, inside);
    new core.v1.ServiceAccountPatch(
      "account", { metadata: metadata("default"), automountServiceAccountToken: false }, inside);
    new networking.v1.NetworkPolicy("deny", {
      metadata: metadata("deny"),
      spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"], ingress: [], egress: [] },
    }, inside);
  `;
}

const randomProgram = `
  const { Config } = require("@pulumi/pulumi");
  const { RandomId, RandomString } = require("@pulumi/random");
  const keepers = { keeper: new Config().require("keeper") };
  const text = { length: 6, special: false, upper: false, keepers };
  exports.text = new RandomString("text", text).result;
  exports.hex = new RandomId("id", { byteLength: 4, keepers }).hex;
`;

const configurationProgram = `
  const { Config } = require("@pulumi/pulumi");
  const { execFileSync } = require("node:child_process");
  const { writeFileSync } = require("node:fs");
  const token = new Config().requireSecret("token");
  const isSecret = token.isSecret.then((secret) => (secret ? "secret" : "open"));
  token.apply(async (text) => writeFileSync("token", text + " is " + (await isSecret)));
  writeFileSync("arguments", execFileSync("ps", ["-A", "-ww", "-o", "args="]));
`;

const hangingProgram = `
  const { core } = require("@pulumi/kubernetes");
  const { getProject } = require("@pulumi/pulumi");
  const name = getProject().replace(/^p/, "engine-");
  const namespace = new core.v1.Namespace("ns", { metadata: { name } });
  namespace.id.apply(() => require("node:fs").writeFileSync("waiting", ""));
  setInterval(() => undefined, 1_000);
`;

const packProject = JSON.stringify({
  runtime: { name: "nodejs", options: { typescript: false } },
  main: "index.js",
});

/** A policy pack that speaks the protocol itself: it judges names and tells what it was given. */
const packSource = `
  const { Server, ServerCredentials } = require("@grpc/grpc-js");
  const { AnalyzerService } = require("@pulumi/pulumi/proto/analyzer_grpc_pb");
  const messages = require("@pulumi/pulumi/proto/analyzer_pb");
  const { PluginInfo } = require("@pulumi/pulumi/proto/plugin_pb");
  const { Empty } = require("google-protobuf/google/protobuf/empty_pb");

  const { MANDATORY } = messages.EnforcementLevel;
  const name = "namespaces-are-named-otherwise";

  function analyze({ request }, done) {
    const response = new messages.AnalyzeResponse();
    if (request.getType() === "kubernetes:core/v1:Namespace") {
      const { metadata } = request.getProperties().toJavaScript();
      const { PULUMI_CONFIG, PULUMI_NODEJS_PROJECT, PULUMI_NODEJS_STACK } = process.env;
      const greeting = Object.values(JSON.parse(PULUMI_CONFIG)).join();
      response.addDiagnostics(
        new messages.AnalyzeDiagnostic()
          .setPolicyname(name)
          .setPolicypackname("pack")
          .setEnforcementlevel(MANDATORY)
          .setMessage(
            [metadata.name + " is no name", greeting, PULUMI_NODEJS_PROJECT, PULUMI_NODEJS_STACK]
              .join(", ")));
    }
    done(null, response);
  }

  const server = new Server();
  server.addService(AnalyzerService, {
    analyze,
    analyzeStack: (_, done) => done(null, new messages.AnalyzeResponse()),
    remediate: (_, done) => done(null, new messages.RemediateResponse()),
    configure: (_, done) => done(null, new Empty()),
    getPluginInfo: (_, done) => done(null, new PluginInfo().setVersion("1.0.0")),
    getAnalyzerInfo: (_, done) => done(null, new messages.AnalyzerInfo()
      .setName("pack")
      .setPoliciesList([
        new messages.PolicyInfo().setName(name).setEnforcementlevel(MANDATORY),
      ])),
  });
  server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(),
    (_, port) => console.log(port));
`;

const componentSource = `
  import * as pulumi from "@pulumi/pulumi";

  export interface TinyArgs {
    count: pulumi.Input<number>;
  }

  export class Tiny extends pulumi.ComponentResource {
    constructor(name: string, args: TinyArgs, options?: pulumi.ComponentResourceOptions) {
      super("tiny:index:Tiny", name, args, options);
      this.registerOutputs({});
    }
  }
`;
