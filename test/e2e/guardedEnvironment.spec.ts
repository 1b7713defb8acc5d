import { expect } from "chai";
import { KubernetesApi } from "secure-environment-sandbox";
import { environmentFlowSchemaSpec } from "#components/core/flowSchema";
import { eventually } from "../support/eventually";
import { setScene } from "./support/scene";

const stack = "review-shared";
const namespace = "review-shop-shared";
const namespacePath = `/api/v1/namespaces/${namespace}`;
const rbacPath = "/apis/rbac.authorization.k8s.io/v1";
const levelsPath = "/apis/flowcontrol.apiserver.k8s.io/v1/prioritylevelconfigurations";
const flowSchemaPath = `/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas/${namespace}`;
const level = "secure-environment-review-shop";
const clusterRoles = ["developer", "deployer", "verifier"].map(
  (role) => `secure-environment-${role}`,
);
const readQuotas = [{ apiGroups: [""], resources: ["resourcequotas"], verbs: ["list"] }];

describe("an environment that a platform guards", function () {
  this.timeout(300_000);
  const scene = setScene();

  before("make what a platform has for environments", async () => {
    for (const name of clusterRoles) {
      await create(`${rbacPath}/clusterroles`, { metadata: { name }, rules: readQuotas });
    }
    await create(levelsPath, {
      metadata: { name: level },
      spec: {
        type: "Limited",
        limited: { nominalConcurrencyShares: 1, limitResponse: { type: "Reject" } },
      },
    });
    await scene.program.createStack(stack, { platform: "true", project: "shop" });
  });

  after("remove it", async () => {
    for (const name of clusterRoles) {
      await scene.api.request("DELETE", `${rbacPath}/clusterroles/${name}`);
    }
    await scene.api.request("DELETE", `${levelsPath}/${level}`);
  });

  it("has its own share of the API server, and lets the platform's verifier in", async () => {
    const up = await scene.program.up(stack);
    expect(up.exitCode, up.output).to.equal(0);

    const { body: flowSchema } = await scene.api.request("GET", flowSchemaPath);
    expect(flowSchema.spec).to.deep.equal(environmentFlowSchemaSpec(namespace, "shop"));
    const bindings = `${rbacPath}/namespaces/${namespace}/rolebindings`;
    const { body: binding } = await scene.api.request("GET", `${bindings}/verifier`);
    expect(binding.roleRef.name).to.equal("secure-environment-verifier");
    expect(await mayListQuotas("secure-environment-platform")).to.equal(true);
    expect(await mayListQuotas(namespace)).to.equal(false);
  });

  it("has the requests of its accounts answered from that share", async () => {
    const kubeconfig = await scene.sandbox.serviceAccountKubeconfig(namespace, "deployer");
    const deployer = new KubernetesApi(kubeconfig);
    const labels = `flow_schema="${namespace}",priority_level="${level}"`;
    await eventually(async () => {
      await deployer.request("GET", "/version");
      const { body } = await scene.api.request<string>("GET", "/metrics");
      return body.includes(`apiserver_flowcontrol_dispatched_requests_total{${labels}}`);
    });
    deployer.close();
  });

  it("has nothing to change in a second run", async () => {
    const again = await scene.program.up(stack, "--expect-no-changes");
    expect(again.exitCode, again.output).to.equal(0);
  });

  it("leaves no FlowSchema behind", async () => {
    const destroy = await scene.program.destroy(stack);
    expect(destroy.exitCode, destroy.output).to.equal(0);
    expect((await scene.api.request("GET", flowSchemaPath)).status).to.equal(404);
    expect((await scene.api.request("GET", namespacePath)).status).to.equal(404);
  });

  it("binds the platform's ClusterRoles in place of its Roles, in its own namespace alone", async () => {
    const before = "review-guarded";
    const own = "/api/v1/namespaces/review-shop-guarded";
    const roles = `${rbacPath}/namespaces/review-shop-guarded/roles`;
    await scene.program.createStack(before, { project: "shop" });
    await scene.program.succeed(["up", "--stack", before, "--yes", "--skip-preview"]);
    expect((await scene.api.request("GET", roles)).body.items).not.to.deep.equal([]);
    await scene.program.succeed(["config", "set", "--stack", before, "platform", "true"]);
    await scene.program.succeed(["up", "--stack", before, "--yes", "--skip-preview"]);

    expect((await scene.api.request("GET", roles)).body.items).to.deep.equal([]);
    const jane = new KubernetesApi(await scene.sandbox.userKubeconfig("jane", ["dev-users"]));
    const answers = [
      await jane.request("GET", `${own}/resourcequotas`),
      await jane.request("GET", `${own}/pods`),
      await jane.request("GET", "/api/v1/namespaces/default/resourcequotas"),
    ];
    jane.close();
    expect(answers.map(({ status }) => status)).to.deep.equal([200, 403, 403]);
    const destroy = await scene.program.destroy(before);
    expect(destroy.exitCode, destroy.output).to.equal(0);
  });

  async function create(path: string, object: object): Promise<void> {
    const { status, body } = await scene.api.request("POST", path, object);
    expect(status, JSON.stringify(body)).to.equal(201);
  }

  async function mayListQuotas(home: string): Promise<boolean> {
    const user = `system:serviceaccount:${home}:verifier`;
    const resourceAttributes = { verb: "list", resource: "resourcequotas", namespace };
    const { body } = await scene.api.request(
      "POST",
      "/apis/authorization.k8s.io/v1/subjectaccessreviews",
      { spec: { user, resourceAttributes } },
    );
    return body.status.allowed as boolean;
  }
});
