import { expect } from "chai";
import { KubernetesApi } from "secure-environment-sandbox";
import { isAllowed } from "./support/accessReviews";
import { attempt, escalations } from "./support/escalations";
import { eventually } from "../support/eventually";
import { statusAsAdministrator } from "./support/impersonation";
import { setScene } from "./support/scene";
import { compliantDeployment, compliantPod, compliantService } from "./support/workloads";

const own = "review-deployed";
const foreign = "review-deployed-neighbour";
const controllers = "argocd";
const core = `/api/v1/namespaces/${own}`;
const serverSideApply = { contentType: "application/apply-patch+yaml" };

const application: readonly (readonly [collection: string, name: string, object: object])[] = [
  [`${core}/configmaps`, "shop", { apiVersion: "v1", kind: "ConfigMap", data: { colour: "red" } }],
  [`${core}/secrets`, "shop", { apiVersion: "v1", kind: "Secret", stringData: { key: "hunter2" } }],
  [
    `${core}/persistentvolumeclaims`,
    "shop",
    {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    },
  ],
  [`${core}/services`, "shop", compliantService("shop")],
  [`/apis/apps/v1/namespaces/${own}/deployments`, "shop", compliantDeployment("shop")],
  [
    `/apis/batch/v1/namespaces/${own}/jobs`,
    "migrate",
    {
      apiVersion: "batch/v1",
      kind: "Job",
      spec: { template: { spec: { ...compliantPod("migrate").spec, restartPolicy: "Never" } } },
    },
  ],
  [`${core}/pods`, "probe", compliantPod("probe")],
];

