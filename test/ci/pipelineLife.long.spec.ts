import { expect } from "chai";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { KubernetesApi, type Sandbox } from "secure-environment-sandbox";
import { stackName } from "#components/core/names";
import { GithubPipelines } from "./support/pipelineGithub";
import { GitlabPipelines } from "./support/pipelineGitlab";
import { type JobRun, type PipelineHost } from "./support/pipelineHost";
import { PipelineRepository, pulumiProject } from "./support/pipelineRepository";
import { violatedPolicies } from "../policy/support/rawProgram";
import { eventually } from "../support/eventually";
import { sharedSandbox } from "../support/sandbox";

interface Host {
  readonly pipelines: (repository: PipelineRepository, sandbox: Sandbox) => Promise<PipelineHost>;
  /** The jobs of an event, in order. */
  readonly jobs: Record<"open" | "push" | "pushWithRequest" | "close" | "delete", string[]>;
}

const hosts: Record<string, Host> = {
  GitHub: {
    pipelines: (repository, sandbox) => Promise.resolve(new GithubPipelines(repository, sandbox)),
    jobs: {
      open: ["preview"],
      push: ["up"],
      pushWithRequest: ["up"],
      close: ["destroy"],
      delete: ["destroy"],
    },
  },
  GitLab: {
    pipelines: (repository, sandbox) => GitlabPipelines.of(repository, sandbox),
    jobs: {
      open: ["review-name", "review-preview", "review-up"],
      push: ["review-name", "review-up"],
      pushWithRequest: ["review-name", "review-preview", "review-up"],
      close: ["review-stop"],
      delete: ["review-stop"],
    },
  },
};

/** What Pulumi says of a pack that refuses nothing, with or without advice. */
const approval = /(✅|⚠️) +secure-environment@v/g;

const program = readFileSync(resolve(__dirname, "../../../index.ts"), "utf8");
const violatingProgram = `${program}
import { core } from "@pulumi/kubernetes";
new core.v1.ConfigMap("violation", { metadata: { name: "violation", namespace: "production" } });
`;

/** Everything that a branch can change in its own checkout lest it be judged. */
const blindfold = {
  "policy/policies/index.ts": "export const policies = [];\n",
  "ci/policy.json": JSON.stringify({ all: "disabled" }),
};
const noScripts = { "ci/preview.sh": "exit 0\n", "ci/stack-name.sh": "exit 0\n" };

