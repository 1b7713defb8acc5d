import { expect } from "chai";
import { KubernetesApi } from "secure-environment-sandbox";
import { eventually } from "../support/eventually";
import { platformStack, setPlatformScene } from "./support/platformScene";
import { ReviewProgram } from "./support/reviewProgram";
import { compliantDeployment, compliantPod } from "./support/workloads";

const stack = "review-login";
const namespace = "review-shop-login";
const core = `/api/v1/namespaces/${namespace}`;
const projects = [{ name: "shop" }];
const clusterNetwork = {
  pods: ["10.244.0.0/16"],
  services: ["10.96.0.0/16"],
  nodes: ["192.0.2.0/24"],
};

describe("the life of an environment whose pipeline is fenced", function () {
  this.timeout(300_000);
  const scene = setPlatformScene({ projects, clusterNetwork });
  let program: ReviewProgram;
  let pipeline: KubernetesApi;
  let asPipeline: { readonly env: { readonly KUBECONFIG: string } };

  before("bring the environment up as its pipeline", async () => {
    const account = ["secure-environment-pipeline-shop", "pipeline"] as const;
    const kubeconfig = await scene.sandbox.serviceAccountKubeconfig(...account);
    asPipeline = { env: { KUBECONFIG: kubeconfig } };
    pipeline = new KubernetesApi(kubeconfig);
    program = new ReviewProgram(scene.sandbox);
    await program.createStack(stack, { project: "shop", platform: "true" });
    await program.succeed(["up", "--stack", stack, "--yes", "--skip-preview"], asPipeline);
  });

  after(() => {
    pipeline.close();
    program.remove();
  });

  it("goes on without a change when nothing has changed", async () => {
    const unchanged = ["--refresh", "--expect-no-changes"];
    await program.succeed(["up", "--stack", stack, "--yes", ...unchanged], asPipeline);
  });

  it("goes on with other sizes and holes, and without them", async () => {
    const hole = {
      ...{ name: "tests", direction: "ingress", peer: "testRunner", cidr: "203.0.113.0/24" },
      ...{ ports: [{ port: 8080 }], reason: "Browser tests run outside of the cluster." },
    };
    await program.configure(stack, { size: "small", holes: [hole], clusterNetwork });
    await program.succeed(["up", "--stack", stack, "--yes", "--skip-preview"], asPipeline);
    expect((await scene.api.request("GET", holePath())).status).to.equal(200);
    await program.configure(stack, { holes: [] });
    await program.succeed(["up", "--stack", stack, "--yes", "--skip-preview"], asPipeline);
    expect((await scene.api.request("GET", holePath())).status).to.equal(404);
  });

  it("goes on when an operator has labelled its namespace", async () => {
    const labelled = { metadata: { labels: { "operators.example/seen": "yes" } } };
    const contentType = "application/merge-patch+json";
    const patched = await scene.api.request("PATCH", core, labelled, { contentType });
    expect(patched.status).to.equal(200);
    await program.configure(stack, { owner: "jane.doe" });
    await program.succeed(["up", "--stack", stack, "--yes", "--skip-preview"], asPipeline);
    const { body } = await scene.api.request("GET", core);
    expect(body.metadata.labels).to.include({
      "operators.example/seen": "yes",
      "secure-environment/owner": "jane.doe",
    });
  });

  it("is fenced in every moment of an update of the platform", async () => {
    await scene.program.configure(platformStack, {
      projects: [...projects, { name: "blog" }],
      ceilings: { "limits.cpu": "16" },
      domain: "review.example.com",
    });
    let isUpdating = true;
    const update = scene.program.up(platformStack).finally(() => (isUpdating = false));
    const answers = new Set<string>();
    while (isUpdating) {
      answers.add(await answerToProduction());
    }
    const { exitCode, output } = await update;
    expect(exitCode, output).to.equal(0);
    expect([...answers]).to.deep.equal(["403 secure-environment-pipelines-make-only-environments"]);
  });

  it("ends with whatever runs in it, and no policy holds it", async () => {
    const apps = `/apis/apps/v1/namespaces/${namespace}/deployments`;
    const jobs = `/apis/batch/v1/namespaces/${namespace}/jobs`;
    const template = { spec: { ...compliantPod("migrate").spec, restartPolicy: "Never" } };
    const contents: readonly (readonly [path: string, body: object])[] = [
      [apps, compliantDeployment("shop")],
      [jobs, { metadata: { name: "migrate" }, spec: { template } }],
      [`${core}/configmaps`, { metadata: { name: "settings" } }],
    ];
    for (const [path, body] of contents) {
      expect((await scene.api.request("POST", path, body)).status).to.equal(201);
    }
    await podsRun(2);
    await program.succeed(
      ["destroy", "--stack", stack, "--yes", "--skip-preview", "--remove"],
      asPipeline,
    );
    expect((await scene.api.request("GET", core)).status).to.equal(404);
    const schema = `/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas/${namespace}`;
    expect((await scene.api.request("GET", schema)).status).to.equal(404);
  });

  it("ends a permanent one for no pipeline that overrides Pulumi's protection, but for an administrator", async () => {
    const lasting = "lasting";
    const override = { PULUMI_OPTION_IGNORE_PROTECT: "true" };
    const destroy = ["destroy", "--stack", lasting, "--yes", "--skip-preview"];
    const path = `/api/v1/namespaces/shop-${lasting}`;
    await program.createStack(lasting, { permanent: "true", project: "shop", platform: "true" });
    await program.succeed(["up", "--stack", lasting, "--yes", "--skip-preview"]);

    const held = await program.pulumi(destroy);
    expect(held.exitCode, held.output).not.to.equal(0);
    const refused = await program.pulumi(destroy, { env: { ...asPipeline.env, ...override } });
    expect(refused.exitCode, refused.output).not.to.equal(0);
    expect(refused.output).to.match(/secure-environment-[a-z-]+.* denied request|is forbidden/);
    const { status, body } = await scene.api.request("GET", path);
    expect([status, body.status.phase]).to.deep.equal([200, "Active"]);

    await program.succeed(["refresh", "--stack", lasting, "--yes", "--skip-preview"]);
    const ended = await program.pulumi(destroy, { env: override });
    expect(ended.exitCode, ended.output).to.equal(0);
    expect((await scene.api.request("GET", path)).status).to.equal(404);
  });

  function holePath(): string {
    return `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies/hole-tests`;
  }

  /** What the API server says when the pipeline rehearses to make a namespace of another name. */
  async function answerToProduction(): Promise<string> {
    const body = { metadata: { name: "production" } };
    const query = { dryRun: "All" };
    const answer = await pipeline.request("POST", "/api/v1/namespaces", body, { query });
    const message = String(answer.body.message);
    const [, policy = message] = /ValidatingAdmissionPolicy '([^']+)'/.exec(message) ?? [];
    return `${answer.status} ${policy}`;
  }

  function podsRun(count: number): Promise<void> {
    return eventually(async () => {
      const { body } = await scene.api.request("GET", `${core}/pods`);
      return (body.items as object[]).length >= count;
    });
  }
});
