import { expect } from "chai";
import { KubernetesApi } from "secure-environment-sandbox";
import {
  type ApiRequest,
  bent,
  corePath,
  createAll,
  groupPath,
  patchRequest,
  postRequest,
  send,
} from "./support/apiRequests";
import { eventually } from "../support/eventually";
import { type PlatformScene, setPlatformScene } from "./support/platformScene";
import { compliantDeployment } from "./support/workloads";
import { buildEnvironment } from "./attacks/environments";
import { newClaim } from "./attacks/guestRequests";
import { login } from "./attacks/places";

/** Each kind of workload under the platform's guard rails, from its beginning to its end. */
describe("workloads of an environment that a platform guards", function () {
  this.timeout(300_000);
  const scene: PlatformScene = setPlatformScene({ projects: [{ name: "shop" }] });
  let deployer: KubernetesApi;

  before("bring an environment up as its pipeline", async () => {
    const account = ["secure-environment-pipeline-shop", "pipeline"] as const;
    const pipeline = new KubernetesApi(await scene.sandbox.serviceAccountKubeconfig(...account));
    await buildEnvironment(pipeline, login, [{ group: "dev-users" }], {});
    pipeline.close();
    const kubeconfig = await scene.sandbox.serviceAccountKubeconfig(login.namespace, "deployer");
    deployer = new KubernetesApi(kubeconfig);
  });

  after(() => deployer.close());

  for (const propagationPolicy of ["Foreground", "Background", "Orphan"]) {
    it(`deploys, scales, rolls out and removes (${propagationPolicy}) a Deployment`, async () => {
      const name = `web-${propagationPolicy.toLowerCase()}`;
      const path = `${deployments}/${name}`;
      await created(postRequest(deployments, compliantDeployment(name)));
      await countOf(pods, name, 1);
      await done(patchRequest(`${path}/scale`, { spec: { replicas: 3 } }));
      await countOf(pods, name, 3);
      const restarted = { "kubectl.kubernetes.io/restartedAt": "2027-01-31T18:00:00Z" };
      await done(
        patchRequest(path, { spec: { template: { metadata: { annotations: restarted } } } }),
      );
      await countOf(replicaSets, name, 2);
      await done(removal(path, propagationPolicy));
      await gone(path);
      if (propagationPolicy === "Orphan") {
        await countOf(replicaSets, name, 2);
      } else {
        await countOf(replicaSets, name, 0);
        await countOf(pods, name, 0);
      }
    });
  }

  it("runs and removes a StatefulSet with a volume for each of its pods", async () => {
    const name = "database";
    const path = groupPath(login, "apps", "statefulsets");
    const { spec } = compliantDeployment(name);
    const claim = bent(newClaim(login), { metadata: { name: "data" } }).body;
    await created(
      postRequest(path, {
        apiVersion: "apps/v1",
        kind: "StatefulSet",
        metadata: { name },
        spec: {
          ...spec,
          replicas: 2,
          serviceName: name,
          podManagementPolicy: "Parallel",
          volumeClaimTemplates: [claim],
          persistentVolumeClaimRetentionPolicy: { whenDeleted: "Delete", whenScaled: "Delete" },
        },
      }),
    );
    await countOf(pods, name, 2);
    await countOf(claims, name, 2);
    await done(removal(`${path}/${name}`, "Foreground"));
    await gone(`${path}/${name}`);
    await countOf(pods, name, 0);
    await countOf(claims, name, 0);
  });

  it("runs and removes a Job, and one that a CronJob is told to start", async () => {
    const template = jobTemplate("migration");
    await created(
      postRequest(jobs, {
        apiVersion: "batch/v1",
        kind: "Job",
        ...named("migration"),
        ...template,
      }),
    );
    await countOf(pods, "migration", 1);
    await created(
      postRequest(groupPath(login, "batch", "cronjobs"), {
        apiVersion: "batch/v1",
        kind: "CronJob",
        ...named("nightly"),
        spec: { schedule: "0 3 * * *", jobTemplate: jobTemplate("nightly") },
      }),
    );
    await created(
      postRequest(jobs, {
        apiVersion: "batch/v1",
        kind: "Job",
        metadata: {
          name: "nightly-now",
          annotations: { "cronjob.kubernetes.io/instantiate": "manual" },
        },
        ...jobTemplate("nightly"),
      }),
    );
    await countOf(pods, "nightly", 1);
    for (const name of ["migration", "nightly-now"]) {
      await done(removal(`${jobs}/${name}`, "Foreground"));
      await gone(`${jobs}/${name}`);
    }
    await countOf(pods, "migration", 0);
    await countOf(pods, "nightly", 0);
  });

  it("starts the jobs of a CronJob on time", async () => {
    await created(
      postRequest(groupPath(login, "batch", "cronjobs"), {
        apiVersion: "batch/v1",
        kind: "CronJob",
        ...named("minutely"),
        spec: { schedule: "* * * * *", jobTemplate: jobTemplate("minutely") },
      }),
    );
    const isStarted = async () => (await countIn(pods, "minutely")) > 0;
    await eventually(isStarted).catch(() => eventually(isStarted));
    await done(removal(`${groupPath(login, "batch", "cronjobs")}/minutely`, "Foreground"));
    await countOf(pods, "minutely", 0);
  });

  it("goes with everything in it while its workloads are being made", async () => {
    const names = Array.from({ length: 10 }, (_, index) => `last-${index}`);
    const requests = names.map((name) => postRequest(deployments, compliantDeployment(name)));
    const answers = Promise.all(requests.map((request) => send(deployer, request)));
    const { status } = await scene.api.request("DELETE", corePath(login));
    expect(status).to.equal(200);
    await answers;
    await eventually(async () => (await scene.api.request("GET", corePath(login))).status === 404);
  });

  async function created(request: ApiRequest): Promise<void> {
    await createAll(deployer, [request]);
  }

  async function done(request: ApiRequest): Promise<void> {
    const { status, body } = await send(deployer, request);
    expect(status, JSON.stringify(body)).to.be.oneOf([200, 202]);
  }

  async function gone(path: string): Promise<void> {
    await eventually(async () => (await scene.api.request("GET", path)).status === 404);
  }

  async function countIn(path: string, app: string): Promise<number> {
    const query = { labelSelector: `app=${app}` };
    const { body } = await scene.api.request("GET", path, undefined, { query });
    return body.items.length as number;
  }

  async function countOf(path: string, app: string, count: number): Promise<void> {
    await eventually(async () => (await countIn(path, app)) === count);
  }
});

const pods = corePath(login, "pods");
const claims = corePath(login, "persistentvolumeclaims");
const deployments = groupPath(login, "apps", "deployments");
const replicaSets = groupPath(login, "apps", "replicasets");
const jobs = groupPath(login, "batch", "jobs");

function named(name: string) {
  return { metadata: { name } };
}

function jobTemplate(app: string) {
  const { metadata, spec } = compliantDeployment(app).spec.template;
  return { spec: { template: { metadata, spec: { ...spec, restartPolicy: "Never" } } } };
}

function removal(path: string, propagationPolicy: string): ApiRequest {
  const body = { apiVersion: "v1", kind: "DeleteOptions", propagationPolicy };
  return { method: "DELETE", path, body };
}