for (const [hostName, host] of Object.entries(hosts)) {
  describe(`a branch's life on ${hostName}`, function () {
    this.timeout(300_000);
    let sandbox: Sandbox;
    let api: KubernetesApi;
    let repository: PipelineRepository;
    let pipelines: PipelineHost;
    /** All that git allows in a branch's name and a shell would act on. */
    let hostile: string;
    const plain = `feature/plain-${hostName}`;
    const violating = `feature/violating-${hostName}`;

    before(async () => {
      sandbox = await sharedSandbox();
      api = new KubernetesApi(sandbox.kubeconfig);
      repository = await PipelineRepository.create(sandbox);
      pipelines = await host.pipelines(repository, sandbox);
      const act = `touch\${IFS}${repository.trap}`;
      hostile = `${hostName}/Login_form#42$(${act})"';\`${act}\`;$HOME&x'"=%0A`;
    });

    after(() => {
      api.close();
      repository.remove();
    });

    it("begins with a preview, without credentials", async () => {
      await repository.push(hostile);
      const runs = await pipelines.open(hostile);
      expect(jobsThatSucceeded(runs)).to.deep.equal(host.jobs.open);
      const preview = runs.find((run) => run.job.endsWith("preview"))!;
      expect(preview.output).to.match(/\d+ to create/);
      expect(preview.output).to.match(approval);
    });

    it("has its environment after a push", async () => {
      await repository.push(hostile);
      const runs = await pipelines.push(hostile);
      expect(jobsThatSucceeded(runs)).to.deep.equal(host.jobs.pushWithRequest);
      // Once while it came up, and once by what it had become.
      expect(runs.at(-1)!.output.match(approval)).to.have.length(2);
      const { body } = await api.request("GET", `/api/v1/namespaces/${stackName(hostile)}`);
      expect(body.metadata.annotations["secure-environment/branch"]).to.equal(hostile);
    });

    it("has the very same environment after the next push", async () => {
      const before = await namespace(hostile);
      await repository.push(hostile);
      const runs = await pipelines.push(hostile);
      expect(jobsThatSucceeded(runs)).to.deep.equal(host.jobs.pushWithRequest);
      expect(runs.at(-1)!.output).to.match(/\d+ unchanged/);
      expect(runs.at(-1)!.output).not.to.match(/\d+ (created|updated|replaced|deleted|changed)/);
      expect(await namespace(hostile)).to.deep.equal(before);
    });

    it("leaves the environments of other branches alone and ends with the merge", async () => {
      await repository.push(plain);
      expect(jobsThatSucceeded(await pipelines.push(plain))).to.deep.equal(host.jobs.push);
      const other = await namespace(plain);
      const runs = await pipelines.close(hostile);
      expect(jobsThatSucceeded(runs)).to.deep.equal(host.jobs.close);
      expect((await namespace(hostile)).status).to.equal(404);
      expect(await stacks()).not.to.include(stackName(hostile));
      expect(await namespace(plain)).to.deep.equal(other);
      expect(await stacks()).to.include(stackName(plain));
    });

    it("can be ended again when nothing is left to destroy", async () => {
      const runs = await pipelines.close(hostile);
      expect(jobsThatSucceeded(runs)).to.deep.equal(host.jobs.close);
      expect(runs.at(-1)!.output).to.include(
        `There is no stack organization/${pulumiProject}/${stackName(hostile)} in this backend, ` +
          "and no namespace of it in the cluster: nothing to destroy.",
      );
    });

    it("ends when the branch is deleted, although it cannot be checked out any more", async () => {
      await repository.deleteBranch(plain);
      const runs = await pipelines.deleteBranch(plain);
      expect(jobsThatSucceeded(runs)).to.deep.equal(host.jobs.delete);
      expect((await namespace(plain)).status).to.equal(404);
      expect(await stacks()).not.to.include(stackName(plain));
    });

    it("is not begun again by a run that comes after the branch was deleted", async () => {
      const runs = await pipelines.push(plain);
      expect(jobsThatSucceeded(runs)).to.deep.equal(host.jobs.push);
      expect(runs.at(-1)!.output).to.include("The branch is gone");
      expect((await namespace(plain)).status).to.equal(404);
      expect(await stacks()).not.to.include(stackName(plain));
    });

    it("never happens to a reserved branch, whose pipelines stay green", async () => {
      await repository.push("staging");
      const stacksBefore = await stacks();
      const runs = [...(await pipelines.push("staging")), ...(await pipelines.close("staging"))];
      expect(jobsThatSucceeded(runs)).to.deep.equal([...host.jobs.push, ...host.jobs.close]);
      expect(runs.map((run) => run.output).join()).to.include("gets no environment");
      expect(await stacks()).to.deep.equal(stacksBefore);
    });

    it("is refused before it begins when its program breaks a policy", async () => {
      await repository.push(violating, { "index.ts": violatingProgram });
      const refused = (await pipelines.open(violating)).at(-1)!;
      expect(refused.job).to.match(/preview$/);
      expect(refused.exitCode, refused.output).not.to.equal(0);
      expect(violatedPolicies(refused)).to.include("namespaces-are-not-protected");
    });

    it("is judged by the default branch, whatever it does to pack, configuration and scripts", async () => {
      await repository.push(violating, {
        "index.ts": violatingProgram,
        ...blindfold,
        ...noScripts,
      });
      const refused = (await pipelines.open(violating)).at(-1)!;
      expect(refused.job).to.match(/preview$/);
      expect(refused.exitCode, refused.output).not.to.equal(0);
      expect(violatedPolicies(refused)).to.include("namespaces-are-not-protected");
    });

    it("executed nothing of what the branch's name says", () => {
      expect(existsSync(repository.trap)).to.equal(false);
    });

    function namespace(branch: string) {
      return api.request("GET", `/api/v1/namespaces/${stackName(branch)}`);
    }

    async function stacks(): Promise<string[]> {
      const { stdout } = await sandbox.exec("pulumi", ["stack", "ls", "--all", "--json"]);
      const listed = JSON.parse(stdout) as { name: string }[];
      return listed.map(({ name }) => name.split("/").at(-1)!).sort();
    }
  });
}

