import { expect } from "chai";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { KubernetesApi } from "secure-environment-sandbox";
import {
  type ApiRequest,
  corePath,
  createAll,
  deleteRequest,
  groupPath,
  patchRequest,
  postRequest,
  send,
} from "./support/apiRequests";
import { type CommandResult, runCommand } from "../support/command";
import { eventually } from "../support/eventually";
import { setPlatformScene } from "./support/platformScene";
import { ReviewProgram } from "./support/reviewProgram";

const repository = resolve(__dirname, "../../..");
const review = join(repository, "review", "review.js");
const stack = "review-login";
const fullName = `organization/review/${stack}`;
const place = { namespace: "review-shop-login" };
const rbac = "rbac.authorization.k8s.io";
const binding = `${groupPath(place, rbac, "rolebindings")}/developer`;
const hole = `${groupPath(place, "networking.k8s.io", "networkpolicies")}/hole-scraper`;
const share = `/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas/${place.namespace}`;
const held = { metadata: { finalizers: ["example.com/audit"] } };
const foreground = { apiVersion: "v1", kind: "DeleteOptions", propagationPolicy: "Foreground" };

describe("a deletion that is held", function () {
  this.timeout(300_000);
  const scene = setPlatformScene({ projects: [{ name: "shop" }] });
  const folder = mkdtempSync(join(tmpdir(), "secure-environment-held-"));
  let program: ReviewProgram;
  let kubeconfig: string;
  let pipeline: KubernetesApi;

  before("bring the environment up as its pipeline", async function () {
    this.timeout(300_000);
    const account = ["secure-environment-pipeline-shop", "pipeline"] as const;
    kubeconfig = await scene.sandbox.serviceAccountKubeconfig(...account);
    pipeline = new KubernetesApi(kubeconfig);
    program = new ReviewProgram(scene.sandbox);
    const settings = "project: review\nconfig: { project: shop }\n";
    writeFileSync(join(folder, "review.yaml"), settings);
    const scraper = { name: "scraper", direction: "ingress", peer: "monitoring" };
    const holes = [{ ...scraper, ports: [{ port: 8080 }], reason: "Metrics" }];
    await program.createStack(stack, { project: "shop", platform: "true", holes });
    const up = ["up", "--stack", stack, "--yes", "--skip-preview"];
    await program.succeed(up, { env: { KUBECONFIG: kubeconfig } });
  });

  after(() => {
    pipeline.close();
    program.remove();
    rmSync(folder, { recursive: true });
  });

  it("is not told of an environment that nobody deletes", async () => {
    const { exitCode, output } = await doctor();
    expect(exitCode, output).to.equal(0);
    expect(output).to.contain(`No object of ${fullName} is being deleted.`);
  });

  it("is told of a hole, and of the share of the API server, by finalizer and next step", async () => {
    for (const path of [hole, share]) {
      await mustSend(patchRequest(path, held));
      await begin(path);
    }
    const { exitCode, stdout, stderr } = await doctor();
    expect(exitCode, stderr).to.equal(1);
    expect(stderr).to.contain(`${fullName} is held in its deletion`);
    expect(stdout).to.match(
      new RegExp(
        `^NetworkPolicy hole-scraper in ${place.namespace} is being deleted since \\S+Z\\.$`,
        "m",
      ),
    );
    expect(stdout).to.match(
      new RegExp(`^FlowSchema ${place.namespace} is being deleted since`, "m"),
    );
    expect(stdout.match(/Held by the finalizer example.com\/audit/g)).to.have.length(2);
    expect(stdout).to.contain(
      `kubectl edit networkpolicy hole-scraper --namespace ${place.namespace}`,
    );
  });

  it("is told of a binding that something names as its owner, by the uid to look for", async () => {
    const { uid } = (await scene.api.request("GET", binding)).body.metadata;
    const owner = { apiVersion: `${rbac}/v1`, kind: "RoleBinding", name: "developer", uid };
    const ownerReferences = [{ ...owner, blockOwnerDeletion: true }];
    const metadata = { ...held.metadata, name: "keep", ownerReferences };
    await createAll(scene.api, [postRequest(corePath(place, "configmaps"), { metadata })]);
    await begin(binding);
    const { stdout } = await doctor();
    expect(stdout).to.contain(`RoleBinding developer in ${place.namespace} is being deleted since`);
    expect(stdout).to.contain("Held by the finalizer foregroundDeletion");
    expect(stdout).to.contain(`These name the uid ${uid} in their ownerReferences`);
  });

  it("is told as far as the credentials reach", async () => {
    const role = { metadata: { name: "holes" } };
    const rules = [
      { apiGroups: ["networking.k8s.io"], resources: ["networkpolicies"], verbs: ["get"] },
    ];
    const roleRef = { apiGroup: rbac, kind: "ClusterRole", name: "holes" };
    const subjects = [{ apiGroup: rbac, kind: "User", name: "eve" }];
    await createAll(scene.api, [
      postRequest(`/apis/${rbac}/v1/clusterroles`, { ...role, rules }),
      postRequest(`/apis/${rbac}/v1/clusterrolebindings`, { ...role, roleRef, subjects }),
    ]);
    const eve = await scene.sandbox.userKubeconfig("eve", []);
    // A fresh binding is honoured a moment late.
    await eventually(async () => (await doctor(eve)).stdout !== "");
    const { exitCode, stdout, stderr } = await doctor(eve);
    expect(exitCode).to.equal(1);
    expect(stdout).to.contain("NetworkPolicy hole-scraper");
    expect(stdout).not.to.contain("Namespace");
    expect(stderr).to.contain(
      `warning: Namespace ${place.namespace} could not be read: these credentials may not read it`,
    );
  });

  it("is told as unknown where nothing may be read, and ends with a failure", async () => {
    const { exitCode, stdout, stderr } = await doctor(
      await scene.sandbox.userKubeconfig("vera", []),
    );
    expect(exitCode).to.equal(1);
    expect(stdout).to.equal("");
    expect(stderr).to.contain(`Whether ${fullName} is held in its deletion is not known`);
  });

  it("is told by `review destroy`, when its job is cancelled", async () => {
    const { exitCode, output } = await destroy((processId) =>
      eventually(
        async () => (await namespace()).body.metadata.deletionTimestamp !== undefined,
      ).then(() => process.kill(processId, "SIGTERM")),
    );
    expect(exitCode, output).to.equal(8);
    expect(output).to.contain(`Namespace ${place.namespace} is being deleted since`);
  });

  it("is told of the namespace, by what is still in it and its finalizers", async () => {
    await eventually(async () => (await doctor()).stdout.includes("configmaps (1)"));
    const { exitCode, stdout } = await doctor();
    expect(exitCode).to.equal(1);
    expect(stdout).to.match(
      new RegExp(`^Namespace ${place.namespace} is being deleted since`, "m"),
    );
    expect(stdout).to.contain("networkpolicies.networking.k8s.io (1)");
    expect(stdout).to.match(/The finalizer example.com\/audit holds \d of them/);
  });

  it("goes on by itself when the finalizers are taken out", async () => {
    for (const path of [hole, share, `${corePath(place, "configmaps")}/keep`]) {
      await mustSend(patchRequest(path, { metadata: { finalizers: null } }));
    }
    await eventually(async () => (await namespace()).status === 404);
    const asked = await doctor();
    expect(asked.exitCode, asked.output).to.equal(0);
    const { exitCode, output } = await destroy();
    expect(exitCode, output).to.equal(0);
  });

  function namespace() {
    return scene.api.request("GET", corePath(place));
  }

  /** As Pulumi deletes, but without its wait of ten minutes. */
  async function begin(path: string): Promise<void> {
    const removal = await send(pipeline, { ...deleteRequest(path), body: foreground });
    expect(removal.status, JSON.stringify(removal.body)).to.be.oneOf([200, 202]);
  }

  async function mustSend(request: ApiRequest): Promise<void> {
    const { status, body } = await send(scene.api, request);
    expect(status, JSON.stringify(body)).to.equal(200);
  }

  function destroy(onStart: (processId: number) => unknown = () => undefined) {
    const env = { ...process.env, ...scene.sandbox.environment, KUBECONFIG: kubeconfig };
    return runCommand(process.execPath, [review, "destroy", "login", "--settings", folder], {
      cwd: folder,
      env,
      onStart: (processId) => void onStart(processId),
    });
  }

  /** From an empty folder, as the pipeline that destroys. */
  function doctor(by = kubeconfig): Promise<CommandResult> {
    const env = { ...process.env, ...scene.sandbox.environment, KUBECONFIG: by };
    return runCommand(process.execPath, [review, "doctor", "--stack", fullName], {
      cwd: folder,
      env,
    });
  }
});