describe("the deployer", function () {
  this.timeout(300_000);
  const scene = setScene();
  let kubeconfig: string;
  let deployer: KubernetesApi;

  before(async () => {
    await scene.program.createStack(own, {
      "access[0].serviceAccount.namespace": controllers,
      "access[0].serviceAccount.name": "controller",
      "access[0].preset": "deploy",
    });
    await scene.api.request("POST", "/api/v1/namespaces", { metadata: { name: controllers } });
    await scene.api.request("POST", `/api/v1/namespaces/${controllers}/serviceaccounts`, {
      metadata: { name: "controller" },
    });
    const up = await scene.program.up(own);
    expect(up.exitCode, up.output).to.equal(0);
    kubeconfig = await scene.sandbox.serviceAccountKubeconfig(own, "deployer");
    deployer = new KubernetesApi(kubeconfig);
    const secret = { metadata: { name: "password" }, stringData: { password: "hunter2" } };
    await scene.api.request("POST", "/api/v1/namespaces", { metadata: { name: foreign } });
    const secrets = `/api/v1/namespaces/${foreign}/secrets`;
    expect((await scene.api.request("POST", secrets, secret)).status).to.equal(201);
  });

  after(async () => {
    deployer.close();
    await scene.program.destroy(own);
    for (const namespace of [foreign, controllers]) {
      await scene.api.request("DELETE", `/api/v1/namespaces/${namespace}`);
    }
  });

  it("has no token that lasts, as nobody in the environment has", async () => {
    const { body } = await scene.api.request("GET", `${core}/secrets`);
    expect(body.items).to.deep.equal([]);
    const account = await scene.api.request("GET", `${core}/serviceaccounts/deployer`);
    expect(account.body.automountServiceAccountToken).to.equal(false);
    expect(account.body).not.to.have.property("secrets");
  });

  describe("with a short-lived token", () => {
    for (const [collection, name, object] of application) {
      const path = `${collection}/${name}`;
      it(`may apply, read, watch and delete ${path}`, async () => {
        const body = { ...object, metadata: { name } };
        const query = { fieldManager: "deployer" };
        const applied = await deployer.request("PATCH", path, body, { ...serverSideApply, query });
        expect(applied.status, applied.body.message).to.equal(201);
        const again = await deployer.request("PATCH", path, body, { ...serverSideApply, query });
        expect(again.status, again.body.message).to.equal(200);
        expect((await deployer.request("GET", collection)).status).to.equal(200);
        (await deployer.watch(collection, () => undefined))();
        expect((await deployer.request("DELETE", path)).status).to.be.oneOf([200, 202]);
        expect((await deployer.request("POST", collection, body)).status).to.be.oneOf([201, 409]);
      });
    }

    it("may scale a deployment and follow its events", async () => {
      const scale = `/apis/apps/v1/namespaces/${own}/deployments/shop/scale`;
      const patch = { spec: { replicas: 2 } };
      const options = { contentType: "application/merge-patch+json" };
      expect((await deployer.request("PATCH", scale, patch, options)).status).to.equal(200);
      expect((await deployer.request("GET", `${core}/events`)).status).to.equal(200);
    });
  });

  const refused: readonly (readonly [verbs: readonly string[], resources: readonly string[]])[] = [
    [
      ["create", "update", "patch", "delete"],
      ["ingresses", "httproutes", "daemonsets"],
    ],
    [
      ["create", "update", "patch", "delete"],
      ["endpoints", "endpointslices"],
    ],
    [
      ["create", "update", "patch", "delete"],
      ["resourcequotas", "limitranges", "networkpolicies"],
    ],
    [
      ["get", "create"],
      ["pods/exec", "pods/attach", "pods/portforward", "pods/proxy"],
    ],
    [
      ["get", "create", "update", "delete", "bind", "escalate"],
      ["roles", "rolebindings"],
    ],
    [
      ["get", "create", "update", "patch", "delete"],
      ["nodes", "persistentvolumes"],
    ],
    [["list", "watch", "create", "update", "patch", "delete"], ["namespaces"]],
    [
      ["patch", "update"],
      ["pods/ephemeralcontainers", "pods/status", "services/status"],
    ],
    [["create"], ["serviceaccounts/token", "pods/eviction", "pods/binding"]],
    [["deletecollection"], ["pods", "secrets", "configmaps", "deployments"]],
    [["impersonate"], ["users", "groups", "serviceaccounts"]],
    [
      ["delete", "create"],
      ["events", "poddisruptionbudgets"],
    ],
  ];
  for (const [verbs, resources] of refused) {
    it(`may not ${verbs.join(", ")} ${resources.join(", ")}`, async () => {
      for (const resource of resources) {
        for (const verb of verbs) {
          const question = { verb, resource, namespace: own };
          expect(await isAllowed(deployer, question), `${verb} ${resource}`).to.equal(false);
          expect(await isAllowed(scene.api, question), `${verb} ${resource}`).to.equal(true);
        }
      }
    });
  }

  for (const escalation of escalations(own, foreign)) {
    it(`may not ${escalation.attempt}, which an administrator may`, async () => {
      const { status, body } = await attempt(deployer, escalation);
      expect([status, body.reason]).to.deep.equal([403, "Forbidden"]);
      expect((await attempt(scene.api, escalation, true)).status).to.be.oneOf([200, 201]);
    });
  }

  it("may be the service account of a controller beside the environment's own", async () => {
    const token = await scene.sandbox.serviceAccountKubeconfig(controllers, "controller");
    const controller = new KubernetesApi(token);
    const secret = { metadata: { name: "synced" }, stringData: { key: "hunter2" } };
    const deployment = { ...compliantDeployment("synced"), metadata: { name: "synced" } };
    const deployments = `/apis/apps/v1/namespaces/${own}/deployments`;
    expect((await controller.request("POST", `${core}/secrets`, secret)).status).to.equal(201);
    expect((await controller.request("POST", deployments, deployment)).status).to.equal(201);
    expect((await controller.request("DELETE", `${deployments}/synced`)).status).to.equal(200);
    for (const path of [`${core}/resourcequotas/environment`, `/api/v1/namespaces/${own}`]) {
      expect((await controller.request("DELETE", path)).status, path).to.equal(403);
    }
    const others = `/api/v1/namespaces/${foreign}/secrets`;
    expect((await controller.request("GET", others)).status).to.equal(403);
    controller.close();
  });

  it("may not act for an administrator", async () => {
    expect(await statusAsAdministrator(kubeconfig, "/api/v1/secrets")).to.equal(403);
    expect(await statusAsAdministrator(scene.sandbox.kubeconfig, "/api/v1/secrets")).to.equal(200);
  });

  it("gains nothing but time by a token Secret: no account here has more than itself", async () => {
    for (const account of ["default", "deployer"]) {
      const token = await lastingTokenOf(account);
      const review = { spec: { token } };
      const path = "/apis/authentication.k8s.io/v1/tokenreviews";
      const { body } = await scene.api.request("POST", path, review);
      const user = `system:serviceaccount:${own}:${account}`;
      expect(body.status.user.username).to.equal(user);
      const groups = body.status.user.groups as string[];
      for (const { resource, verb } of [
        { verb: "create", resource: "networkpolicies" },
        { verb: "create", resource: "rolebindings" },
        { verb: "delete", resource: "resourcequotas" },
      ]) {
        expect(await mayDo(user, groups, verb, resource), `${account} ${verb}`).to.equal(false);
      }
      expect(await mayDo(user, groups, "create", "pods")).to.equal(account === "deployer");
    }
  });

  async function lastingTokenOf(account: string): Promise<string> {
    const secret = {
      metadata: {
        name: `${account}-token`,
        annotations: { "kubernetes.io/service-account.name": account },
      },
      type: "kubernetes.io/service-account-token",
    };
    expect((await deployer.request("POST", `${core}/secrets`, secret)).status).to.equal(201);
    let token: string | undefined;
    await eventually(async () => {
      const { body } = await deployer.request("GET", `${core}/secrets/${account}-token`);
      token = body.data?.token;
      return token !== undefined;
    });
    return Buffer.from(token ?? "", "base64").toString();
  }

  async function mayDo(user: string, groups: string[], verb: string, resource: string) {
    const group = {
      networkpolicies: "networking.k8s.io",
      rolebindings: "rbac.authorization.k8s.io",
    };
    const resourceAttributes = {
      namespace: own,
      verb,
      resource,
      group: (group as Record<string, string>)[resource] ?? "",
    };
    const path = "/apis/authorization.k8s.io/v1/subjectaccessreviews";
    const review = { spec: { user, groups, resourceAttributes } };
    return (await scene.api.request("POST", path, review)).body.status.allowed as boolean;
  }
});