describe("the script that destroys", function () {
  this.timeout(300_000);
  let sandbox: Sandbox;
  let repository: PipelineRepository;

  before(async () => {
    sandbox = await sharedSandbox();
    repository = await PipelineRepository.create(sandbox);
  });

  after(() => repository.remove());

  const foreign = ["staging", "review-", "review", "Review-x", "review-a/../../b", "--all", "*"];
  for (const name of foreign) {
    it(`refuses ${name}, which is no review environment`, async () => {
      const { exitCode, output } = await destroy(name, sandbox.environment);
      expect(exitCode, output).to.equal(10);
      expect(output).to.include("is no review environment");
    });
  }

  for (const missing of ["BASE", "PULUMI_BACKEND_URL", "KUBECONFIG"]) {
    it(`fails when ${missing} is missing, rather than to find something by chance`, async () => {
      const { exitCode, output } = await destroy("review-x", {
        ...sandbox.environment,
        [missing]: "",
      });
      expect(exitCode).not.to.be.oneOf([0, 6, 10]);
      expect(output).to.include(`${missing}: is missing`);
    });
  }

  it("fails when the cluster cannot be reached, and keeps the stack", async () => {
    const pipelines = new GithubPipelines(repository, sandbox);
    await repository.push("unreachable");
    expect(jobsThatSucceeded(await pipelines.push("unreachable"))).to.deep.equal(["up"]);
    const unreachable = join(await repository.checkOut("main"), "ci", "preview.kubeconfig");
    const failed = await destroy("review-unreachable", {
      ...sandbox.environment,
      KUBECONFIG: unreachable,
    });
    expect(failed.exitCode, failed.output).not.to.equal(0);
    const { exitCode, output } = await destroy("review-unreachable", sandbox.environment);
    expect(exitCode, output).to.equal(0);
    expect(output).not.to.include("nothing to destroy");
  });

  it("says that there is nothing to destroy only where the branch's namespace is not there", async () => {
    const branch = "left-behind";
    const stack = stackName(branch);
    await repository.push(branch);
    const pipelines = new GithubPipelines(repository, sandbox);
    expect(jobsThatSucceeded(await pipelines.push(branch))).to.deep.equal(["up"]);
    const fullName = `organization/${pulumiProject}/${stack}`;
    await sandbox.exec("pulumi", ["stack", "rm", "--force", "--yes", "--stack", fullName]);

    const left = await destroy(stack, sandbox.environment);
    expect(left.exitCode, left.output).to.equal(10);
    expect(left.output).to.contain(`Namespace ${stack} names the stack ${fullName}`);
    expect(left.output).not.to.contain("nothing to destroy");

    const api = new KubernetesApi(sandbox.kubeconfig);
    const path = `/api/v1/namespaces/${stack}`;
    await api.request("DELETE", path);
    await eventually(async () => (await api.request("GET", path)).status === 404);
    api.close();
    const nothing = await destroy(stack, sandbox.environment);
    expect(nothing.exitCode, nothing.output).to.equal(0);
    expect(nothing.output).to.contain("nothing to destroy");
  });

  it("leaves a namespace alone that is another's by now, and the stack", async () => {
    const branch = "taken-over";
    const stack = stackName(branch);
    const api = new KubernetesApi(sandbox.kubeconfig);
    const path = `/api/v1/namespaces/${stack}`;
    await repository.push(branch);
    const pipelines = new GithubPipelines(repository, sandbox);
    expect(jobsThatSucceeded(await pipelines.push(branch))).to.deep.equal(["up"]);
    await api.request("DELETE", path);
    await eventually(async () => (await api.request("GET", path)).status === 404);
    const foreign = { metadata: { name: stack, labels: { team: "others" } } };
    expect((await api.request("POST", "/api/v1/namespaces", foreign)).status).to.equal(201);

    const refused = await destroy(stack, sandbox.environment);
    expect(refused.exitCode, refused.output).to.equal(10);
    expect(refused.output).to.contain("is not this stack's: it names no stack that made it");
    expect((await api.request("GET", path)).body.status.phase).to.equal("Active");

    await api.request("DELETE", path);
    await eventually(async () => (await api.request("GET", path)).status === 404);
    const destroyed = await destroy(stack, sandbox.environment);
    expect(destroyed.exitCode, destroyed.output).to.equal(0);
    api.close();
  });

  async function destroy(stack: string, variables: Readonly<Record<string, string>>) {
    const folder = await repository.checkOut("main");
    await repository.run(["npm", "ci", "--ignore-scripts"], folder, {});
    return repository.run(["sh", "ci/destroy.sh", stack], folder, { BASE: folder, ...variables });
  }
});

