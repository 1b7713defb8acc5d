import { randomUUID } from "node:crypto";
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { type CommandResult, runCommand } from "../support/command";
import { eventually } from "../support/eventually";
import { History } from "./support/history";
import { objectsIn } from "./support/namespaceObjects";
import { processesWith } from "./support/processes";
import { promisedObjects } from "./support/promised";
import { setScene } from "./support/scene";

const review = resolve(__dirname, "../../../review/review.js");
const marker = "SECURE_ENVIRONMENT_TEST_RUN";

describe("an `up` that was killed", function () {
  this.timeout(300_000);
  const scene = setScene();

  for (const [point, objectOf] of Object.entries({
    namespace: (stack: string) => `Namespace/${stack}`,
    quota: () => "ResourceQuota/environment",
    binding: () => "RoleBinding/developer",
  })) {
    it(`once its ${point} is there leaves no process, and recovers without leftovers`, async () => {
      const stack = await killedStack(`review-killed-${point}`, objectOf);

      const recovered = await recover(stack);
      expect(recovered.exitCode, recovered.output).to.equal(0);
      const up = await scene.program.up(stack);
      expect(up.exitCode, up.output).to.equal(0);
      expect(await objectsIn(scene.api, stack)).to.deep.equal(promisedObjects);

      const destroy = await scene.program.destroy(stack);
      expect(destroy.exitCode, destroy.output).to.equal(0);
      expect((await scene.api.request("GET", `/api/v1/namespaces/${stack}`)).status).to.equal(404);
    });
  }

  it("can be recovered where the file beside its state is empty, once that is removed", async () => {
    const stack = await killedStack("review-killed-writing", (name) => `Namespace/${name}`);
    writeFileSync(`${stateFile(stack)}.attrs`, "");
    const unread = await recover(stack);
    expect(unread.exitCode, unread.output).to.equal(1);
    expect(unread.output).to.contain("failed to load checkpoint: EOF");
    removeEmptyAttributes(stack);
    const recovered = await recover(stack);
    expect(recovered.exitCode, recovered.output).to.equal(0);
    const destroy = await scene.program.destroy(stack);
    expect(destroy.exitCode, destroy.output).to.equal(0);
  });

  it("can be destroyed after the recovery without another `up`", async () => {
    const stack = await killedStack("review-killed-for-good", (name) => `Namespace/${name}`);
    expect((await recover(stack)).exitCode).to.equal(0);
    const destroy = await scene.program.destroy(stack);
    expect(destroy.exitCode, destroy.output).to.equal(0);
    expect((await scene.api.request("GET", `/api/v1/namespaces/${stack}`)).status).to.equal(404);
  });

  it("does not need a recovery when a `destroy` failed, but another `destroy`", async () => {
    const stack = "review-half-destroyed";
    await scene.program.createStack(stack);
    expect((await scene.program.up(stack)).exitCode).to.equal(0);
    const nowhere = { KUBECONFIG: resolve(__dirname, "../../../ci/preview.kubeconfig") };
    const args = ["destroy", "--stack", stack, "--yes", "--skip-preview"];
    expect((await scene.program.pulumi(args, { env: nowhere })).exitCode).not.to.equal(0);
    expect((await scene.program.pulumi(args)).exitCode).to.equal(0);
    const up = await scene.program.up(stack);
    expect(up.exitCode, up.output).to.equal(0);
    expect(await objectsIn(scene.api, stack)).to.deep.equal(promisedObjects);
    expect((await scene.program.destroy(stack)).exitCode).to.equal(0);
  });

  it("takes nothing into its state that another one made", async () => {
    const stack = "review-killed-early";
    const path = `/api/v1/namespaces/${stack}`;
    await scene.program.createStack(stack);
    await pretendKilledWhileCreatingNamespace(stack);
    const foreign = { metadata: { name: stack, labels: { team: "others" } } };
    expect((await scene.api.request("POST", "/api/v1/namespaces", foreign)).status).to.equal(201);

    const nowhere = { KUBECONFIG: resolve(__dirname, "../../../ci/preview.kubeconfig") };
    expect((await recover(stack, nowhere)).exitCode).to.equal(2);
    expect((await recover(stack, { KUBECONFIG: "" })).exitCode).to.equal(2);
    for (const attempt of ["first", "second"]) {
      const recovered = await recover(stack);
      expect(recovered.exitCode, `${attempt}: ${recovered.output}`).to.equal(10);
      expect(recovered.output).to.contain(`Namespace ${stack}: it names no stack that made it`);
    }
    const destroy = await scene.program.destroy(stack);
    expect(destroy.exitCode, destroy.output).to.equal(0);
    expect((await scene.api.request("GET", path)).body.status.phase).to.equal("Active");
    await scene.api.request("DELETE", path);
  });

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

  /** A stack whose run was killed once the object was there. */
  async function killedStack(stack: string, objectOf: (stack: string) => string): Promise<string> {
    await scene.program.createStack(stack);
    await killUpWhenAdded(stack, objectOf(stack));
    removeEmptyAttributes(stack);
    return stack;
  }

  /** As docs/life.md says: a run that is killed while it writes the file leaves it empty. */
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

  function recover(stack: string, others: NodeJS.ProcessEnv = {}): Promise<CommandResult> {
    const env = { ...process.env, ...scene.sandbox.environment, ...others };
    return runCommand(process.execPath, [review, "recover", stack], {
      cwd: scene.program.folder,
      env,
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
