import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";
import { KubernetesApi } from "secure-environment-kubernetes";
import { parse, stringify } from "yaml";
import { type CommandResult } from "../support/command";
import { eventually } from "../support/eventually";
import { GithubTokens } from "../support/identities/githubTokens";
import { type Claims, Issuer, type TokenOptions } from "../support/identities/issuer";
import { PlatformCluster, platformStack } from "./support/platformScene";
import { ReviewCommand } from "./support/review/reviewCommand";

const page = resolve(__dirname, "../../../docs/sign-in.md");

interface Authenticator {
  readonly issuer: { readonly url: string; readonly audiences: readonly string[] };
  readonly claimValidationRules: readonly Rule[];
  readonly userValidationRules: readonly Rule[];
}

interface Rule {
  readonly message: string;
}

/** The authenticators that the page has, in its order; each for an issuer of the test. */
const hosts = ["github", "gitlab", "gitlab-of-another-project"] as const;

type Host = (typeof hosts)[number];

const authenticators = [...readFileSync(page, "utf8").matchAll(/^```yaml\n(.*?)^```$/gms)]
  .map(([, text = ""]) => parse(text) as { readonly jwt?: readonly Authenticator[] })
  .flatMap(({ jwt = [] }) => jwt);

const audience = authenticators[0]?.issuer.audiences[0] ?? "";

/** What a job says that the rules of the page are for. */
const good: Readonly<Record<Host, Claims>> = {
  github: {
    aud: audience,
    sub: "repo:octo-org@987654/shop@123456:environment:review",
    repository: "octo-org/shop",
    repository_id: "123456",
    repository_owner: "octo-org",
    repository_owner_id: "987654",
    ref: "refs/heads/main",
    ref_type: "branch",
    event_name: "pull_request_target",
    head_ref: "feature/login",
    base_ref: "main",
    workflow_ref: "octo-org/shop/.github/workflows/review-environments.yml@refs/heads/main",
    job_workflow_ref: "octo-org/shop/.github/workflows/review-environments.yml@refs/heads/main",
    environment: "review",
  },
  gitlab: {
    aud: audience,
    sub: "project_path:my-group/shop:ref_type:branch:ref:main",
    namespace_id: "72",
    project_id: "20",
    project_path: "my-group/shop",
    pipeline_source: "pipeline",
    ref: "main",
    ref_type: "branch",
    ref_path: "refs/heads/main",
    ref_protected: "true",
    environment: "review/login",
    ci_config_ref_uri: "gitlab.com/my-group/shop//.gitlab-ci.yml@refs/heads/main",
  },
  "gitlab-of-another-project": {
    aud: audience,
    namespace_id: "72",
    project_id: "20",
    project_path: "my-group/shop",
    pipeline_source: "push",
    ref: "feature/login",
    ref_path: "refs/heads/feature/login",
    ref_protected: "false",
    environment: "review/login",
    ci_config_ref_uri: null,
  },
};

/** What differs in an attack from what is good, and what the API server says to it. */
interface Attack {
  readonly claims?: Claims;
  readonly options?: TokenOptions;
  /** Default 401. */
  readonly status?: 403;
}

const workflows = "octo-org/shop/.github/workflows";