describe("the script that brings up", function () {
  this.timeout(300_000);
  let sandbox: Sandbox;
  let api: KubernetesApi;
  let repository: PipelineRepository;
  let base: string;
  const branch = "holes";
  const end = "2098-01-31T18:00:00Z";

  before(async () => {
    sandbox = await sharedSandbox();
    api = new KubernetesApi(sandbox.kubeconfig);
    repository = await PipelineRepository.create(sandbox);
    base = await built("main");
  });

  after(() => {
    api.close();
    repository.remove();
  });

  it("refuses a project whose environments nobody would destroy", async () => {
    const settings = readFileSync(resolve(__dirname, "../../../Pulumi.yaml"), "utf8");
    await repository.push("renamed", { "Pulumi.yaml": settings });
    const { exitCode, output } = await run("up.sh", await built("renamed"), "renamed");
    expect(exitCode, output).to.equal(2);
    expect(output).to.include("names the project review, and the default branch's names shop");
  });

  it("opens a hole before its end, and changes nothing when it runs again", async () => {
    await repository.push(branch, { "Pulumi.ci.yaml": settingsWithHole() });
    const folder = await built(branch);
    const previewed = await run("preview.sh", folder, branch);
    expect(previewed.exitCode, previewed.output).to.equal(0);
    expect(previewed.output).to.include("environment-hole-scraper");

    const made = await run("up.sh", folder, branch);
    expect(made.exitCode, made.output).to.equal(0);
    expect((await hole()).status).to.equal(200);
    const again = await run("up.sh", folder, branch);
    expect(again.exitCode, again.output).to.equal(0);
    expect(again.output).to.match(/\d+ unchanged/);
    expect(again.output).not.to.match(/\d+ (created|updated|replaced|deleted|changed)/);
    expect(await repository.changes(folder)).to.equal("");
  });

  it("closes the hole after its end", async () => {
    const folder = await built(branch);
    const later = { PATH: `${clockAt("2098-01-31T18:00:01Z")}:${sandbox.environment.PATH}` };
    for (const script of ["preview.sh", "up.sh"]) {
      const { exitCode, output } = await run(script, folder, branch, later);
      expect(exitCode, output).to.equal(0);
      expect(output).to.include(`The hole scraper expired at ${end} and is left out.`);
    }
    expect((await hole()).status).to.equal(404);
    const destroyed = await repository.run(["sh", "ci/destroy.sh", stackName(branch)], folder, {
      ...sandbox.environment,
      BASE: base,
    });
    expect(destroyed.exitCode, destroyed.output).to.equal(0);
  });

  function settingsWithHole(): string {
    const hole = { name: "scraper", direction: "ingress", peer: "monitoring" };
    const rest = { ports: [{ port: 80 }], reason: "Metrics", expiresAt: end };
    return JSON.stringify({ config: { [`${pulumiProject}:holes`]: [{ ...hole, ...rest }] } });
  }

  function hole() {
    const policies = `/apis/networking.k8s.io/v1/namespaces/${stackName(branch)}/networkpolicies`;
    return api.request("GET", `${policies}/hole-scraper`);
  }

  /** A folder with a `date` that prints another time. */
  function clockAt(instant: string): string {
    const folder = repository.emptyFolder();
    writeFileSync(join(folder, "date"), `#!/bin/sh\necho ${instant}\n`, { mode: 0o755 });
    return folder;
  }

  async function built(of: string): Promise<string> {
    const folder = await repository.checkOut(of);
    await repository.run(["sh", "-c", "npm ci && npm run build"], folder, {});
    return folder;
  }

  function run(
    script: string,
    folder: string,
    of: string,
    variables: Readonly<Record<string, string>> = {},
  ) {
    const all = { ...sandbox.environment, BASE: base, BRANCH: of, ...variables };
    return repository.run(["sh", join(base, "ci", script)], folder, all);
  }
});

