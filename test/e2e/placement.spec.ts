import { expect } from "chai";
import { KubernetesApi } from "secure-environment-sandbox";
import { eventually } from "../support/eventually";
import { setScene } from "./support/scene";
import { compliantDeployment, compliantPod } from "./support/workloads";

const label = "secure-environment/node-pool";
const pool = { key: label, operator: "Equal", value: "review", effect: "NoSchedule" };
const memoryPressure = {
  key: "node.kubernetes.io/memory-pressure",
  operator: "Exists",
  effect: "NoSchedule",
};

describe("the nodes of an environment", function () {
  this.timeout(300_000);
  const stack = "review-placed";
  const namespace = `/api/v1/namespaces/${stack}`;
  const pods = `${namespace}/pods`;
  const scene = setScene();
  let developer: KubernetesApi;

  before(async () => {
    developer = new KubernetesApi(await scene.sandbox.userKubeconfig("jane", ["dev-users"]));
    await scene.program.createStack(stack, { "nodePool.name": "review" });
    const up = await scene.program.up(stack);
    expect(up.exitCode, up.output).to.equal(0);
  });

  after(async () => {
    await scene.program.destroy(stack);
    developer.close();
  });

  const resources = {
    "that asks for nothing": undefined,
    "with requests below its limits": { requests: { cpu: "50m" }, limits: { cpu: "100m" } },
    "with requests that are its limits": {
      requests: { cpu: "100m", memory: "128Mi" },
      limits: { cpu: "100m", memory: "128Mi" },
    },
  };
  for (const [which, asked] of Object.entries(resources)) {
    it(`hold a pod ${which}`, async () => {
      const pod = compliantPod("ordinary");
      pod.spec.containers[0].resources = asked;
      const { status, body } = await admitted(pod);
      expect(status, body.message).to.equal(201);
      expect(body.spec.nodeSelector).to.deep.equal({ [label]: "review" });
      expect(body.spec.tolerations).to.deep.include.members([pool, memoryPressure]);
    });
  }

  it("hold the pods of deployments and jobs", async () => {
    const spec = { ...compliantPod("job").spec, restartPolicy: "Never" };
    const job = { metadata: { name: "job" }, spec: { template: { spec } } };
    const created = [
      await developer.request(
        "POST",
        `/apis/apps/v1/namespaces/${stack}/deployments`,
        compliantDeployment("deployment"),
      ),
      await developer.request("POST", `/apis/batch/v1/namespaces/${stack}/jobs`, job),
    ];
    expect(created.map(({ status }) => status)).to.deep.equal([201, 201]);
    await eventually(async () => (await ownedPods()).length === 2);
    for (const { spec: placed } of await ownedPods()) {
      expect(placed.nodeSelector).to.deep.equal({ [label]: "review" });
    }
  });

  it("hold a pod that names a node: only a node of the pool will run it", async () => {
    const { status, body } = await admitted(podWith({ nodeName: "production-1" }));
    expect(status, body.message).to.equal(201);
    expect(body.spec.nodeSelector).to.deep.equal({ [label]: "review" });
  });

  const own = {
    "its pool": pool,
    "its pool, in short": { key: label, value: "review", effect: "NoSchedule" },
    "a lost node for a moment": {
      key: "node.kubernetes.io/unreachable",
      operator: "Exists",
      effect: "NoExecute",
      tolerationSeconds: 5,
    },
  };
  for (const [what, toleration] of Object.entries(own)) {
    it(`admit a pod that tolerates ${what}`, async () => {
      const { status, body } = await admitted(podWith({ tolerations: [toleration] }));
      expect(status, body.message).to.equal(201);
    });
  }

  const others = {
    everything: { operator: "Exists" },
    "the pool of production": { ...pool, value: "production" },
    "all pools": { key: label, operator: "Exists" },
    "its pool when it is drained": { ...pool, effect: "NoExecute" },
    "nodes of the control plane": {
      key: "node-role.kubernetes.io/control-plane",
      operator: "Exists",
      effect: "NoSchedule",
    },
  };
  for (const [what, toleration] of Object.entries(others)) {
    it(`refuse a pod that tolerates ${what}`, async () => {
      const { body } = await admitted(podWith({ tolerations: [toleration] }));
      expect(body.message).to.contain("conflict with its namespace whitelist");
    });

    it(`refuse to let a pod tolerate ${what} later`, async () => {
      const name = "changing";
      await developer.request("POST", pods, compliantPod(name));
      const path = `${pods}/${name}`;
      const { body } = await developer.request("GET", path);
      body.spec.tolerations.push(toleration);
      const answer = await developer.request("PUT", path, body);
      expect(answer.body.message).to.contain("conflict with its namespace whitelist");
    });
  }

  it("refuse a pod that selects another pool", async () => {
    const { status, body } = await admitted(podWith({ nodeSelector: { [label]: "production" } }));
    expect(status).to.equal(403);
    expect(body.message).to.contain("conflicts with its namespace node label selector");
  });

  it("are told by labels and annotations that do not look changed in the next run", async () => {
    const preview = await scene.program.pulumi([
      "preview",
      "--stack",
      stack,
      "--refresh",
      "--expect-no-changes",
    ]);
    expect(preview.exitCode, preview.output).to.equal(0);
    const { body } = await scene.api.request("GET", namespace);
    expect(body.metadata.labels[label]).to.equal("review");
  });

  function admitted(pod: object) {
    return developer.request("POST", pods, pod, { query: { dryRun: "All" } });
  }

  function podWith(spec: object) {
    const pod = compliantPod("placed");
    Object.assign(pod.spec, spec);
    return pod;
  }

  async function ownedPods() {
    const { body } = await developer.request("GET", pods);
    return body.items.filter((pod: { metadata: object }) => "ownerReferences" in pod.metadata);
  }
});

describe("the nodes of an environment that has a pool to itself", function () {
  this.timeout(300_000);
  const stack = "review-alone";
  const scene = setScene();

  after(async () => {
    await scene.program.destroy(stack);
  });

  it("are those named like its namespace, also when that is known only later", async () => {
    await scene.program.createStack(stack, { uniqueSuffix: "true", "nodePool.dedicated": "true" });
    const up = await scene.program.up(stack);
    expect(up.exitCode, up.output).to.equal(0);
    const { namespaceName } = await scene.program.outputs(stack);
    const namespace = `/api/v1/namespaces/${String(namespaceName)}`;

    const { body } = await scene.api.request("POST", `${namespace}/pods`, compliantPod("pod"));
    expect(body.spec.nodeSelector).to.deep.equal({ [label]: namespaceName });
    expect(body.spec.tolerations).to.deep.include({ ...pool, value: namespaceName });
  });
});