const attacks: Readonly<Record<Host, Readonly<Record<string, Attack>>>> = {
  github: {
    "another repository of the owner": { claims: { repository_id: "345678" } },
    "another repository of the owner, which has a project of its own": {
      claims: { repository_id: "234567" },
      status: 403,
    },
    "the name of the repository, registered again by somebody else": {
      claims: { repository_id: "456789", repository_owner_id: "876543" },
    },
    "the repository after its transfer to somebody else": {
      claims: { repository_owner_id: "876543" },
    },
    "another workflow of the default branch": {
      claims: { workflow_ref: `${workflows}/other.yml@refs/heads/main` },
    },
    "a branch's own version of the workflow": {
      claims: {
        event_name: "push",
        ref: "refs/heads/feature/login",
        workflow_ref: `${workflows}/review-environments.yml@refs/heads/feature/login`,
      },
    },
    "a workflow_dispatch on a branch": {
      claims: {
        event_name: "workflow_dispatch",
        ref: "refs/heads/feature/login",
        workflow_ref: `${workflows}/review-environments.yml@refs/heads/feature/login`,
      },
    },
    "a pull request's own version of the workflow": {
      claims: {
        event_name: "pull_request",
        ref: "refs/pull/7/merge",
        workflow_ref: `${workflows}/review-environments.yml@refs/pull/7/merge`,
      },
    },
    "an event that the workflow is not for": { claims: { event_name: "issue_comment" } },
    "another repository that calls the workflow": {
      claims: {
        repository: "octo-org/other",
        workflow_ref: "octo-org/other/.github/workflows/ci.yml@refs/heads/main",
      },
    },
    "a branch whose name looks like the end of the workflow's": {
      claims: {
        ref: "refs/heads/x/review-environments.yml@refs/heads/main",
        workflow_ref: `${workflows}/evil.yml@refs/heads/x/review-environments.yml@refs/heads/main`,
      },
    },
    "the base branch of a pull request": { claims: { ref: "refs/heads/release" } },
    "another environment": { claims: { environment: "production" } },
    "a job without an environment": { claims: { environment: undefined } },
    "a token for another audience": { claims: { aud: "https://vault.example.com" } },
    "a token that has ended": { options: { lifetime: -1 } },
    "a token that nobody signed": { options: { signedBy: "nobody" } },
    "a token that somebody else signed": { options: { signedBy: "another" } },
    "a token of an issuer that nobody trusts": { claims: { iss: "https://127.0.0.1/evil" } },
  },
  gitlab: {
    "another project of the group": { claims: { project_id: "33" } },
    "another group's project": { claims: { namespace_id: "73" } },
    "a branch's own definition": {
      claims: {
        pipeline_source: "push",
        ref: "feature/login",
        ref_path: "refs/heads/feature/login",
        ref_protected: "false",
        ci_config_ref_uri: "gitlab.com/my-group/shop//.gitlab-ci.yml@refs/heads/feature/login",
      },
    },
    "a protected branch that is not the default one": {
      claims: {
        ref_path: "refs/heads/release",
        ci_config_ref_uri: "gitlab.com/my-group/shop//.gitlab-ci.yml@refs/heads/release",
      },
    },
    "a default branch that is not protected": { claims: { ref_protected: "false" } },
    "another definition of the default branch": {
      claims: { ci_config_ref_uri: "gitlab.com/my-group/shop//other.yml@refs/heads/main" },
    },
    "a definition that GitLab does not name": { claims: { ci_config_ref_uri: null } },
    "a child pipeline": { claims: { pipeline_source: "parent_pipeline" } },
    "another environment": { claims: { environment: "production" } },
    "a token for another audience": { claims: { aud: "https://vault.example.com" } },
  },
  "gitlab-of-another-project": {
    "a branch's own definition": {
      claims: {
        ci_config_ref_uri: "gitlab.com/my-group/shop//.gitlab-ci.yml@refs/heads/feature/login",
      },
    },
    "a definition of a project with a longer name": {
      claims: {
        ci_config_ref_uri:
          "gitlab.com/my-group/shop//review.yml@my-group/pipelines-of-mine@refs/heads/feature/login",
      },
    },
    "a child pipeline": { claims: { pipeline_source: "parent_pipeline" } },
    "another project": { claims: { project_id: "21" } },
    "another group's project": { claims: { namespace_id: "73" } },
    "another environment": { claims: { environment: "production" } },
  },
};

/** The same authenticator without one of its rules, each, under the name of an issuer of its own. */
function weakened(host: Host): readonly (readonly [issuer: string, rule: string, Authenticator])[] {
  const authenticator = authenticators[hosts.indexOf(host)]!;
  const { claimValidationRules, userValidationRules } = authenticator;
  return [...claimValidationRules, ...userValidationRules].map((rule, index) => {
    const without = (rules: readonly Rule[]) => rules.filter((one) => one !== rule);
    return [
      `${host}-without-${index}`,
      rule.message,
      {
        ...authenticator,
        claimValidationRules: without(claimValidationRules),
        userValidationRules: without(userValidationRules),
      },
    ];
  });
}

