import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { KubernetesApi } from "secure-environment-sandbox";
import { parse } from "yaml";
import { stackName } from "#components/core/names";
import { platformRoleNames } from "#components/core/platformNames";
import { judgePlatform } from "#components/platform/judgePlatform";
import {
  type NamedAccessRule,
  pipelineRules,
  platformRoles,
} from "#components/platform/rbac/clusterRoles";
import { type CommandResult } from "../support/command";
import { eventually } from "../support/eventually";
import { parsedAs, recordIn } from "../support/reviewSchemas";
import { ReviewCommand } from "./support/review/reviewCommand";
import { setScene } from "./support/scene";

const branch = "feature/Verbs#1";
const settings = {
  project: "verbs",
  config: {
    project: "verbs",
    size: "small",
    owner: "jane.doe",
    access: [
      { group: "dev-users", preset: "develop" },
      { group: "debuggers", preset: "debug" },
    ],
  },
  developers: { issuer: "https://accounts.example.com", clientId: "cluster", scopes: ["groups"] },
};

interface Kubeconfig {
  readonly users: readonly { readonly name: string; readonly user: Record<string, unknown> }[];
  readonly clusters: readonly { readonly cluster: Record<string, unknown> }[];
  readonly contexts: readonly { readonly context: Record<string, unknown> }[];
}