describe("the scripts that judge", function () {
  this.timeout(300_000);
  const branch = "feature/judged";
  const stack = stackName(branch);
  const fullStackName = `organization/${pulumiProject}/${stack}`;
  let sandbox: Sandbox;
  let repository: PipelineRepository;
  let pipelines: PipelineHost;
  let base: string;

  before(async () => {
    sandbox = await sharedSandbox();
    repository = await PipelineRepository.create(sandbox);
    pipelines = new GithubPipelines(repository, sandbox);
    base = await built("main");
  });

  after(() => repository.remove());

  it("would be blindfolded by a branch, were its own checkout asked", async () => {
    await repository.push("blind", { "index.ts": violatingProgram, ...blindfold });
    const folder = await built("blind");
    const variables = { BRANCH: "blind" };
    const own = await run(["sh", "ci/preview.sh"], folder, { ...variables, BASE: folder });
    expect(own.exitCode, own.output).to.equal(0);
    const judged = await run(["sh", "ci/preview.sh"], folder, { ...variables, BASE: base });
    expect(judged.exitCode, judged.output).not.to.equal(0);
  });

  for (const script of ["preview.sh", "up.sh", "analyze.sh"]) {
    it(`fail without the default branch's pack: ${script}`, async () => {
      const variables = { ...sandbox.environment, BRANCH: branch };
      const { exitCode, output } = await run(["sh", `ci/${script}`, stack], base, variables);
      expect(exitCode).not.to.equal(0);
      expect(output).to.include("BASE: is missing");
    });
  }

  it("create nothing that the pack refuses, without a request too, and leave the walls", async () => {
    await repository.push(branch, { "index.ts": violatingProgram });
    const refused = (await pipelines.push(branch)).at(-1)!;
    expect(refused.exitCode, refused.output).not.to.equal(0);
    expect(violatedPolicies(refused)).to.include("namespaces-are-not-protected");
    expect(refused.output).not.to.match(/violation creat/);
  });

  it("find in a state what no program shows any more", async () => {
    await repository.push(branch, { "index.ts": program });
    expect(jobsThatSucceeded(await pipelines.push(branch))).to.deep.equal(["up"]);
    const { stdout } = await succeed(["pulumi", "stack", "export", "--stack", fullStackName]);
    await importState(stdout.replaceAll('"kind": "ResourceQuota"', '"kind": "Pod"'));
    const found = await analyze(fullStackName);
    expect(found.exitCode, found.output).not.to.equal(0);
    expect(violatedPolicies(found)).to.include("types-are-true");

    await importState(stdout);
    expect((await analyze(fullStackName)).exitCode).to.equal(0);
    await succeed(["sh", "ci/destroy.sh", stack]);
  });

  it("have nothing to say of a stack that is gone", async () => {
    const gone = await analyze(fullStackName);
    expect(gone.exitCode, gone.output).to.equal(0);
    expect(gone.output).to.include("nothing to judge");
  });

  async function built(of: string): Promise<string> {
    const folder = await repository.checkOut(of);
    await run(["sh", "-c", "npm ci && npm run build"], folder, {});
    return folder;
  }

  function run(
    command: readonly string[],
    folder: string,
    variables: Readonly<Record<string, string>>,
  ) {
    return repository.run(command, folder, variables);
  }

  function analyze(name: string) {
    const variables = { ...sandbox.environment, BASE: base };
    return run(["sh", "ci/analyze.sh", name], base, variables);
  }

  async function importState(state: string) {
    const file = join(base, "..", "state.json");
    writeFileSync(file, state);
    await succeed(["pulumi", "stack", "import", "--stack", fullStackName, "--file", file]);
  }

  async function succeed(command: readonly string[]) {
    const result = await run(command, base, { ...sandbox.environment, BASE: base });
    expect(result.exitCode, result.output).to.equal(0);
    return result;
  }
});

/** The jobs, all of which must have succeeded and left their checkout clean. */
function jobsThatSucceeded(runs: readonly JobRun[]): string[] {
  for (const { job, exitCode, output, changes } of runs) {
    expect(exitCode, `${job}:\n${output}`).to.equal(0);
    // What `review-name` leaves are the artifacts it is there for.
    expect(changes, job).to.equal(job === "review-name" ? "?? review-stack" : "");
  }
  return runs.map(({ job }) => job);
}
