import { expect } from "chai";
import { type Sandbox } from "secure-environment-sandbox";
import { analyzedEnvironment } from "../policy/support/analyzedEnvironment";
import { type FakeApiServer } from "../kubernetes/support/fakeApiServer";
import { namespaceServer } from "./support/namespaceServer";
import { GithubPipelines } from "./support/pipelineGithub";
import { GitlabPipelines } from "./support/pipelineGitlab";
import { type PipelineHost } from "./support/pipelineHost";
import { PipelineRepository } from "./support/pipelineRepository";
import { disguised, violatedPolicies } from "../policy/support/rawProgram";
import { sharedSandbox } from "../support/sandbox";
import { StateBackend } from "./support/stateBackend";

type Pipelines = (repository: PipelineRepository, sandbox: Sandbox) => Promise<PipelineHost>;

const hosts: Readonly<Record<string, { readonly job: string; readonly pipelines: Pipelines }>> = {
  GitHub: {
    job: "sweep",
    pipelines: (repository, sandbox) => Promise.resolve(new GithubPipelines(repository, sandbox)),
  },
  GitLab: {
    job: "review-sweep",
    pipelines: (repository, sandbox) => GitlabPipelines.of(repository, sandbox),
  },
};

for (const [hostName, { job, pipelines }] of Object.entries(hosts)) {
  describe(`the nightly job on ${hostName}`, function () {
    this.timeout(300_000);
    let repository: PipelineRepository;
    let backend: StateBackend;
    let server: FakeApiServer;
    let host: PipelineHost;

    before(async () => {
      const sandbox = await sharedSandbox();
      repository = await PipelineRepository.create(sandbox);
      backend = new StateBackend(sandbox);
      server = await namespaceServer("review-a");
      const kubeconfig = server.kubeconfigFile();
      const { environment: env } = backend;
      host = await pipelines(repository, { ...sandbox, kubeconfig, environment: env });
      const args = { expiresAt: "2099-01-31T18:00:00Z" };
      const environment = await analyzedEnvironment(args, { stack: "review-a" });
      await backend.makeStack("review", "review-a", environment);
      const permanent = await analyzedEnvironment({ permanent: true }, { stack: "staging" });
      await backend.makeStack("review", "staging", permanent);
    });

    after(() => {
      repository.remove();
      backend.remove();
      server.stop();
    });

    it("refuses a stack that stays, whatever a branch says of it", async () => {
      const named = { "ci/permanent-stacks": "organization/review/staging\n" };
      await repository.push("feature/stays", named);
      const [swept] = await host.nightly();
      expect(swept!.exitCode, swept!.output).to.equal(1);
      expect(violatedPolicies(swept!)).to.include("stack-owns-only-its-environment");
    });

    it("is green when all stacks keep the rules, those that the default branch lets stay too", async () => {
      const named = { "ci/permanent-stacks": "organization/review/staging\n" };
      await repository.push("main", named);
      const runs = await host.nightly();
      expect(runs.map((run) => run.job)).to.deep.equal([job]);
      expect(runs[0]!.exitCode, runs[0]!.output).to.equal(0);
      expect(runs[0]!.output).to.contain("Stack organization/review/review-a, by policy.json:");
      expect(runs[0]!.output).to.contain(
        "Stack organization/review/staging, by policy.permanent.json:",
      );
      expect(runs[0]!.changes).to.equal("");
    });

    it("is red when a stack breaks a rule, and says which", async () => {
      await backend.makeStack("shop", "review-b", [{ ...disguised, provider: {} }]);
      const [swept] = await host.nightly();
      expect(swept!.exitCode, swept!.output).to.equal(1);
      expect(violatedPolicies(swept!)).to.include("types-are-true");
      expect(swept!.output).to.contain("could not be judged: organization/shop/review-b\n");
    });
  });
}
