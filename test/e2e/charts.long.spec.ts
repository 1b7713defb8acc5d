import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { KubernetesApi } from "secure-environment-sandbox";
import { eventually } from "../support/eventually";
import { buildEnvironment } from "./attacks/environments";
import { cart, login, type Place } from "./attacks/places";
import { corePath, createAll, postRequest } from "./support/apiRequests";
import { Helm } from "./support/helm";
import { type PlatformScene, setPlatformScene } from "./support/platformScene";
import { setScene } from "./support/scene";

const page = readFileSync(join(__dirname, "../../../docs/charts.md"), "utf8");

/** The values that the page shows for the chart of `helm create`. */
const shownValues = /^```yaml\n(serviceAccount:[\s\S]*?)^```$/m.exec(page)?.[1] ?? "";

const domain = "review.example.com";
const kind = { apiGroup: "monitoring.coreos.com", resource: "servicemonitors" };

const countOfKind = "count/servicemonitors.monitoring.coreos.com";

const budget = (spec: object) => ({
  apiVersion: "policy/v1",
  kind: "PodDisruptionBudget",
  metadata: { name: "shop" },
  spec: { selector: { matchLabels: { "app.kubernetes.io/name": "shop" } }, ...spec },
});
const monitor = {
  apiVersion: `${kind.apiGroup}/v1`,
  kind: "ServiceMonitor",
  metadata: { name: "shop" },
  spec: { endpoints: [{ port: "http" }] },
};
const ingressValues = (place: Pick<Place, "namespace">) => {
  const host = `shop.${place.namespace}.${domain}`;
  return JSON.stringify({
    ingress: { enabled: true, hosts: [{ host, paths: [{ path: "/", pathType: "Prefix" }] }] },
  });
};

