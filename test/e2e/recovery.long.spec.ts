import { randomUUID } from "node:crypto";
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { noCluster } from "../kubernetes/support/noCluster";
import { type CommandResult } from "../support/command";
import { eventually } from "../support/eventually";
import { History } from "./support/history";
import { objectsIn } from "./support/namespaceObjects";
import { processesWith } from "./support/processes";
import { promisedObjects } from "./support/promised";
import { ReviewCommand } from "./support/review/reviewCommand";
import { setScene } from "./support/scene";

const marker = "SECURE_ENVIRONMENT_TEST_RUN";

describe("a plain `pulumi up` that was killed", function () {
  this.timeout(300_000);
  const scene = setScene();
  let command: ReviewCommand;

  before(() => {
    command = new ReviewCommand(scene.sandbox);
  });

  for (const [point, objectOf] of Object.entries({
    namespace: (stack: string) => `Namespace/${stack}`,
    quota: () => "ResourceQuota/environment",
    binding: () => "RoleBinding/developer",
  })) {
    it(`once its ${point} is there leaves no process, and \`review up\` finishes it without leftovers`, async () => {
      const branch = `killed-${point}`;
      const stack = await killedStack(branch, objectOf);

      const up = await review("up", branch);
      expect(up.exitCode, up.output).to.equal(0);
      expect(await objectsIn(scene.api, stack)).to.deep.equal(promisedObjects);
      const again = await scene.program.up(stack);
      expect(again.exitCode, again.output).to.equal(0);

      await destroyed(branch);
    });
  }

  it("keeps its lock, which `review` leaves to people", async () => {
    const branch = "killed-and-locked";
    await scene.program.createStack(`review-${branch}`);
    await killUpWhenAdded(`review-${branch}`, `Namespace/review-${branch}`);
    removeEmptyAttributes(`review-${branch}`);
    const locked = await review("up", branch, ["--wait", "1s"]);
    expect(locked.exitCode, locked.output).to.equal(12);
    expect(locked.output).to.contain("pulumi cancel");
    await unlock(`review-${branch}`);
    await destroyed(branch);
  });

  it("is finished where the file beside its state is empty", async () => {
    const stack = await killedStack("killed-writing", (name) => `Namespace/${name}`);
    writeFileSync(`${stateFile(stack)}.attrs`, "");
    const up = await review("up", "killed-writing");
    expect(up.exitCode, up.output).to.equal(0);
    expect(await objectsIn(scene.api, stack)).to.deep.equal(promisedObjects);
    await destroyed("killed-writing");
  });

  it("can be destroyed without another `up`", async () => {
    await killedStack("killed-for-good", (name) => `Namespace/${name}`);
    await destroyed("killed-for-good");
  });

  it("is no different from a `destroy` that failed, which another one finishes", async () => {
    const stack = "review-half-destroyed";
    await scene.program.createStack(stack);
    expect((await scene.program.up(stack)).exitCode).to.equal(0);
    const args = ["destroy", "--stack", stack, "--yes", "--skip-preview"];
    const nowhere = { KUBECONFIG: noCluster };
    expect((await scene.program.pulumi(args, { env: nowhere })).exitCode).not.to.equal(0);
    await destroyed("half-destroyed");
  });

  it("has nothing taken into its state that another one made", async () => {
    const branch = "killed-early";
    const stack = `review-${branch}`;
    const path = `/api/v1/namespaces/${stack}`;
    await scene.program.createStack(stack);
    await pretendKilledWhileCreatingNamespace(stack);
    const foreign = { metadata: { name: stack, labels: { team: "others" } } };
    expect((await scene.api.request("POST", "/api/v1/namespaces", foreign)).status).to.equal(201);

    for (const KUBECONFIG of [noCluster, ""]) {
      expect((await review("up", branch, [], { KUBECONFIG })).exitCode).to.equal(2);
    }
    for (const attempt of ["first", "second"]) {
      const up = await review("up", branch);
      expect(up.exitCode, `${attempt}: ${up.output}`).to.equal(10);
      expect(up.output).to.contain(`Namespace ${stack}: it names no stack that made it`);
    }
    const destroy = await review("destroy", branch);
    expect(destroy.exitCode, destroy.output).to.equal(0);
    expect((await scene.api.request("GET", path)).body.status.phase).to.equal("Active");
    await scene.api.request("DELETE", path);
  });

  async function destroyed(branch: string): Promise<void> {
    const destroy = await review("destroy", branch);
    expect(destroy.exitCode, destroy.output).to.equal(0);
    const { status } = await scene.api.request("GET", `/api/v1/namespaces/review-${branch}`);
    expect(status).to.equal(404);
    expect(existsSync(stateFile(`review-${branch}`))).to.equal(false);
  }

  async function killUpWhenAdded(stack: string, object: string): Promise<void> {
    const run = randomUUID();
    const history = await History.of(scene.api, stack);
    const args = ["up", "--stack", stack, "--yes", "--skip-preview"];
    let engine = 0;
    const onStart = (processId: number) => (engine = processId);
    const up = scene.program.pulumi(args, { env: { [marker]: run }, onStart });
    await history.until("ADDED", object);
    expect(processesWith(marker, run), "engine and program").to.have.length.above(1);
    process.kill(engine, "SIGKILL");
    history.stop();
    expect((await up).exitCode).to.equal(128);
    await eventually(() => processesWith(marker, run).length === 0);
  }

  /** The stack of a branch, whose run was killed once the object was there, and whose lock is removed. */
  async function killedStack(branch: string, objectOf: (stack: string) => string): Promise<string> {
    const stack = `review-${branch}`;
    await scene.program.createStack(stack);
    await killUpWhenAdded(stack, objectOf(stack));
    removeEmptyAttributes(stack);
    await unlock(stack);
    return stack;
  }

  async function unlock(stack: string): Promise<void> {
    await scene.program.succeed(["cancel", "--yes", "--stack", stack]);
  }

  /** A run that is killed while it writes the file leaves it empty, and `pulumi cancel` cannot read the state then. */
  function removeEmptyAttributes(stack: string): void {
    const file = `${stateFile(stack)}.attrs`;
    if (existsSync(file) && statSync(file).size === 0) {
      rmSync(file);
    }
  }

  function stateFile(stack: string): string {
    const backend = fileURLToPath(String(scene.sandbox.environment.PULUMI_BACKEND_URL));
    return join(backend, ".pulumi", "stacks", "review", `${stack}.json`);
  }

  /** In the program's folder, with the backend that plain `pulumi` used. */
  function review(
    verb: "up" | "destroy",
    branch: string,
    args: readonly string[] = [],
    others: NodeJS.ProcessEnv = {},
  ): Promise<CommandResult> {
    const { PULUMI_BACKEND_URL } = scene.sandbox.environment;
    return command.run([verb, branch, ...args], {
      cwd: scene.program.folder,
      env: { PULUMI_BACKEND_URL, ...others },
    });
  }

  /** Somebody who sees that the namespace is free, and cannot make it. */
  async function kubeconfigOfReader(): Promise<string> {
    const apiGroup = "rbac.authorization.k8s.io";
    await scene.api.request("POST", `/apis/${apiGroup}/v1/clusterrolebindings`, {
      metadata: { name: "recovery-readers" },
      roleRef: { apiGroup, kind: "ClusterRole", name: "view" },
      subjects: [{ apiGroup, kind: "Group", name: "recovery-readers" }],
    });
    return scene.sandbox.userKubeconfig("reader", ["recovery-readers"]);
  }

  /** What the engine writes before it asks for an object, and no more. */
  async function pretendKilledWhileCreatingNamespace(stack: string): Promise<void> {
    const KUBECONFIG = await kubeconfigOfReader();
    const args = ["up", "--stack", stack, "--yes", "--skip-preview"];
    expect((await scene.program.pulumi(args, { env: { KUBECONFIG } })).exitCode).not.to.equal(0);
    const file = stateFile(stack);
    const state = JSON.parse(readFileSync(file, "utf8"));
    const { latest } = state.checkpoint;
    latest.pending_operations = [
      { type: "creating", resource: unconfirmedNamespace(latest.resources, stack) },
    ];
    writeFileSync(file, JSON.stringify(state));
  }
});

interface Resource {
  readonly urn: string;
  readonly id?: string;
  readonly type: string;
}

function unconfirmedNamespace(resources: readonly Resource[], stack: string) {
  const parent = resources.find(({ type }) => type.endsWith(":SecureEnvironment"));
  const provider = resources.find(({ type }) => type === "pulumi:providers:kubernetes");
  const type = "kubernetes:core/v1:Namespace";
  return {
    urn: parent?.urn.replace(/::environment$/, () => `$${type}::environment`),
    custom: true,
    type,
    parent: parent?.urn,
    provider: `${provider?.urn}::${provider?.id}`,
    inputs: {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: {
        name: stack,
        labels: { "secure-environment/project": "review", "secure-environment/stack": stack },
      },
    },
  };
}
