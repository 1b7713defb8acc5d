import { existsSync } from "node:fs";
import { expect } from "chai";
import { KubernetesApi, type Sandbox } from "secure-environment-sandbox";
import { namespaceName, stackName } from "#components/core/names";
import { FakeGitHub } from "../review/host/support/fakeGitHub";
import { FakeGitLab } from "../review/host/support/fakeGitLab";
import { type FakeHost } from "../review/host/support/fakeHost";
import { sharedSandbox } from "../support/sandbox";
import { GithubPipelines } from "./support/pipelineGithub";
import { GitlabPipelines } from "./support/pipelineGitlab";
import { type JobRun, type PipelineHost, type Secrets } from "./support/pipelineHost";
import { PipelineRepository, pulumiProject } from "./support/pipelineRepository";

interface Host {
  readonly start: () => Promise<FakeHost>;
  readonly variables: (host: FakeHost) => Readonly<Record<string, string>>;
  readonly pipelines: (repository: PipelineRepository, secrets: Secrets) => Promise<PipelineHost>;
  /** The jobs of an event, in order. */
  readonly jobs: Record<"request" | "conflicts" | "byHand" | "end" | "hourly", string[]>;
}

const hosts: Record<string, Host> = {
  github: {
    start: () => FakeGitHub.start(),
    variables: ({ origin }) => ({ GITHUB_API_URL: `${origin}/api/v3` }),
    pipelines: (repository, secrets) => Promise.resolve(new GithubPipelines(repository, secrets)),
    jobs: {
      request: ["check", "up"],
      conflicts: ["up"],
      byHand: ["up"],
      end: ["destroy"],
      hourly: ["reap"],
    },
  },
  gitlab: {
    start: () => FakeGitLab.start(),
    variables: ({ origin }) => ({ CI_API_V4_URL: `${origin}/api/v4` }),
    pipelines: (repository, secrets) => GitlabPipelines.of(repository, secrets),
    jobs: {
      request: ["review-check", "review-up"],
      conflicts: ["review-check", "review-up"],
      byHand: ["review-up"],
      end: ["review-stop"],
      hourly: ["review-reap"],
    },
  },
};

const settingsOnMain = [
  `project: ${pulumiProject}`,
  "lifetime: 7d",
  "policies: { environment-expires: mandatory }",
  `config: { project: ${pulumiProject}, url: "https://shop.example.com" }`,
].join("\n");

/** What a branch may change in its own checkout to get around a policy. */
const blindfold = {
  "review.yaml": [
    `project: ${pulumiProject}`,
    "policies: { environment-expires: disabled }",
    `config: { project: ${pulumiProject} }`,
  ].join("\n"),
};

const wallBreaker = {
  "manifests/wall.yaml": [
    "apiVersion: networking.k8s.io/v1",
    "kind: NetworkPolicy",
    "metadata: { name: let-everybody-in }",
    "spec: { podSelector: {}, ingress: [{}] }",
  ].join("\n"),
};