describe("a pipeline without a stored credential", function () {
  this.timeout(300_000);
  const folder = mkdtempSync(join(tmpdir(), "secure-environment-sign-in-"));
  const temporary = join(folder, "tmp");
  let issuer: Issuer;
  let github: GithubTokens;
  let cluster: PlatformCluster;
  let review: ReviewCommand;
  let ca: Buffer;

  before("start a cluster that trusts the issuer of the test", async function () {
    this.timeout(600_000);
    console.log(
      "    Stand-ins: an issuer of the test for GitHub's and GitLab's, and where GitHub gives tokens.",
    );
    mkdirSync(temporary);
    issuer = await Issuer.start();
    github = await GithubTokens.start(() => token("github"));
    const configuration = join(folder, "authentication.yaml");
    writeFileSync(configuration, authenticationConfiguration());
    cluster = await PlatformCluster.start({
      extraApiServerArguments: [`--authentication-config=${configuration}`],
    });
    await cluster.install({ projects: [{ name: "shop", pipelineGroup: "ci-shop" }] });
    const outputs = (await cluster.program.outputs(platformStack)) as Record<string, string>;
    ca = Buffer.from(outputs.certificateAuthority ?? "");
    review = new ReviewCommand(cluster.sandbox, {
      project: "shop",
      cluster: outputs.clusterId,
      signIn: {
        server: outputs.apiServer,
        certificateAuthority: outputs.certificateAuthority,
        audience,
      },
      config: { project: "shop", platform: true, size: "small" },
    });
    await eventually(async () => (await statusFor(token("github"))) === 200);
  });

  after(async function () {
    this.timeout(180_000);
    await cluster?.end();
    github?.stop();
    issuer?.stop();
    rmSync(folder, { recursive: true });
  });

  afterEach("leaves no kubeconfig behind, and no token in the state", () => {
    expect(readdirSync(temporary)).to.deep.equal([]);
    const states = readdirSync(review.backend, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.parentPath.includes(".pulumi"))
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"));
    expect(states.filter((state) => /eyJ0eXAi|review-sign-in/.test(state))).to.deep.equal([]);
  });

  describe("of GitHub", () => {
    it("brings an environment up, lists it, lets the deployer in, and removes it", async () => {
      const before = github.asked.length;
      const { outputs } = JSON.parse((await succeed("up", "login", "--json")).stdout) as {
        outputs: Record<string, string>;
      };
      const { environments } = JSON.parse((await succeed("list", "--json")).stdout) as {
        environments: readonly { readonly namespace: string; readonly state: string }[];
      };
      const [environment, ...others] = environments;
      expect(environment).to.include({ namespace: outputs.namespaceName, state: "up" });
      expect(others).to.deep.equal([]);
      const file = join(folder, "deployer.yaml");
      await succeed("kubeconfig", "login", "--file", file);
      expect(readFileSync(file, "utf8")).not.to.contain("credential");
      await succeed("extend", "login", "--for", "2d");
      await succeed("destroy", "login");
      const path = `/api/v1/namespaces/${outputs.namespaceName}`;
      expect((await cluster.api.request("GET", path)).status).to.equal(404);
      expect(new Set(github.asked.slice(before))).to.deep.equal(new Set([audience]));
    });

    it("goes on with new tokens when those that it has end in the middle", async () => {
      github.answer = () => token("github", {}, { lifetime: 6 });
      const before = github.asked.length;
      await succeed("up", "short");
      const asked = github.asked.length - before;
      console.log(`      ${asked} tokens were asked for during one run of up.`);
      expect(asked).to.be.greaterThan(2);
      await succeed("destroy", "short");
    });

    it("ends with 3 and one line where the API server does not take what it claims", async () => {
      const claims = attacks.github["a pull request's own version of the workflow"]?.claims;
      github.answer = () => token("github", claims);
      const { exitCode, stderr } = await run("up", "login");
      expect(exitCode, stderr).to.equal(3);
      expect(stderr.split("\n").filter((line) => line.startsWith("error: "))).to.have.length(1);
      expect(stderr).to.match(/event_name "pull_request".*compare it with/);
    });

    it("ends with 3 and one line where its group has no rights", async () => {
      github.answer = () => token("github", { repository_id: "234567" });
      for (const args of [
        ["up", "login"],
        ["destroy", "login"],
        ["list"],
        ["kubeconfig", "login"],
      ] as const) {
        const { exitCode, stderr } = await run(...args);
        expect(exitCode, stderr).to.equal(3);
        expect(stderr).to.match(/^error: .*(may not read it|may not list).*$/m);
      }
    });

    it("ends with 3 where its token has ended", async () => {
      github.answer = () => token("github", {}, { lifetime: -1 });
      const { exitCode, stderr } = await run("up", "login");
      expect(exitCode, stderr).to.equal(3);
      expect(stderr).to.match(/^error: .*ended at .*$/m);
    });

    afterEach(() => {
      github.answer = () => token("github");
    });
  });

  describe("of GitLab", () => {
    it("brings an environment up and removes it", async () => {
      const environment = () => ({ REVIEW_ID_TOKEN: token("gitlab") });
      const { exitCode, output } = await runAs(environment(), "up", "lab");
      expect(exitCode, output).to.equal(0);
      expect(output).to.contain("as this run of GitLab").and.not.contain("eyJ");
      const destroyed = await runAs(environment(), "destroy", "lab");
      expect(destroyed.exitCode, destroyed.output).to.equal(0);
      expect(destroyed.output).to.contain("is gone");
    });

    it("ends with 3 where the token's life is over", async () => {
      const ended = { REVIEW_ID_TOKEN: token("gitlab", {}, { lifetime: -1 }) };
      const { exitCode, output } = await runAs(ended, "up", "lab");
      expect(exitCode, output).to.equal(3);
      expect(output).to.contain("`timeout`").and.not.contain("eyJ");
    });
  });

  for (const host of hosts) {
    describe(`the rules for ${host}`, () => {
      for (const [name, { claims, options, status = 401 }] of Object.entries(attacks[host])) {
        it(`refuse ${name}, and take what differs in that alone`, async () => {
          expect(await statusFor(token(host))).to.equal(200);
          expect(await statusFor(token(host, claims, options))).to.equal(status);
        });
      }

      for (const [name, rule] of weakened(host)) {
        it(`miss an attack without the one that says: ${rule}`, async () => {
          const answers = Object.values(attacks[host])
            .filter(({ status }) => status === undefined)
            .map(({ claims, options }) => issuer.token(name, { ...good[host], ...claims }, options))
            .map(statusFor);
          const taken = (await Promise.all(answers)).filter((status) => status !== 401);
          expect(taken).not.to.deep.equal([]);
        });
      }
    });
  }

  it("is taken where newer versions of GitLab name the setting", async () => {
    const named =
      "gitlab.com/my-group/shop//review.yml@my-group/pipelines@refs/heads/feature/login";
    const host = "gitlab-of-another-project";
    expect(await statusFor(token(host, { ci_config_ref_uri: named }))).to.equal(200);
    expect(await statusFor(token(host, { ci_config_ref_uri: undefined }))).to.equal(200);
  });

  function token(host: Host, changes: Claims = {}, options?: TokenOptions): string {
    return issuer.token(host, { ...good[host], ...changes }, options);
  }

  function authenticationConfiguration(): string {
    const asOnThePage = hosts.map((host, index) => [host, authenticators[index]!] as const);
    const weak = hosts.flatMap(weakened).map(([name, , one]) => [name, one] as const);
    expect(authenticators).to.have.length(hosts.length);
    return stringify({
      apiVersion: "apiserver.config.k8s.io/v1",
      kind: "AuthenticationConfiguration",
      jwt: [...asOnThePage, ...weak].map(([name, one]) => ({
        ...one,
        issuer: {
          ...one.issuer,
          url: issuer.url(name),
          certificateAuthority: issuer.authority,
        },
      })),
    });
  }

  /** What the API server says to whoever lists namespaces with a token. */
  async function statusFor(bearer: string): Promise<number> {
    const [server = ""] = cluster.sandbox.servers;
    const headers = { authorization: `Bearer ${bearer}` };
    const api = new KubernetesApi({ server, options: { ca, headers } });
    try {
      return (await api.request("GET", "/api/v1/namespaces")).status;
    } finally {
      api.close();
    }
  }

  function run(...args: readonly string[]): Promise<CommandResult> {
    return runAs(github.environment, ...args);
  }

  function runAs(
    environment: Readonly<Record<string, string>>,
    ...args: readonly string[]
  ): Promise<CommandResult> {
    return review.run(args, { env: { KUBECONFIG: "", TMPDIR: temporary, ...environment } });
  }

  async function succeed(...args: readonly string[]): Promise<CommandResult> {
    const result = await run(...args);
    expect(result.exitCode, result.output).to.equal(0);
    expect(result.output).not.to.contain("eyJ");
    return result;
  }
});