describe("the command in a folder that has only its settings", function () {
  this.timeout(300_000);
  const folder = mkdtempSync(join(tmpdir(), "secure-environment-verbs-"));
  const record = join(folder, "result.json");
  const variables = join(folder, "variables");
  const scene = setScene();
  let review: ReviewCommand;
  let api: KubernetesApi;
  let namespace: string;

  before(async () => {
    api = scene.api;
    review = new ReviewCommand(scene.sandbox, settings);
    writeFileSync(variables, "EARLIER=1\n");
    const told = ["--result", record, "--variables", variables];
    const { outputs } = await answer<{ outputs: Record<string, string> }>("up", branch, ...told);
    namespace = outputs.namespaceName ?? "";
  });

  after(async () => {
    await run(["destroy", branch]);
    rmSync(folder, { recursive: true });
  });

  afterEach("leaves the checkout as it is", () => {
    expect(readdirSync(review.folder)).to.deep.equal(["review.yaml"]);
  });

  describe("up", () => {
    it("leaves a record for its owner, and variables for later jobs", () => {
      const stack = `organization/verbs/${stackName(branch)}`;
      const { result, ...rest } = recordIn(record);
      expect(rest).to.deep.equal({ verb: "up", branch, stack, exitCode: 0 });
      expect(result).to.deep.include({ stack });
      expect(statSync(record).mode & 0o777).to.equal(0o600);
      const lines = ["EARLIER=1", `NAMESPACE=${namespace}`, `STACK=${stack}`, ""];
      expect(readFileSync(variables, "utf8")).to.equal(lines.join("\n"));
    });

    it("says as JSON that a branch gets no environment", async () => {
      const told = ["--result", record, "--variables", variables];
      const { reason } = await answer<{ reason: string }>("up", "main", ...told);
      const stack = "organization/verbs/review-main";
      expect(recordIn(record)).to.deep.equal({
        verb: "up",
        branch: "main",
        stack,
        exitCode: 0,
        reason,
      });
    });

    it("does nothing when what comes of it cannot be written", async () => {
      const nowhere = join(folder, "missing", "file");
      for (const option of ["--result", "--variables"]) {
        const { exitCode, stderr } = await run(["up", "unwritten", option, nowhere]);
        expect(exitCode, stderr).to.equal(2);
        expect(stderr).to.contain(`${option} ${nowhere} cannot be written`);
      }
      const { environments } = await listed();
      expect(environments).to.have.length(1);
    });
  });

  describe("list", () => {
    it("joins the cluster and the backend", async () => {
      const { environments, unseen } = await listed();
      expect(unseen).to.deep.equal([]);
      const [environment, ...others] = environments;
      expect(others).to.deep.equal([]);
      expect(environment).to.include({
        state: "up",
        project: "verbs",
        branch,
        owner: "jane.doe",
        namespace,
      });
      expect(environment?.fullStack).to.match(/^organization\/verbs\/review-feature-verbs-1-/);
      expect(environment?.quota).to.include.all.keys("pods", "requests.cpu", "requests.memory");
      expect(environment?.quota?.pods).to.include({ used: "0" });
    });

    it("prints an aligned table without colours, and nothing else, where nobody looks", async () => {
      const { stdout, stderr } = await succeed("list");
      expect(stdout).to.match(/^STATE +BRANCH .*\nup +feature\/Verbs#1 +jane\.doe .*\n$/);
      expect(stdout).not.to.contain("\u001b");
      expect(stderr).to.contain("Listing the environments");
    });

    it("lists nothing of other projects, unless it is told to", async () => {
      const other = await stand("review-elsewhere", { project: "elsewhere" });
      try {
        expect((await listed()).environments).to.have.length(1);
        const { environments } = await listed("--all");
        const found = environments.find((one) => one.namespace === other);
        expect(found).to.include({ state: "orphan-namespace", project: "elsewhere" });
        expect(found?.fault).to.contain("no stack in this backend has it");
      } finally {
        await api.request("DELETE", `/api/v1/namespaces/${other}`);
      }
    });

    it("shows everything to a pipeline", async () => {
      const { exitCode, stdout, stderr } = await run(["list", "--json"], await pipeline());
      expect(exitCode, stderr).to.equal(0);
      const { unseen, environments } = parsedAs<Listed>("list", stdout);
      expect(unseen).to.deep.equal([]);
      expect(environments[0]).to.include({ state: "up" }).and.to.have.property("quota");
    });

    it("shows the rest to the verifier, which may not list quotas, and says so", async () => {
      const { exitCode, stdout, stderr } = await run(["list", "--json"], await verifier());
      expect(exitCode, stderr).to.equal(0);
      expect(stderr).to.contain("These credentials may not list quotas of the whole cluster");
      const result = parsedAs<Listed>("list", stdout);
      expect(result.unseen).to.deep.equal(["quotas"]);
      expect(result.environments[0]).to.include({ state: "up" }).and.not.to.have.property("quota");
    });

    it("ends with 3 for who may not list namespaces, and says who may", async () => {
      const { exitCode, stderr } = await run(["list"], await developer());
      expect(exitCode, stderr).to.equal(3);
      expect(stderr).to.contain("may not list namespaces").and.contain("pipeline");
    });
  });

  describe("kubeconfig", () => {
    it("lets the deployer into the environment, and nowhere else", async () => {
      const { stdout, output } = await succeed("kubeconfig", branch);
      const file = exported(stdout);
      expect(file.startsWith(review.backend)).to.equal(true);
      expect(statSync(file).mode & 0o777).to.equal(0o600);
      const { token } = onlyUser(file);
      expect(token).to.be.a("string");
      expect(output).not.to.contain(token);
      const deployer = new KubernetesApi(file);
      const path = `/api/v1/namespaces/${namespace}/configmaps`;
      const map = { metadata: { name: "colour" }, data: { colour: "red" } };
      expect((await deployer.request("POST", path, map)).status).to.equal(201);
      expect((await deployer.request("GET", "/api/v1/namespaces")).status).to.equal(403);
      deployer.close();
    });

    it("has nothing of the administrator's in it", async () => {
      const file = exported((await succeed("kubeconfig", branch)).stdout);
      const { clusters, contexts, ...others } = kubeconfigIn(file);
      const [administrator] = kubeconfigIn(scene.sandbox.kubeconfig).users;
      for (const secret of Object.values(administrator?.user ?? {})) {
        expect(readFileSync(file, "utf8")).not.to.contain(String(secret));
      }
      expect(clusters[0]?.cluster).to.have.all.keys("server", "certificate-authority-data");
      expect(contexts).to.deep.equal([
        { name: "deployer", context: { cluster: "cluster", user: "deployer", namespace } },
      ]);
      expect(Object.keys(others)).to.have.members([
        "apiVersion",
        "kind",
        "current-context",
        "users",
      ]);
    });

    it("is made by a pipeline", async () => {
      const file = join(folder, "pipeline.yaml");
      const asked = ["kubeconfig", branch, "--file", file];
      const { exitCode, stderr } = await run(asked, await pipeline());
      expect(exitCode, stderr).to.equal(0);
      expect(Object.keys(onlyUser(file))).to.deep.equal(["token"]);
    });

    it("ends its token when it is told, and prints it as JSON", async () => {
      const file = join(folder, "own.yaml");
      const result = await answer<{ expiresAt: string }>(
        ...["kubeconfig", branch, "--file", file, "--duration", "20m"],
      );
      expect(result).to.deep.include({ file, user: "deployer", namespace });
      const minutes = (Date.parse(result.expiresAt) - Date.now()) / 60_000;
      expect(minutes).to.be.within(15, 20);
    });

    it("writes its own file anew, and no other one", async () => {
      const own = join(folder, "again.yaml");
      await succeed("kubeconfig", branch, "--file", own);
      const first = onlyUser(own).token;
      await succeed("kubeconfig", branch, "--file", own);
      expect(onlyUser(own).token).not.to.equal(first);

      const foreign = join(folder, "foreign.yaml");
      const link = join(folder, "link.yaml");
      writeFileSync(foreign, "users: []\n");
      symlinkSync(own, link);
      for (const file of [foreign, link, folder]) {
        const { exitCode, stderr } = await run(["kubeconfig", branch, "--file", file]);
        expect(exitCode, stderr).to.equal(10);
        expect(stderr).to.contain("Name another file with --file");
      }
      expect(readFileSync(foreign, "utf8")).to.equal("users: []\n");
    });

    it("has no credential in it for a developer, but how to get one", async () => {
      const file = join(folder, "developer.yaml");
      const asked = ["kubeconfig", branch, "--developer", "--file", file];
      const { stderr } = await succeed(...asked);
      expect(stderr).to.contain("will lead to https://accounts.example.com.");
      expect(Object.keys(onlyUser(file))).to.deep.equal(["exec"]);
      expect(kubeconfigIn(file).contexts[0]?.context).to.include({ namespace });
    });

    it("is written for developers by a developer, who may list no namespaces", async () => {
      const file = join(folder, "own-developer.yaml");
      const asked = ["kubeconfig", branch, "--developer", "--file", file];
      const { exitCode, stderr } = await run(asked, await developer());
      expect(exitCode, stderr).to.equal(0);
      expect(stderr).not.to.contain("warning");
      expect(kubeconfigIn(file).contexts[0]?.context).to.include({ namespace });
    });

    it("tells a stranger that it is not known whether the environment stands", async () => {
      const asked = ["kubeconfig", branch, "--developer", "--file", join(folder, "stranger.yaml")];
      const { exitCode, stderr } = await run(asked, await developer("strangers"));
      expect(exitCode, stderr).to.equal(0);
      expect(stderr).to.contain(`may not read the namespace ${namespace}`);
    });

    it("ends with 3 for who may make no tokens, and says who may", async () => {
      const file = join(folder, "refused.yaml");
      const { exitCode, stderr } = await run(
        ["kubeconfig", branch, "--file", file],
        await developer(),
      );
      expect(exitCode, stderr).to.equal(3);
      expect(stderr).to.contain("pipeline and administrators may ask for it");
      expect(existsSync(file)).to.equal(false);
    });

    it("ends with 2 for a life that no token has", async () => {
      for (const life of ["9m", "25h"]) {
        const { exitCode, stderr } = await run(["kubeconfig", branch, "--duration", life]);
        expect(exitCode, stderr).to.equal(2);
        expect(stderr).to.contain("from 10m to 24h");
      }
    });

    it("ends with 6 for a branch without an environment, and says what makes one", async () => {
      const { exitCode, stderr } = await run(["kubeconfig", "feature/none"]);
      expect(exitCode, stderr).to.equal(6);
      expect(stderr).to.contain('review up "feature/none"');
    });

    it("ends with 1 for one that is being deleted, and says what holds it", async () => {
      const finalizers = ["example.com/hold"];
      const name = await stand("review-held", { project: "verbs", stack: "review-held" });
      await holdNamespace(name, finalizers);
      await api.request("DELETE", `/api/v1/namespaces/${name}`);
      try {
        const { exitCode, stderr } = await run(["kubeconfig", "held"]);
        expect(exitCode, stderr).to.equal(1);
        expect(stderr).to.contain("example.com/hold").and.contain('review up "held"');
        const { environments } = await listed();
        expect(environments.find((one) => one.namespace === name)).to.include({
          state: "deleting",
        });
      } finally {
        await holdNamespace(name, []);
      }
    });
  });

  describe("open", () => {
    it("says what to do where there is no address", async () => {
      const { exitCode, stderr } = await run(["open", branch]);
      expect(exitCode, stderr).to.equal(1);
      expect(stderr).to.contain("has no address").and.contain("--port-forward");
    });

    it("prints the hosts of ingresses, and rather what the environment says itself", async () => {
      const path = `/apis/networking.k8s.io/v1/namespaces/${namespace}/ingresses`;
      const ingress = {
        metadata: { name: "web" },
        spec: {
          tls: [{ hosts: ["shop.example.com"] }],
          rules: [{ host: "shop.example.com" }, { host: "plain.example.com" }],
        },
      };
      expect((await api.request("POST", path, ingress)).status).to.equal(201);
      const { stdout } = await succeed("open", branch);
      expect(stdout).to.equal("https://shop.example.com\nhttp://plain.example.com\n");
      expect(await answer("open", branch)).to.deep.include({ source: "ingresses" });

      const annotations = { "secure-environment/url": "https://own.example.com/start" };
      const merge = { contentType: "application/merge-patch+json" };
      const patch = { metadata: { annotations } };
      await api.request("PATCH", `/api/v1/namespaces/${namespace}`, patch, merge);
      expect((await succeed("open", branch)).stdout).to.equal("https://own.example.com/start\n");
    });

    it("names the ports that there are to forward", async () => {
      const { exitCode, stderr } = await run(["open", branch, "--port-forward"]);
      expect(exitCode, stderr).to.equal(2);
      expect(stderr).to.contain("deploy the application first");
    });

    it("says of a service without a ready pod how to see why", async () => {
      const service = {
        metadata: { name: "web" },
        spec: { selector: { app: "web" }, ports: [{ port: 80 }] },
      };
      await api.request("POST", `/api/v1/namespaces/${namespace}/services`, service);
      const { exitCode, stderr } = await run(["open", branch, "--port-forward", "web:80"]);
      expect(exitCode, stderr).to.equal(1);
      expect(stderr).to.contain("No pod behind web:80").and.contain("kubectl get pods");
    });

    it("tells the deployer and a developer who may forward ports", async () => {
      const deployer = exported((await succeed("kubeconfig", branch)).stdout);
      for (const env of [{ KUBECONFIG: deployer }, await developer()]) {
        const { exitCode, stderr } = await run(["open", branch, "--port-forward"], env);
        expect(exitCode, stderr).to.equal(3);
        expect(stderr).to.contain("may not forward ports").and.contain("preset `debug`");
      }
    });

    it("leads those to kubectl who may forward ports by it alone", async () => {
      const { exitCode, stderr } = await run(
        ["open", branch, "--port-forward"],
        await developer("debuggers"),
      );
      expect(exitCode, stderr).to.equal(3);
      expect(stderr).to.contain(`kubectl port-forward --namespace ${namespace} service/web :80`);
    });

    it("tells a pipeline, which sees no services, the same", async () => {
      const asked = ["open", branch, "--port-forward"];
      const { exitCode, stderr } = await run(asked, await pipeline());
      expect(exitCode, stderr).to.equal(3);
      expect(stderr).to.contain("may not read services").and.contain("developer");
    });
  });

  describe("destroy", () => {
    it("says as JSON what it removed, and that there is nothing more", async () => {
      const gone = await answer("destroy", branch, "--result", record);
      expect(recordIn(record)).to.deep.include({ verb: "destroy", exitCode: 0, result: gone });
      expect(gone).to.deep.include({ destroyed: true, namespaces: [namespace] });
      const nothing = await answer("destroy", branch);
      expect(nothing).to.deep.include({ destroyed: false, namespaces: [] });
    });
  });

  interface Listed {
    readonly unseen: readonly string[];
    readonly environments: readonly {
      readonly state: string;
      readonly namespace?: string;
      readonly fullStack?: string;
      readonly fault?: string;
      readonly quota?: Readonly<Record<string, { readonly used: string }>>;
    }[];
  }

  function listed(...args: string[]): Promise<Listed> {
    return answer<Listed>("list", ...args);
  }

  /** What the command prints as JSON, which is as its schema says. */
  async function answer<Result>(verb: string, ...args: string[]): Promise<Result> {
    const { stdout } = await succeed(verb, ...args, "--json");
    return parsedAs<Result>(verb, stdout);
  }

  function succeed(...args: string[]): Promise<CommandResult> {
    return review.succeed(args);
  }

  function run(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<CommandResult> {
    return review.run(args, { env });
  }

  /** A namespace that says that it is an environment. */
  async function stand(name: string, said: { project: string; stack?: string }): Promise<string> {
    const labels = {
      "secure-environment/kind": "review",
      "secure-environment/project": said.project,
      "secure-environment/stack": said.stack ?? name,
    };
    await api.request("POST", "/api/v1/namespaces", { metadata: { name, labels } });
    return name;
  }

  async function holdNamespace(name: string, finalizers: readonly string[]): Promise<void> {
    const patch = { metadata: { finalizers } };
    const merge = { contentType: "application/merge-patch+json" };
    await api.request("PATCH", `/api/v1/namespaces/${name}`, patch, merge);
  }

  async function developer(group = "dev-users"): Promise<NodeJS.ProcessEnv> {
    return { KUBECONFIG: await scene.sandbox.userKubeconfig("jane", [group]) };
  }

  /** Who has the rights of a pipeline; no platform fences it here. */
  function pipeline(): Promise<NodeJS.ProcessEnv> {
    return accountWith("verbs-pipeline", pipelineRules([]));
  }

  function verifier(): Promise<NodeJS.ProcessEnv> {
    const { settings: platform } = judgePlatform({ projects: [{ name: "verbs" }] });
    expect(platform).not.to.equal(undefined);
    const roles = platform === undefined ? {} : platformRoles(platform);
    return accountWith("verbs-verifier", roles[platformRoleNames.accessReviewer] ?? []);
  }

  /** A service account with these rights in the whole cluster. */
  async function accountWith(
    name: string,
    rules: readonly NamedAccessRule[],
  ): Promise<NodeJS.ProcessEnv> {
    const rbac = "/apis/rbac.authorization.k8s.io/v1";
    const subjects = [{ kind: "ServiceAccount", name, namespace: "default" }];
    const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name };
    const metadata = { name };
    await api.request("POST", "/api/v1/namespaces/default/serviceaccounts", { metadata });
    await api.request("POST", `${rbac}/clusterroles`, { metadata, rules });
    await api.request("POST", `${rbac}/clusterrolebindings`, { metadata, subjects, roleRef });
    const kubeconfig = await scene.sandbox.serviceAccountKubeconfig("default", name);
    const account = new KubernetesApi(kubeconfig);
    await eventually(
      async () => (await account.request("GET", "/api/v1/namespaces")).status === 200,
    );
    account.close();
    return { KUBECONFIG: kubeconfig };
  }
});

/** The file in the line that a shell evaluates. */
function exported(stdout: string): string {
  const [, file = ""] = /^export KUBECONFIG='([^']+)'\n$/.exec(stdout) ?? [];
  return file;
}

function kubeconfigIn(file: string): Kubeconfig {
  return parse(readFileSync(file, "utf8")) as Kubeconfig;
}

function onlyUser(file: string): Record<string, unknown> {
  const [only, ...others] = kubeconfigIn(file).users;
  expect(others).to.deep.equal([]);
  return only?.user ?? {};
}
