import { expect } from "chai";
import { KubernetesApi } from "secure-environment-sandbox";
import { pipelineRules } from "#components/platform/rbac/clusterRoles";
import { type CommandResult } from "../support/command";
import { eventually } from "../support/eventually";
import { parsedAs } from "../support/reviewSchemas";
import { ReviewCommand } from "./support/review/reviewCommand";
import {
  cronJob,
  deploy,
  deployment,
  job,
  pathIn,
  podsIn,
  statefulSet,
  wallsOf,
  workloadsOf,
} from "./support/review/sleepers";
import { setScene } from "./support/scene";
import { compliantPod } from "./support/workloads";

const branch = "feature/rest";
const settings = {
  project: "rest",
  config: {
    project: "rest",
    access: [
      { group: "lookers", preset: "view" },
      { group: "dev-users", preset: "develop" },
    ],
  },
};
const merge = { contentType: "application/merge-patch+json" };

interface Slept {
  readonly namespace: string;
  readonly workloads: readonly {
    readonly kind: string;
    readonly name: string;
    readonly outcome: string;
    readonly replicas?: number;
    readonly reason?: string;
  }[];
}

type Workloads = Awaited<ReturnType<typeof workloadsOf>>;

describe("an environment that rests", function () {
  this.timeout(300_000);
  const scene = setScene();
  let review: ReviewCommand;
  let api: KubernetesApi;
  let deployer: KubernetesApi;
  let namespace: string;
  let other: string;
  let awake: Workloads;
  let ofOther: Workloads;
  let walls: string;

  before("deploy into two environments", async () => {
    api = scene.api;
    review = new ReviewCommand(scene.sandbox, settings);
    [namespace, other] = await Promise.all([broughtUp(branch), broughtUp("feature/busy")]);
    const kubeconfig = await scene.sandbox.serviceAccountKubeconfig(namespace, "deployer");
    deployer = new KubernetesApi(kubeconfig);
    await deploy(deployer, namespace, [
      deployment("idle", 0),
      deployment("web", 1),
      deployment("api", 3),
      statefulSet("database", 2),
      cronJob("nightly", false),
      cronJob("paused", true),
      job("migration", false),
      job("held", true),
      compliantPod("shell"),
    ]);
    await deploy(api, other, [deployment("web", 1), cronJob("nightly", false)]);
    await eventually(async () => (await podsIn(api, namespace)).length === 8);
    await eventually(async () => (await podsIn(api, other)).length === 1);
    awake = await workloadsOf(api, namespace);
    ofOther = await workloadsOf(api, other);
    walls = await wallsOf(api, namespace);
  });

  after(async () => {
    deployer.close();
    await Promise.all([run(["destroy", branch]), run(["destroy", "feature/busy"])]);
  });

  afterEach("has its walls as they were, and the other one everything", async () => {
    expect(await wallsOf(api, namespace)).to.equal(walls);
    expect(await workloadsOf(api, other)).to.deep.equal(ofOther);
  });

  describe("sleep", () => {
    it("leaves no pod but the one that nothing would make again, and says so", async () => {
      const { workloads } = await answer("sleep", branch, "--wait", "2m");
      expect(workloads).to.deep.equal([
        { kind: "CronJob", name: "nightly", outcome: "slept" },
        { kind: "Job", name: "migration", outcome: "slept" },
        { kind: "Deployment", name: "api", outcome: "slept", replicas: 3 },
        { kind: "Deployment", name: "web", outcome: "slept", replicas: 1 },
        { kind: "StatefulSet", name: "database", outcome: "slept", replicas: 2 },
        {
          kind: "Pod",
          name: "shell",
          outcome: "left",
          reason: "nothing would make it again, as it has no owner",
        },
      ]);
      expect(await podsIn(api, namespace)).to.deep.equal(["shell"]);
      const asleep = await workloadsOf(api, namespace);
      expect(asleep["deployments/idle"]).to.deep.equal(awake["deployments/idle"]);
      expect(asleep["cronjobs/paused"]).to.deep.equal(awake["cronjobs/paused"]);
      expect(asleep["jobs/held"]).to.deep.equal(awake["jobs/held"]);
      expect(asleep["deployments/api"]?.annotations).to.deep.equal({
        ...(awake["deployments/api"]?.annotations as object),
        "secure-environment/replicas-before-sleep": "3",
      });
    });

    it("changes nothing when it is repeated", async () => {
      const asleep = await versions();
      const { workloads } = await answer("sleep", branch);
      expect(await versions()).to.deep.equal(asleep);
      const outcomes = workloads.map(({ outcome }) => outcome);
      expect(outcomes).to.deep.equal([...Array<string>(5).fill("asleep"), "left"]);
    });

    it("is told in words, of which a table is made", async () => {
      const { stdout } = await review.succeed(["sleep", branch]);
      expect(stdout).to.contain(`${namespace} sleeps: \`review wake\` and \`review up\` wake it.`);
      expect(stdout).to.match(/^ {2}Deployment api +sleeps already, 3 replicas$/m);
      expect(stdout).to.match(/^ {2}Pod shell +left: nothing would make it again/m);
    });

    it("is shown in the list by pods that are not there", async () => {
      const { stdout } = await review.succeed(["list", "--json"]);
      const { environments } = parsedAs<{
        environments: readonly {
          namespace?: string;
          state: string;
          quota?: Readonly<Record<string, { used: string }>>;
        }[];
      }>("list", stdout);
      const listed = environments.find((one) => one.namespace === namespace);
      expect(listed).to.include({ state: "up" });
      await eventually(async () => {
        const quota = `api/v1/*/resourcequotas/environment`;
        const { body } = await api.request("GET", pathIn(namespace, quota));
        return body.status.used.pods === "1";
      });
    });
  });

  describe("wake", () => {
    it("makes everything what it was, and is no owner of any field", async () => {
      const { workloads } = await answer("wake", branch);
      expect(workloads).to.deep.equal([
        { kind: "CronJob", name: "nightly", outcome: "woken" },
        { kind: "Job", name: "migration", outcome: "woken" },
        { kind: "Deployment", name: "api", outcome: "woken", replicas: 3 },
        { kind: "Deployment", name: "web", outcome: "woken", replicas: 1 },
        { kind: "StatefulSet", name: "database", outcome: "woken", replicas: 2 },
      ]);
      expect(await workloadsOf(api, namespace)).to.deep.equal(awake);
      await eventually(async () => (await podsIn(api, namespace)).length === 8);
    });

    it("finds nothing that sleeps when it is repeated", async () => {
      const before = await versions();
      const { stdout } = await review.succeed(["wake", branch]);
      expect(stdout).to.equal(`Nothing of ${namespace} sleeps.\n`);
      expect(await versions()).to.deep.equal(before);
    });

    it("leaves what somebody has scaled meanwhile as it is", async () => {
      await review.succeed(["sleep", branch]);
      await patched("deployments/web", { spec: { replicas: 2 } });
      const { workloads } = await answer("wake", branch);
      const web = workloads.find(({ name }) => name === "web");
      expect(web).to.include({ outcome: "awake", replicas: 2 });
      const { annotations } = (await workloadsOf(api, namespace))["deployments/web"] ?? {};
      expect(annotations).to.deep.equal(awake["deployments/web"]?.annotations);
      await patched("deployments/web", { spec: { replicas: 1 } });
    });

    it("fails for what remembers no number, and wakes the rest", async () => {
      await review.succeed(["sleep", branch]);
      const memory = "secure-environment/replicas-before-sleep";
      await patched("deployments/web", { metadata: { annotations: { [memory]: "many" } } });
      const failed = await run(["wake", branch]);
      expect(failed.exitCode, failed.output).to.equal(1);
      expect(failed.stdout).to.contain(`${memory} is "many"`);
      expect(failed.stdout).to.match(/^ {2}Deployment api +woken, 3 replicas$/m);
      await patched("deployments/web", { metadata: { annotations: { [memory]: "1" } } });
      await review.succeed(["wake", branch]);
      expect(await workloadsOf(api, namespace)).to.deep.equal(awake);
    });
  });

  describe("deployments by server-side apply", () => {
    const applied = {
      contentType: "application/apply-patch+yaml",
      query: { fieldManager: "pulumi" },
    };
    const apply = (replicas: number) =>
      deployer.request(
        "PATCH",
        pathOf("deployments/applied"),
        deployment("applied", replicas),
        applied,
      );

    after(async () => {
      await deployer.request("DELETE", pathOf("deployments/applied"));
    });

    it("meet a sleep while it lasts, and nothing of it afterwards", async () => {
      expect((await apply(2)).status).to.equal(201);
      await review.succeed(["sleep", branch]);
      const { status, body } = await apply(2);
      expect(status).to.equal(409);
      expect(body.message).to.contain("review-sleep").and.contain(".spec.replicas");
      await review.succeed(["wake", branch]);
      const again = await apply(4);
      expect(again.status, JSON.stringify(again.body)).to.equal(200);
      expect(again.body.spec.replicas).to.equal(4);
    });
  });

  describe("an autoscaler", () => {
    const path = () => pathIn(namespace, "apis/autoscaling/v2/*/horizontalpodautoscalers");

    before(() =>
      deploy(deployer, namespace, [
        {
          apiVersion: "autoscaling/v2",
          kind: "HorizontalPodAutoscaler",
          metadata: { name: "api" },
          spec: {
            scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "api" },
            minReplicas: 2,
            maxReplicas: 5,
          },
        } as { apiVersion: string; kind: string },
      ]),
    );

    after(async () => {
      await deployer.request("DELETE", `${path()}/api`);
      await review.succeed(["wake", branch]);
    });

    it("rests while its target has no replicas", async () => {
      await review.succeed(["sleep", branch]);
      await eventually(async () => {
        const { body } = await api.request("GET", `${path()}/api`);
        const conditions = (body.status?.conditions ?? []) as { type: string; reason: string }[];
        return conditions.some(
          ({ type, reason }) => type === "ScalingActive" && reason === "ScalingDisabled",
        );
      });
      const { spec } = (await workloadsOf(api, namespace))["deployments/api"] ?? {};
      expect(spec).to.include({ replicas: 0 });
    });
  });

  describe("up", () => {
    it("wakes what sleeps, and says what", async () => {
      await review.succeed(["sleep", branch]);
      const { stdout } = await review.succeed(["up", branch, "--json"]);
      const { woken, warnings } = parsedAs<{ woken?: string[]; warnings: string[] }>("up", stdout);
      expect(warnings.filter((warning) => /sleep|woken/.test(warning))).to.deep.equal([]);
      expect(woken).to.deep.equal([
        "CronJob/nightly",
        "Job/migration",
        "Deployment/api",
        "Deployment/web",
        "StatefulSet/database",
      ]);
      expect(await workloadsOf(api, namespace)).to.deep.equal(awake);
    });

    it("is what wakes; extend lets sleep", async () => {
      await review.succeed(["sleep", branch]);
      const asleep = await workloadsOf(api, namespace);
      await review.succeed(["extend", branch, "--for", "3d"]);
      expect(await workloadsOf(api, namespace)).to.deep.equal(asleep);
      // When it expires is what the walls say of themselves.
      walls = await wallsOf(api, namespace);
      await review.succeed(["wake", branch]);
    });

    it("says nothing of it where nothing slept", async () => {
      const { stdout } = await review.succeed(["up", branch, "--json"]);
      expect(parsedAs("up", stdout)).not.to.have.property("woken");
    });
  });

  describe("whose it is", () => {
    it("is its pipeline's to decide", async () => {
      const env = await pipeline();
      const slept = await run(["sleep", branch], env);
      expect(slept.exitCode, slept.output).to.equal(0);
      const woken = await run(["wake", branch], env);
      expect(woken.exitCode, woken.output).to.equal(0);
      expect(await workloadsOf(api, namespace)).to.deep.equal(awake);
    });

    for (const group of ["lookers", "dev-users"]) {
      it(`is not for ${group} to decide by the deployer's token, and they are told whose`, async () => {
        const KUBECONFIG = await scene.sandbox.userKubeconfig("jane", [group]);
        for (const verb of ["sleep", "wake"]) {
          const refused = await run([verb, branch], { KUBECONFIG });
          expect(refused.exitCode, refused.output).to.equal(3);
          expect(refused.stderr).to.contain("pipeline and administrators may ask for it");
        }
        expect(await workloadsOf(api, namespace)).to.deep.equal(awake);
      });
    }

    it("is nobody's who may not read whether it is one that stays", async () => {
      const KUBECONFIG = await scene.sandbox.userKubeconfig("joe", ["strangers"]);
      const refused = await run(["sleep", branch], { KUBECONFIG });
      expect(refused.exitCode, refused.output).to.equal(3);
      expect(refused.stderr).to.contain("may not read the namespace");
    });
  });

  describe("what is no environment that may rest", () => {
    it("is one that there is not", async () => {
      for (const verb of ["sleep", "wake"]) {
        const refused = await run([verb, "feature/none"]);
        expect(refused.exitCode, refused.output).to.equal(6);
      }
    });

    it("is one that stays", async () => {
      const path = await stands("permanent");
      try {
        const refused = await run(["sleep", "stays"]);
        expect(refused.exitCode, refused.output).to.equal(10);
        expect(refused.stderr).to.contain("one that stays");
      } finally {
        await api.request("DELETE", path);
      }
    });
  });

  describe("waiting", () => {
    it("ends with 9 while a pod does not go, and names it", async () => {
      const [held = ""] = (await podsIn(api, namespace)).filter((name) => name.startsWith("web-"));
      const path = pathIn(namespace, `api/v1/*/pods/${held}`);
      const hold = (finalizers: readonly string[]) =>
        api.request("PATCH", path, { metadata: { finalizers } }, merge);
      await hold(["example.com/hold"]);
      try {
        const late = await run(["sleep", branch, "--wait", "2s"]);
        expect(late.exitCode, late.output).to.equal(9);
        expect(late.stderr).to.contain(held);
      } finally {
        await hold([]);
        await review.succeed(["wake", branch]);
      }
    });
  });

  async function broughtUp(name: string): Promise<string> {
    const { stdout } = await review.succeed(["up", name, "--json"]);
    const { outputs } = parsedAs<{ outputs: Record<string, string> }>("up", stdout);
    return outputs.namespaceName ?? "";
  }

  async function answer(verb: string, ...args: string[]): Promise<Slept> {
    const { stdout } = await review.succeed([verb, ...args, "--json"]);
    return parsedAs<Slept>(verb, stdout);
  }

  function run(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<CommandResult> {
    return review.run(args, { env });
  }

  function pathOf(workload: string): string {
    return pathIn(namespace, `apis/apps/v1/*/${workload}`);
  }

  async function patched(workload: string, patch: object): Promise<void> {
    const { status } = await deployer.request("PATCH", pathOf(workload), patch, merge);
    expect(status).to.equal(200);
  }

  /** The versions of what a sleep and a wake may write. */
  async function versions(): Promise<unknown> {
    const lists = await Promise.all(
      ["deployments", "statefulsets"].map((kind) => api.request("GET", pathOf(kind))),
    );
    return lists.flatMap(({ body }) =>
      body.items.map((item: { metadata: { name: string; generation: number } }) => [
        item.metadata.name,
        item.metadata.generation,
      ]),
    );
  }

  /** A namespace that says that it is an environment of this project. */
  async function stands(kind: string): Promise<string> {
    const labels = {
      "secure-environment/kind": kind,
      "secure-environment/project": "rest",
      "secure-environment/stack": "review-stays",
    };
    const metadata = { name: "review-rest-stays", labels };
    const { status } = await api.request("POST", "/api/v1/namespaces", { metadata });
    expect(status).to.equal(201);
    return `/api/v1/namespaces/${metadata.name}`;
  }

  /** Who has the rights of a pipeline; no platform fences it here. */
  async function pipeline(): Promise<NodeJS.ProcessEnv> {
    const rbac = "/apis/rbac.authorization.k8s.io/v1";
    const metadata = { name: "rest-pipeline" };
    const subjects = [{ kind: "ServiceAccount", namespace: "default", ...metadata }];
    const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", ...metadata };
    await api.request("POST", "/api/v1/namespaces/default/serviceaccounts", { metadata });
    await api.request("POST", `${rbac}/clusterroles`, { metadata, rules: pipelineRules([]) });
    await api.request("POST", `${rbac}/clusterrolebindings`, { metadata, subjects, roleRef });
    const KUBECONFIG = await scene.sandbox.serviceAccountKubeconfig("default", metadata.name);
    const account = new KubernetesApi(KUBECONFIG);
    await eventually(
      async () => (await account.request("GET", "/api/v1/namespaces")).status === 200,
    );
    account.close();
    return { KUBECONFIG };
  }
});