for (const [hostName, host] of Object.entries(hosts)) {
  describe(`a branch's life on ${hostName}, whose API a stand-in plays`, function () {
    this.timeout(300_000);
    let sandbox: Sandbox;
    let api: KubernetesApi;
    let repository: PipelineRepository;
    let pipelines: PipelineHost;
    let fake: FakeHost;
    /** All that git allows in a branch's name and a shell would act on. */
    let hostile: string;
    const plain = `feature/plain-${hostName}`;

    before("find or build kubectl, and write the pipeline", async function () {
      this.timeout(1_200_000);
      sandbox = await sharedSandbox();
      api = new KubernetesApi(sandbox.kubeconfig);
      repository = await PipelineRepository.create(sandbox, hostName);
      await repository.push("main", { "review.yaml": settingsOnMain });
      fake = await host.start();
      repository.hostVariables = host.variables(fake);
      pipelines = await host.pipelines(repository, {
        host: fake,
        backend: String(sandbox.environment.PULUMI_BACKEND_URL),
        passphrase: String(sandbox.environment.PULUMI_CONFIG_PASSPHRASE),
        kubeconfig: sandbox.kubeconfig,
      });
      const act = `touch\${IFS}${repository.trap}`;
      hostile = `${hostName}/Login_form#42$(${act})"';\`${act}\`;$HOME&x'"=%0A`;
    });

    after(() => {
      api.close();
      fake.close();
      repository.remove();
    });

    it("begins with its request: checked without credentials, up, and the application in it", async () => {
      await repository.push(hostile);
      const runs = await pipelines.open(hostile);
      expect(jobsThatSucceeded(runs)).to.deep.equal(host.jobs.request);
      expect(runs[0]!.output).to.match(/may come up: \d+ resources would be created/);
      expect(runs.at(-1)!.url).to.equal("https://shop.example.com");
      const { body } = await namespace(hostile);
      expect(body.metadata.annotations["secure-environment/branch"]).to.equal(hostile);
      const { body: shop } = await inNamespace(hostile, "configmaps/shop");
      expect(shop.data.greeting).to.equal("hello");
      expect(comments(hostile)).to.have.length(1);
      expect(comments(hostile)[0]).to.contain("https://shop.example.com");
    });

    it("has the very same environment after the next push, in conflict with its target too", async () => {
      const before = (await namespace(hostile)).body.metadata.uid;
      const writes = fake.writes.length;
      await repository.push(hostile, { "manifests/shop.yaml": greeting("again") });
      const runs = await pipelines.push(hostile, true);
      expect(jobsThatSucceeded(runs)).to.deep.equal(host.jobs.conflicts);
      expect((await namespace(hostile)).body.metadata.uid).to.equal(before);
      const { body: shop } = await inNamespace(hostile, "configmaps/shop");
      expect(shop.data.greeting).to.equal("again");
      expect(fake.writes, "no comment was edited").to.have.length(writes);
    });

    it("leaves the environments of other branches alone, and ends with the merge", async () => {
      await repository.push(plain);
      expect(jobsThatSucceeded(await pipelines.open(plain))).to.deep.equal(host.jobs.request);
      const other = (await namespace(plain)).body.metadata.uid;
      expect(jobsThatSucceeded(await pipelines.close(hostile))).to.deep.equal(host.jobs.end);
      expect((await namespace(hostile)).status).to.equal(404);
      expect(await stacks()).not.to.include(stackName(hostile));
      expect(comments(hostile)).to.have.length(1);
      expect(comments(hostile)[0]).not.to.contain("https://shop.example.com");
      expect((await namespace(plain)).body.metadata.uid).to.equal(other);
      expect(await stacks()).to.include(stackName(plain));
    });

    it("can be ended again when nothing is left to destroy", async () => {
      const runs = await pipelines.close(hostile);
      expect(jobsThatSucceeded(runs)).to.deep.equal(host.jobs.end);
      expect(runs.at(-1)!.output).to.include("There is nothing of the branch");
    });

    it("begins again when its request is opened again, and when somebody asks for it", async () => {
      expect(jobsThatSucceeded(await pipelines.reopen(hostile))).to.deep.equal(host.jobs.request);
      expect((await namespace(hostile)).status).to.equal(200);
      expect(jobsThatSucceeded(await pipelines.close(hostile))).to.deep.equal(host.jobs.end);
      expect(jobsThatSucceeded(await pipelines.byHand(hostile))).to.deep.equal(host.jobs.byHand);
      expect((await namespace(hostile)).status).to.equal(200);
      expect(jobsThatSucceeded(await pipelines.close(hostile))).to.deep.equal(host.jobs.end);
    });

    it("ends when the branch is deleted, although it cannot be checked out any more", async () => {
      await repository.deleteBranch(plain);
      const runs = await pipelines.deleteBranch(plain);
      expect(jobsThatSucceeded(runs)).to.deep.equal(host.jobs.end);
      expect((await namespace(plain)).status).to.equal(404);
      expect(await stacks()).not.to.include(stackName(plain));
    });

    it("ends within the hour when nobody tells that the branch is gone, and no other one does", async () => {
      const forgotten = `forgotten-${hostName}`;
      await repository.push(forgotten);
      await repository.push(hostile);
      expect(jobsThatSucceeded(await pipelines.open(forgotten))).to.deep.equal(host.jobs.request);
      expect(jobsThatSucceeded(await pipelines.open(hostile))).to.deep.equal(host.jobs.request);
      await repository.deleteBranch(forgotten);
      const runs = await pipelines.hourly();
      expect(jobsThatSucceeded(runs)).to.deep.equal(host.jobs.hourly);
      expect(runs[0]!.output).to.contain("1 gone, 0 failed");
      expect((await namespace(forgotten)).status).to.equal(404);
      expect((await namespace(hostile)).status).to.equal(200);
      expect(jobsThatSucceeded(await pipelines.close(hostile))).to.deep.equal(host.jobs.end);
    });

    it("is not begun again by a run that comes after the branch was deleted", async () => {
      const run = (await pipelines.push(plain)).at(-1)!;
      expect(run.exitCode, run.output).to.equal(10);
      expect(run.output).to.include("is not open any more");
      expect((await namespace(plain)).status).to.equal(404);
      expect(await stacks()).not.to.include(stackName(plain));
    });

    it("never happens to a branch that stays, whose pipelines are green", async () => {
      await repository.push("release/1");
      const stacksBefore = await stacks();
      const runs = [
        ...(await pipelines.open("release/1")),
        ...(await pipelines.close("release/1")),
      ];
      expect(jobsThatSucceeded(runs)).to.deep.equal([...host.jobs.request, ...host.jobs.end]);
      expect(runs.map((run) => run.output).join()).to.include("gets no environment");
      expect(await stacks()).to.deep.equal(stacksBefore);
    });

    it("is judged by the default branch's policies, and made by its settings, whatever it says", async () => {
      const branch = `blindfold-${hostName}`;
      await repository.push(branch, blindfold);
      const [check] = await pipelines.open(branch);
      expect(check!.exitCode, check!.output).to.equal(5);
      expect(check!.output).to.include("environment-expires");
      expect(jobsThatSucceeded(await pipelines.byHand(branch))).to.deep.equal(host.jobs.byHand);
      const { body } = await namespace(branch);
      expect(body.metadata.annotations).to.have.property("secure-environment/expires-at");
      expect(jobsThatSucceeded(await pipelines.close(branch))).to.deep.equal(host.jobs.end);
    });

    it("brings an application that may not move a wall", async () => {
      const branch = `wall-${hostName}`;
      await repository.push(branch, wallBreaker);
      const run = (await pipelines.open(branch)).at(-1)!;
      expect(run.exitCode, run.output).to.equal(1);
      expect(run.output).to.match(
        /networkpolicies.* is forbidden|cannot \w+ resource "networkpolicies"/,
      );
      const wall = await api.request(
        "GET",
        `/apis/networking.k8s.io/v1/namespaces/${nameOf(branch)}/networkpolicies/let-everybody-in`,
      );
      expect(wall.status).to.equal(404);
      expect(jobsThatSucceeded(await pipelines.close(branch))).to.deep.equal(host.jobs.end);
    });

    it("executed nothing of what the branch's name says", () => {
      expect(existsSync(repository.trap)).to.equal(false);
    });

    function comments(branch: string): string[] {
      const request = fake.requests.find((one) => one.branch === branch);
      return request?.comments.map(({ body }) => body) ?? [];
    }

    function nameOf(branch: string): string {
      return namespaceName(stackName(branch), pulumiProject);
    }

    function namespace(branch: string) {
      return api.request("GET", `/api/v1/namespaces/${nameOf(branch)}`);
    }

    function inNamespace(branch: string, path: string) {
      return api.request("GET", `/api/v1/namespaces/${nameOf(branch)}/${path}`);
    }

    async function stacks(): Promise<string[]> {
      const { stdout } = await sandbox.exec("pulumi", ["stack", "ls", "--all", "--json"]);
      const listed = JSON.parse(stdout) as { name: string }[];
      return listed.map(({ name }) => name.split("/").at(-1)!).sort();
    }
  });
}

/** The jobs, none of which failed or left a change in its checkouts. */
function jobsThatSucceeded(runs: readonly JobRun[]): string[] {
  return runs.map(({ job, exitCode, output, changes }) => {
    expect(exitCode, `${job}:\n${output}`).to.equal(0);
    expect(changes, job).to.equal("");
    return job;
  });
}

function greeting(text: string): string {
  return [
    "apiVersion: v1",
    "kind: ConfigMap",
    "metadata: { name: shop }",
    `data: { greeting: ${text} }`,
  ].join("\n");
}