describe("a chart of helm create", function () {
  this.timeout(600_000);
  let helm: Helm;

  before("find or build Helm", async function () {
    this.timeout(1_800_000);
    helm = await Helm.start();
    await helm.createChart("plain");
    await helm.createChart("shop");
    await helm.createChart("full", {
      "budget.yaml": budget({ maxUnavailable: 1 }),
      "monitor.yaml": monitor,
    });
    await helm.createChart("held", { "budget.yaml": budget({ minAvailable: 1 }) });
    helm.writeValues("values.yaml", shownValues);
  });

  after(() => helm.remove());

  function install(chart: string, kubeconfig: string, namespace: string, ...args: string[]) {
    const access = ["--kubeconfig", kubeconfig, "--namespace", namespace];
    return helm.run("upgrade", "--install", "shop", `./${chart}`, ...access, ...args);
  }

  async function uninstall(kubeconfig: string, namespace: string) {
    const access = ["--kubeconfig", kubeconfig, "--namespace", namespace];
    const { exitCode, output } = await helm.run("uninstall", "shop", ...access);
    expect(exitCode, output).to.equal(0);
  }

  async function podsOf(api: KubernetesApi, namespace: string): Promise<readonly object[]> {
    const query = { labelSelector: "app.kubernetes.io/instance=shop" };
    const path = corePath({ namespace }, "pods");
    return (await api.request("GET", path, undefined, { query })).body.items as object[];
  }

  /** Installs the chart, waits for its pod, installs it with two replicas, and removes it. */
  async function lives(
    api: KubernetesApi,
    kubeconfig: string,
    namespace: string,
    chart: string,
    ...args: string[]
  ): Promise<void> {
    const values = ["--values", "values.yaml", ...args];
    const installed = await install(chart, kubeconfig, namespace, ...values);
    expect(installed.exitCode, installed.output).to.equal(0);
    await eventually(async () => (await podsOf(api, namespace)).length === 1);
    const [pod] = await podsOf(api, namespace);
    expect(JSON.stringify(pod)).not.to.contain("serviceAccountToken");
    const grown = await install(chart, kubeconfig, namespace, ...values, "--set", "replicaCount=2");
    expect(grown.exitCode, grown.output).to.equal(0);
    await eventually(async () => (await podsOf(api, namespace)).length === 2);
    await uninstall(kubeconfig, namespace);
    await eventually(async () => (await podsOf(api, namespace)).length === 0);
  }

  describe("in an environment without a platform", () => {
    const scene = setScene();
    const stack = "review-chart";

    before(async () => {
      await scene.program.createStack(stack);
      const up = await scene.program.up(stack);
      expect(up.exitCode, up.output).to.equal(0);
    });

    after(() => scene.program.destroy(stack));

    it("is installed by the deployer with the values that the page shows", async () => {
      const kubeconfig = await scene.sandbox.serviceAccountKubeconfig(stack, "deployer");
      await lives(scene.api, kubeconfig, stack, "shop", "--set", "serviceAccount.create=false");
    });

    it("is refused a service account, by which it could change the environment's own", async () => {
      const kubeconfig = await scene.sandbox.serviceAccountKubeconfig(stack, "deployer");
      const args = ["--values", "values.yaml"];
      const { exitCode, output } = await install("shop", kubeconfig, stack, ...args);
      expect(exitCode).to.equal(1);
      expect(output).to.contain("serviceaccounts");
      expect(output).to.contain("cannot patch resource");
      await uninstall(kubeconfig, stack);
    });

    it("is refused a disruption budget, which nobody would judge", async () => {
      const kubeconfig = await scene.sandbox.serviceAccountKubeconfig(stack, "deployer");
      const args = ["--values", "values.yaml", "--set", "serviceAccount.create=false"];
      const { exitCode, output } = await install("held", kubeconfig, stack, ...args);
      expect(exitCode).to.equal(1);
      expect(output).to.contain("poddisruptionbudgets");
      expect(output).to.contain("cannot patch resource");
      await uninstall(kubeconfig, stack);
    });
  });

  describe("in an environment with a platform", () => {
    const scene: PlatformScene = setPlatformScene({
      projects: [{ name: "shop" }],
      domain,
      deployerKinds: [kind],
    });
    let deployer: string;
    let deployerOfCart: string;

    before("bring environments up as their pipeline", async () => {
      await createAll(scene.api, [monitorDefinition]);
      const account = ["secure-environment-pipeline-shop", "pipeline"] as const;
      const pipeline = new KubernetesApi(await scene.sandbox.serviceAccountKubeconfig(...account));
      const access = [{ group: "dev-users" }];
      await buildEnvironment(pipeline, login, access, { deployerKinds: [kind] });
      await buildEnvironment(pipeline, cart, access, {});
      pipeline.close();
      await isCounted();
      deployer = await scene.sandbox.serviceAccountKubeconfig(login.namespace, "deployer");
      deployerOfCart = await scene.sandbox.serviceAccountKubeconfig(cart.namespace, "deployer");
    });

    /**
     * The controller of quotas looks for new kinds every half minute, and counts them when a quota
     * changes or after five minutes.
     */
    async function isCounted(): Promise<void> {
      const quota = `${corePath(login, "resourcequotas")}/environment`;
      const options = { contentType: "application/merge-patch+json" };
      await eventually(async () => {
        for (const amount of ["99", "100"]) {
          const change = { spec: { hard: { [countOfKind]: amount } } };
          await scene.api.request("PATCH", quota, change, options);
        }
        await sleep(1_000);
        const { body } = await scene.api.request("GET", quota);
        return body.status?.used?.[countOfKind] !== undefined;
      });
    }

    it("is refused as it is, by its service account, and told what to set", async () => {
      const { exitCode, output } = await install("plain", deployer, login.namespace);
      expect(exitCode).to.equal(1);
      expect(output).to.contain("say automountServiceAccountToken: false");
      expect(output).to.contain("serviceAccount.automount");
      await uninstall(deployer, login.namespace);
    });

    it("is installed with the values that the page shows, and an ingress", async () => {
      const values = helm.writeValues("ingress.json", ingressValues(login));
      await lives(scene.api, deployer, login.namespace, "shop", "--values", values);
    });

    it("brings a disruption budget and a kind that platform and environment list", async () => {
      await lives(scene.api, deployer, login.namespace, "full");
    });

    it("is refused a budget that keeps nodes from being drained", async () => {
      const args = ["--values", "values.yaml"];
      const { exitCode, output } = await install("held", deployer, login.namespace, ...args);
      expect(exitCode).to.equal(1);
      expect(output).to.contain("say maxUnavailable, at least 1");
      await uninstall(deployer, login.namespace);
    });

    it("is refused the kind where the environment does not list it, and told so", async () => {
      const args = ["--values", "values.yaml"];
      const { exitCode, output } = await install("full", deployerOfCart, cart.namespace, ...args);
      expect(exitCode).to.equal(1);
      expect(output).to.contain("does not count objects of this kind");
      await uninstall(deployerOfCart, cart.namespace);
    });

    it("has no more objects of the kind than the quota counts", async () => {
      const path = `${corePath(login, "resourcequotas")}/environment`;
      const { body } = await scene.api.request("GET", path);
      expect(body.spec.hard).to.include({ [countOfKind]: "100" });
      const change = { spec: { hard: { [countOfKind]: "101" } } };
      const account = ["secure-environment-pipeline-shop", "pipeline"] as const;
      const pipeline = new KubernetesApi(await scene.sandbox.serviceAccountKubeconfig(...account));
      const contentType = "application/merge-patch+json";
      const raised = await pipeline.request("PATCH", path, change, { contentType });
      pipeline.close();
      expect(raised.body.message).to.contain("above the ceiling for one environment");
    });
  });
});

const monitorDefinition = postRequest("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", {
  metadata: { name: `${kind.resource}.${kind.apiGroup}` },
  spec: {
    group: kind.apiGroup,
    scope: "Namespaced",
    names: { plural: kind.resource, singular: "servicemonitor", kind: "ServiceMonitor" },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
        },
      },
    ],
  },
});
