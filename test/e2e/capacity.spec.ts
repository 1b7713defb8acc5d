import { expect } from "chai";
import { KubernetesApi } from "secure-environment-sandbox";
import { setScene } from "../support/scene";
import { compliantPod, compliantService } from "../support/workloads";

const namespace = "review-hungry";
const pods = `/api/v1/namespaces/${namespace}/pods`;
const services = `/api/v1/namespaces/${namespace}/services`;

describe("the capacity of an environment", function () {
  this.timeout(120_000);
  const scene = setScene();
  let developer: KubernetesApi;

  before(async () => {
    developer = new KubernetesApi(await scene.sandbox.userKubeconfig("jane", ["dev-users"]));
    await scene.program.createStack(namespace, { 'quota["limits.cpu"]': "2" });
    const up = await scene.program.up(namespace);
    expect(up.exitCode, up.output).to.equal(0);
  });

  after(async () => {
    await scene.program.destroy(namespace);
    developer.close();
  });

  it("gives a pod that asks for nothing its defaults, ephemeral storage included", async () => {
    const { status, body } = await developer.request("POST", pods, compliantPod("modest"));
    expect(status).to.equal(201);
    expect(body.spec.containers[0].resources).to.deep.equal({
      requests: { cpu: "100m", memory: "128Mi", "ephemeral-storage": "256Mi" },
      limits: { cpu: "500m", memory: "512Mi", "ephemeral-storage": "1Gi" },
    });
  });

  it("refuses a pod that asks for more than a pod may have", async () => {
    const pod = compliantPod("greedy");
    pod.spec.containers[0].resources = { limits: { cpu: "3" } };
    const { status, body } = await developer.request("POST", pods, pod);
    expect(status).to.equal(403);
    expect(body.message).to.contain("maximum cpu usage per Pod is 2, but limit is 3");
  });

  it("refuses the pod with which all pods together exceed the quota", async () => {
    const sizes = ["1", "1"];
    const answers = [];
    for (const [index, cpu] of sizes.entries()) {
      const pod = compliantPod(`share-${index}`);
      pod.spec.containers[0].resources = { limits: { cpu }, requests: { cpu: "100m" } };
      answers.push(await developer.request("POST", pods, pod));
    }
    expect(answers.map((answer) => answer.status)).to.deep.equal([201, 403]);
    expect(answers[1]?.body.message).to.contain(
      "exceeded quota: environment, requested: limits.cpu=1",
    );
  });

  it("refuses a pod that hides its appetite behind pod-level resources", async () => {
    const pod = compliantPod("hidden");
    pod.spec.resources = { requests: { cpu: "100m" }, limits: { memory: "64Gi" } };
    const { status, body } = await developer.request("POST", pods, pod);
    expect(status).to.equal(403);
    expect(body.message).to.contain("maximum memory usage per Pod");
  });

  it("admits a service that only the cluster reaches", async () => {
    const { status } = await developer.request("POST", services, compliantService("inside"));
    expect(status).to.equal(201);
  });

  for (const type of ["LoadBalancer", "NodePort"]) {
    it(`refuses a service of type ${type}`, async () => {
      const service = compliantService(type.toLowerCase());
      service.spec.type = type;
      const { status, body } = await developer.request("POST", services, service);
      expect(status).to.equal(403);
      expect(body.message).to.match(
        /exceeded quota: environment.*services\.(loadbalancers|nodeports)=1/,
      );
    });
  }
});
