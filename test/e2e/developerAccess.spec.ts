import { expect } from "chai";
import { KubernetesApi } from "secure-environment-sandbox";
import { setScene } from "./support/scene";
import { compliantDeployment, compliantPod, compliantService } from "./support/workloads";

const own = "review-developed";
const foreign = "review-neighbour";
const mergePatch = { contentType: "application/merge-patch+json" };

describe("a member of dev-users", function () {
  this.timeout(300_000);
  const scene = setScene();
  let developer: KubernetesApi;

  before(async () => {
    developer = new KubernetesApi(await scene.sandbox.userKubeconfig("jane", ["dev-users"]));
    await scene.program.createStack(own);
    const up = await scene.program.up(own);
    expect(up.exitCode, up.output).to.equal(0);
    await createNamespaceOfOthers();
  });

  after(async () => {
    await scene.program.destroy(own);
    await scene.api.request("DELETE", `/api/v1/namespaces/${foreign}`);
    developer.close();
  });

  it("may deploy an application", async () => {
    const created = [
      await create(`/apis/apps/v1/namespaces/${own}/deployments`, compliantDeployment("shop")),
      await create(`/api/v1/namespaces/${own}/services`, compliantService("shop")),
      await create(`/api/v1/namespaces/${own}/configmaps`, { metadata: { name: "shop" } }),
    ];
    expect(created.map((response) => response.status)).to.deep.equal([201, 201, 201]);
  });

  it("may look at the walls", async () => {
    const paths = [
      `/api/v1/namespaces/${own}/resourcequotas/environment`,
      `/api/v1/namespaces/${own}/limitranges/environment`,
      `/apis/networking.k8s.io/v1/namespaces/${own}/networkpolicies/default-deny`,
    ];
    for (const path of paths) {
      expect((await developer.request("GET", path)).status, path).to.equal(200);
    }
  });

  describe("may not move a wall:", () => {
    const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${own}`;
    const networking = `/apis/networking.k8s.io/v1/namespaces/${own}`;
    const walls = [
      `/api/v1/namespaces/${own}/resourcequotas/environment`,
      `/api/v1/namespaces/${own}/limitranges/environment`,
      `${networking}/networkpolicies/default-deny`,
      `${networking}/networkpolicies/same-environment`,
      `${networking}/networkpolicies/dns`,
      `${rbac}/roles/developer`,
      `${rbac}/rolebindings/developer`,
      `/api/v1/namespaces/${own}/serviceaccounts/default`,
      `/api/v1/namespaces/${own}`,
    ];
    for (const wall of walls) {
      it(`neither change nor delete ${wall}`, async () => {
        expect((await scene.api.request("GET", wall)).status).to.equal(200);
        const patch = { metadata: { labels: { moved: "yes" } } };
        expectForbidden(await developer.request("PATCH", wall, patch, mergePatch));
        expectForbidden(await developer.request("DELETE", wall));
        expect((await scene.api.request("GET", wall)).status).to.equal(200);
      });
    }

    it("nor delete them as a collection", async () => {
      for (const collection of [
        `/api/v1/namespaces/${own}/resourcequotas`,
        `/api/v1/namespaces/${own}/limitranges`,
        `${networking}/networkpolicies`,
        `${rbac}/rolebindings`,
      ]) {
        expectForbidden(await developer.request("DELETE", collection));
      }
    });

    it("nor add one that opens what the others close", async () => {
      const open = { metadata: { name: "open" }, spec: { podSelector: {}, ingress: [{}] } };
      expectForbidden(await create(`${networking}/networkpolicies`, open));
    });

    it("nor give rights to anybody", async () => {
      const binding = {
        metadata: { name: "friends" },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "developer" },
        subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "friend" }],
      };
      expectForbidden(await create(`${rbac}/rolebindings`, binding));
    });

    it("nor get a token of a service account", async () => {
      const accounts = `/api/v1/namespaces/${own}/serviceaccounts`;
      expectForbidden(await create(`${accounts}/default/token`, {}));
      expectForbidden(await create(accounts, { metadata: { name: "robot" } }));
    });
  });

  it("may neither read nor write secrets of the environment", async () => {
    const secrets = `/api/v1/namespaces/${own}/secrets`;
    const secret = { metadata: { name: "password" }, stringData: { password: "hunter2" } };
    expect((await scene.api.request("POST", secrets, secret)).status).to.equal(201);
    expectForbidden(await developer.request("GET", secrets));
    expectForbidden(await developer.request("GET", `${secrets}/password`));
    expectForbidden(await create(secrets, { metadata: { name: "token" } }));
  });

  describe("may not touch another namespace:", () => {
    for (const namespace of [foreign, "default", "kube-system"]) {
      it(`${namespace}`, async () => {
        const base = `/api/v1/namespaces/${namespace}`;
        expectForbidden(await developer.request("GET", `${base}/secrets`));
        expectForbidden(await developer.request("GET", `${base}/pods`));
        expectForbidden(await developer.request("GET", `${base}/configmaps`));
        expectForbidden(await create(`${base}/pods`, compliantPod("intruder")));
        expectForbidden(await create(`${base}/configmaps`, { metadata: { name: "intruder" } }));
        const deployments = `/apis/apps/v1/namespaces/${namespace}/deployments`;
        expectForbidden(await create(deployments, compliantDeployment("intruder")));
        expectForbidden(await developer.request("DELETE", base));
      });
    }

    it("nor read a secret that is there", async () => {
      const secret = `/api/v1/namespaces/${foreign}/secrets/password`;
      expect((await scene.api.request("GET", secret)).status).to.equal(200);
      expectForbidden(await developer.request("GET", secret));
    });

    it("nor make one", async () => {
      expectForbidden(await create("/api/v1/namespaces", { metadata: { name: "review-mine" } }));
    });
  });

  describe("may not run a pod that leaves its sandbox:", () => {
    const pods = `/api/v1/namespaces/${own}/pods`;

    it("while its compliant twin runs", async () => {
      expect((await create(pods, compliantPod("twin"))).status).to.equal(201);
    });

    it("privileged", async () => {
      const pod = compliantPod("privileged");
      pod.spec.containers[0].securityContext = {
        privileged: true,
        capabilities: { drop: ["ALL"] },
      };
      await expectRefused(pod, "must not set securityContext.privileged=true");
    });

    it("with a folder of the node", async () => {
      const pod = compliantPod("host-path");
      pod.spec.volumes = [{ name: "node", hostPath: { path: "/" } }];
      await expectRefused(pod, 'volume "node" uses restricted volume type "hostPath"');
    });

    it("on the network of the node", async () => {
      const pod = compliantPod("host-network");
      pod.spec.hostNetwork = true;
      await expectRefused(pod, "hostNetwork=true");
    });

    async function expectRefused(pod: unknown, reason: string): Promise<void> {
      const { status, body } = await create(pods, pod);
      expect(status).to.equal(403);
      expect(body.message).to.contain("violates PodSecurity").and.to.contain(reason);
    }
  });

  function create(path: string, object: unknown) {
    return developer.request("POST", path, object);
  }

  async function createNamespaceOfOthers(): Promise<void> {
    const secret = { metadata: { name: "password" }, stringData: { password: "hunter2" } };
    const answers = [
      await scene.api.request("POST", "/api/v1/namespaces", { metadata: { name: foreign } }),
      await scene.api.request("POST", `/api/v1/namespaces/${foreign}/secrets`, secret),
    ];
    expect(answers.map(({ status }) => status)).to.deep.equal([201, 201]);
  }
});

function expectForbidden(response: { status: number; body: { reason?: string } }): void {
  expect([response.status, response.body.reason]).to.deep.equal([403, "Forbidden"]);
}
