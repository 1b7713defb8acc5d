import { expect } from "chai";
import { KubernetesApi } from "secure-environment-sandbox";
import { eventually } from "../support/eventually";
import { setScene } from "./support/scene";
import { compliantDeployment, compliantPod, compliantService } from "./support/workloads";

const namespace = "review-hungry";
const pods = `/api/v1/namespaces/${namespace}/pods`;
const services = `/api/v1/namespaces/${namespace}/services`;
const configMaps = `/api/v1/namespaces/${namespace}/configmaps`;
const volumeClaims = `/api/v1/namespaces/${namespace}/persistentvolumeclaims`;
const resourceApi = `/apis/resource.k8s.io/v1/namespaces/${namespace}`;

const dryRun = { query: { dryRun: "All" } };

describe("the capacity of an environment", function () {
  this.timeout(300_000);
  const scene = setScene();
  let developer: KubernetesApi;
  let told: string;

  before(async () => {
    developer = new KubernetesApi(await scene.sandbox.userKubeconfig("jane", ["dev-users"]));
    await scene.program.createStack(namespace, {
      'quota["limits.cpu"]': "2",
      'quota["configmaps"]': "2",
      volumeMaximum: "5Gi",
    });
    const up = await scene.program.up(namespace);
    expect(up.exitCode, up.output).to.equal(0);
    told = up.output;
  });

  after(async () => {
    await scene.program.destroy(namespace);
    developer.close();
  });

  it("tells how many pods fit that ask for nothing, where a bound leaves room for fewer", () => {
    expect(told).to.contain('Of pods that ask for nothing only 4 fit, and quota["pods"] is 24.');
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

  for (const resource of ["cpu", "memory", "ephemeral-storage"]) {
    it(`refuses a ${resource} limit of 0, which nodes take for no limit at all`, async () => {
      const pod = compliantPod("unlimited");
      pod.spec.containers[0].resources = { requests: { [resource]: 0 }, limits: { [resource]: 0 } };
      const { status, body } = await developer.request("POST", pods, pod);
      expect(status).to.equal(403);
      expect(body.message).to.contain(`minimum ${resource} usage per Container`);
    });
  }

  it("refuses a pod whose containers together hide the ephemeral storage they use", async () => {
    const pod = compliantPod("disk");
    const [container] = pod.spec.containers;
    pod.spec.containers = ["a", "b", "c"].map((name) => ({
      ...container,
      name,
      resources: { limits: { "ephemeral-storage": "9Gi" } },
    }));
    const { status, body } = await developer.request("POST", pods, pod);
    expect(status).to.equal(403);
    expect(body.message).to.contain("maximum ephemeral-storage usage per Pod is 24Gi");
  });

  for (const priorityClassName of ["system-node-critical", "system-cluster-critical"]) {
    it(`refuses a pod of the priority ${priorityClassName}`, async () => {
      const pod = compliantPod("important");
      pod.spec.priorityClassName = priorityClassName;
      const { status, body } = await developer.request("POST", pods, pod);
      expect(status).to.equal(403);
      expect(body.message).to.contain("exceeded quota: no-system-priority");
    });
  }

  const byHost = { topologyKey: "kubernetes.io/hostname", labelSelector: {} };
  const elsewhere = {
    "another namespace": { ...byHost, namespaces: ["staging"] },
    "all namespaces": { ...byHost, namespaceSelector: {} },
  };
  for (const [where, term] of Object.entries(elsewhere)) {
    it(`refuses a pod that keeps the pods of ${where} off its node`, async () => {
      const pod = compliantPod("repellent");
      pod.spec.affinity = {
        podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] },
      };
      const { status, body } = await developer.request("POST", pods, pod);
      expect(status).to.equal(403);
      expect(body.message).to.contain("exceeded quota: no-cross-namespace-affinity");
    });
  }

  it("admits a pod that keeps its environment's pods apart, without a priority", async () => {
    const pod = compliantPod("apart");
    pod.spec.affinity = {
      podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [byHost] },
    };
    const { status, body } = await developer.request("POST", pods, pod, dryRun);
    expect(status, body.message).to.equal(201);
  });

  for (const device of ["nvidia.com/gpu", "amd.com/gpu", "google.com/tpu", "hugepages-2Mi"]) {
    it(`refuses a pod that asks for ${device}`, async () => {
      const pod = compliantPod("device");
      const amount = device.startsWith("hugepages") ? "2Mi" : "1";
      pod.spec.containers[0].resources = { limits: { [device]: amount } };
      const { status, body } = await developer.request("POST", pods, pod);
      expect(status).to.equal(403);
      expect(body.message).to.contain("exceeded quota: environment").and.contain(device);
    });
  }

  const deviceSpec = {
    devices: { requests: [{ name: "gpu", exactly: { deviceClassName: "gpu.example.com" } }] },
  };
  const claims = { resourceclaims: deviceSpec, resourceclaimtemplates: { spec: deviceSpec } };
  for (const [resource, spec] of Object.entries(claims)) {
    it(`refuses ${resource}, whoever makes them`, async () => {
      const claim = { metadata: { name: "gpu" }, spec };
      const { status, body } = await scene.api.request("POST", `${resourceApi}/${resource}`, claim);
      expect(status, body.message).to.equal(403);
      expect(body.message).to.contain(`count/${resource}.resource.k8s.io=1`);
    });
  }

  for (const [storage, expected] of [
    ["6Gi", 403],
    ["512Ki", 403],
    ["5Gi", 201],
  ] as const) {
    it(`answers ${expected} to a volume of ${storage} where 5Gi is the most`, async () => {
      const claim = {
        metadata: { name: `volume-${storage.toLowerCase()}` },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage } } },
      };
      const { status } = await developer.request("POST", volumeClaims, claim, dryRun);
      expect(status).to.equal(expected);
    });
  }

  it("refuses the object with which all of its kind exceed the quota", async () => {
    const answers = [];
    for (const name of ["first", "second"]) {
      const configMap = { metadata: { name } };
      answers.push(await developer.request("POST", configMaps, configMap));
    }
    // One more is counted: the certificate that Kubernetes puts into every namespace.
    expect(answers.map((answer) => answer.status)).to.deep.equal([201, 403]);
    expect(answers[1]?.body.message).to.contain("exceeded quota: environment");
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

describe("an environment of the smallest size", function () {
  this.timeout(300_000);
  const stack = "review-full";
  const deployments = `/apis/apps/v1/namespaces/${stack}/deployments`;
  const ownPods = `/api/v1/namespaces/${stack}/pods`;
  const scene = setScene();

  before(async () => {
    await scene.program.createStack(stack, { size: "small" });
    const up = await scene.program.up(stack);
    expect(up.exitCode, up.output).to.equal(0);
    expect(up.output).not.to.contain("that ask for nothing");
  });

  after(() => scene.program.destroy(stack));

  it("has ten pods that ask for nothing, and a rollout of one of their workloads", async () => {
    for (const [name, replicas] of Object.entries({ shop: 6, api: 3, web: 1 })) {
      const deployment = compliantDeployment(name);
      deployment.spec.replicas = replicas;
      const { status, body } = await scene.api.request("POST", deployments, deployment);
      expect(status, body.message).to.equal(201);
    }
    await eventually(async () => (await podsOf("shop", "api", "web")) === 10);

    const restarted = { "kubectl.kubernetes.io/restartedAt": "2027-01-31T18:00:00Z" };
    const change = { spec: { template: { metadata: { annotations: restarted } } } };
    const contentType = "application/merge-patch+json";
    await scene.api.request("PATCH", `${deployments}/api`, change, { contentType });

    // No kubelet makes a pod ready here, so the rollout waits with the pod that it starts first.
    await eventually(async () => (await podsOf("api")) === 4);
    expect(await podsOf("shop", "api", "web")).to.equal(11);
  });

  async function podsOf(...names: readonly string[]): Promise<number> {
    const labelSelector = `app in (${names.join(",")})`;
    const { body } = await scene.api.request("GET", ownPods, undefined, {
      query: { labelSelector },
    });
    return (body.items as unknown[]).length;
  }
});

describe("an environment with a PriorityClass of its own", function () {
  this.timeout(300_000);
  const stack = "review-polite";
  const ownPods = `/api/v1/namespaces/${stack}/pods`;
  const classes = "/apis/scheduling.k8s.io/v1/priorityclasses";
  const names = ["polite-low", "polite-high"];
  const scene = setScene();

  before(async () => {
    for (const name of names) {
      await scene.api.request("POST", classes, { metadata: { name }, value: -10 });
    }
    await scene.program.createStack(stack, { size: "small", priorityClass: "polite-low" });
    const up = await scene.program.up(stack);
    expect(up.exitCode, up.output).to.equal(0);
  });

  after(async () => {
    await scene.program.destroy(stack);
    for (const name of names) {
      await scene.api.request("DELETE", `${classes}/${name}`);
    }
  });

  it("has the quota of its size", async () => {
    const path = `/api/v1/namespaces/${stack}/resourcequotas/environment`;
    const { body } = await scene.api.request("GET", path);
    expect(body.status.hard["limits.cpu"]).to.equal("6");
    expect(body.status.hard.pods).to.equal("12");
  });

  it("admits a pod of that class", async () => {
    const { status, body } = await createPod("polite-low");
    expect(status, body.message).to.equal(201);
  });

  for (const priorityClassName of ["polite-high", "system-node-critical", undefined]) {
    it(`refuses a pod of the class ${priorityClassName ?? "that it did not name"}`, async () => {
      const { status, body } = await createPod(priorityClassName);
      expect(status).to.equal(403);
      expect(body.message).to.contain("exceeded quota:").and.contain("limited: pods=0");
    });
  }

  function createPod(priorityClassName?: string) {
    const pod = compliantPod("pod");
    pod.spec.priorityClassName = priorityClassName;
    return scene.api.request("POST", ownPods, pod, dryRun);
  }
});
