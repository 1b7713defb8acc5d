import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { expect } from "chai";
import { SecureEnvironment, type SecureEnvironmentArgs } from "secure-environment";
import { developRules } from "#components/core/rbac/rules";
import { sizeQuota } from "#components/core/sizes";
import { MockEngine, type MockRun, uncaughtErrorsOf, valueOf } from "../support/mocks";

const walls = [
  "env-quota",
  "env-no-system-priority",
  "env-no-cross-namespace-affinity",
  "env-limits",
  "env-default-deny",
  "env-same-environment",
  "env-dns",
];
const accounts = ["env-default-account", "env-deployer-account"];
const roles = ["env-developer", "env-deployer"];
const bindings = ["env-developers", "env-deployers"];
const access = [...accounts, ...roles, ...bindings];

const identityLabels = {
  "secure-environment/kind": "review",
  "secure-environment/project": "review",
  "secure-environment/stack": "review-login",
};

describe("an environment", () => {
  it("takes a number for an amount, as programs in YAML write it", async () => {
    const quota = { pods: 8, "limits.cpu": 2 } as unknown as Record<string, string>;
    const { environment, engine } = await built({ quota, owner: pulumi.output("jane.doe") });
    expect(await valueOf(environment.quota)).to.include({ pods: "8", "limits.cpu": "2" });
    const [component] = engine.registrations;
    expect(component?.inputs.quota).to.deep.equal({ pods: "8", "limits.cpu": "2" });
  });

  it("is exactly a namespace, its walls and its access, all below the component", async () => {
    const { engine } = await built();
    const found = engine.registrations.map(({ type, name, parent }) => [type, name, parent]);
    expect(found).to.have.deep.members([
      ["secure-environment:index:SecureEnvironment", "env", undefined],
      ["kubernetes:core/v1:Namespace", "env", "env"],
      ["kubernetes:core/v1:ResourceQuota", "env-quota", "env"],
      ["kubernetes:core/v1:ResourceQuota", "env-no-system-priority", "env"],
      ["kubernetes:core/v1:ResourceQuota", "env-no-cross-namespace-affinity", "env"],
      ["kubernetes:core/v1:LimitRange", "env-limits", "env"],
      ["kubernetes:networking.k8s.io/v1:NetworkPolicy", "env-default-deny", "env"],
      ["kubernetes:networking.k8s.io/v1:NetworkPolicy", "env-same-environment", "env"],
      ["kubernetes:networking.k8s.io/v1:NetworkPolicy", "env-dns", "env"],
      ["kubernetes:core/v1:ServiceAccountPatch", "env-default-account", "env"],
      ["kubernetes:core/v1:ServiceAccount", "env-deployer-account", "env"],
      ["kubernetes:rbac.authorization.k8s.io/v1:Role", "env-developer", "env"],
      ["kubernetes:rbac.authorization.k8s.io/v1:RoleBinding", "env-developers", "env"],
      ["kubernetes:rbac.authorization.k8s.io/v1:Role", "env-deployer", "env"],
      ["kubernetes:rbac.authorization.k8s.io/v1:RoleBinding", "env-deployers", "env"],
    ]);
  });

  it("stands side by side with another one in the same program", async () => {
    const engine = await MockEngine.start();
    new SecureEnvironment("env");
    new SecureEnvironment("other");
    await engine.finished();
    const own = engine.resources.filter(({ parent }) => parent === "env");
    expect(own).to.have.length(1 + walls.length + access.length);
    expect(engine.resources).to.have.length(2 * own.length);
  });

  it("keeps its arguments in the state, where policies can read them", async () => {
    const args = { branch: "login", project: "shop" };
    const { engine } = await built(args);
    expect(engine.component("env").inputs).to.deep.equal(args);
  });
});

describe("the order of an environment", () => {
  it("has the namespace before everything in it", async () => {
    const { engine } = await built();
    for (const name of [...walls, ...access]) {
      expect(engine.resource(name).dependsOn, name).to.include("env");
    }
  });

  it("has every wall before accounts and roles, and all of them before the bindings", async () => {
    const { engine } = await built();
    const before = ["env", ...walls];
    for (const name of [...accounts, ...roles]) {
      expect(engine.resource(name).dependsOn, name).to.have.members(before);
    }
    for (const name of bindings) {
      const all = [...before, ...accounts, ...roles];
      expect(engine.resource(name).dependsOn, name).to.have.members(all);
    }
  });

  it("has no wall wait for another one", async () => {
    const { engine } = await built();
    for (const name of walls) {
      expect(engine.resource(name).dependsOn, name).to.deep.equal(["env"]);
    }
  });

  for (const slowest of walls) {
    it(`asks for no access before ${slowest} stands, however long it takes`, async () => {
      const { engine } = await built({}, { slowest });
      for (const name of access) {
        expect(engine.isBefore(`made ${slowest}`, `ask ${name}`), name).to.equal(true);
      }
    });
  }

  for (const slowest of [...accounts, ...roles]) {
    it(`asks for no binding before ${slowest} stands, however long it takes`, async () => {
      const { engine } = await built({}, { slowest });
      for (const name of bindings) {
        expect(engine.isBefore(`made ${slowest}`, `ask ${name}`), name).to.equal(true);
      }
    });
  }

  for (const slowest of [...walls, ...access]) {
    it(`hands out the namespace's name only once ${slowest} stands`, async () => {
      const engine = await MockEngine.start({ slowest });
      const environment = new SecureEnvironment("env");
      environment.namespaceName.apply(() => engine.events.push("name known"));
      await engine.finished();
      expect(engine.isBefore(`made ${slowest}`, "name known")).to.equal(true);
    });
  }

  it("leaves the removal of everything inside to the removal of the namespace", async () => {
    const { engine } = await built();
    for (const name of [...walls, ...access]) {
      expect(engine.resource(name).deletedWith, name).to.equal("env");
    }
  });
});

describe("the namespace", () => {
  it("says what it is and refuses pods that are not restricted", async () => {
    const { engine } = await built();
    expect(engine.resource("env").inputs).to.deep.equal({
      apiVersion: "v1",
      kind: "Namespace",
      metadata: {
        name: "review-login",
        labels: namespaceLabels({}),
      },
    });
  });

  it("carries the branch, the owner, the address and the expiry that were given", async () => {
    const { engine } = await built({
      branch: "login",
      owner: pulumi.output("jane.doe"),
      url: pulumi.output("https://login.example.com/"),
      expiresAt: "2027-01-31T18:00:00Z",
    });
    expect(engine.resource("env").inputs.metadata).to.deep.equal({
      name: "review-login",
      labels: namespaceLabels({ "secure-environment/owner": "jane.doe" }),
      annotations: {
        "secure-environment/branch": "login",
        "secure-environment/expires-at": "2027-01-31T18:00:00Z",
        "janitor/expires": "2027-01-31T18:00:00Z",
        "secure-environment/url": "https://login.example.com/",
      },
    });
  });

  it("carries the project in its name and its label", async () => {
    const { engine, environment } = await built({ project: "shop" });
    expect(await valueOf(environment.namespaceName)).to.equal("review-shop-login");
    const labels = namespaceLabels({ "secure-environment/project": "shop" });
    expect(engine.resource("env").inputs.metadata).to.deep.include({ labels });
  });

  it("can be removed when it is a review environment's", async () => {
    const { engine } = await built();
    expect(engine.registrations.filter(({ protect }) => protect)).to.deep.equal([]);
  });

  it("is protected from its pipeline too where a platform guards what is permanent", async () => {
    const run = { stack: "staging" };
    const guarded = { permanent: true, platform: true, project: "shop" };
    const protect = { "secure-environment/protect": "true" };
    const labelsOf = async (args: SecureEnvironmentArgs, where?: MockRun) => {
      const { engine } = await built(args, where);
      return (engine.resource("env").inputs.metadata as { labels: object }).labels;
    };
    expect(await labelsOf(guarded, run)).to.include(protect);
    expect(await labelsOf({ ...guarded, permanent: false })).not.to.include(protect);
    expect(await labelsOf({ ...guarded, platform: false }, run)).not.to.include(protect);
  });

  it("is protected when it is permanent, behind the same walls", async () => {
    const { engine } = await built({ permanent: true }, { stack: "staging" });
    const labels = namespaceLabels({
      "secure-environment/kind": "permanent",
      "secure-environment/stack": "staging",
    });
    for (const name of ["env", ...walls, ...access]) {
      expect(engine.resource(name).protect, name).to.equal(true);
    }
    expect(engine.resource("env").inputs.metadata).to.deep.include({ name: "staging", labels });
    const review = await built();
    for (const name of walls) {
      expect(engine.resource(name).inputs.spec, name).to.deep.equal(
        review.engine.resource(name).inputs.spec,
      );
    }
  });

  it("ends in a random suffix that the state keeps when it is to be unique", async () => {
    const { engine, environment } = await built({ uniqueSuffix: true });
    expect(await valueOf(environment.namespaceName)).to.equal("review-login-x1y2z3");
    const suffix = engine.resource("env-suffix");
    expect(suffix.type).to.equal("random:index/randomString:RandomString");
    expect(suffix.parent).to.equal("env");
    expect(suffix.inputs).to.deep.equal({ length: 6, special: false, upper: false });
    for (const name of [...walls, ...access]) {
      const { metadata } = engine.resource(name).inputs as { metadata: object };
      expect(metadata, name).to.deep.include({ namespace: "review-login-x1y2z3" });
    }
  });
});

describe("the objects inside the namespace", () => {
  it("have fixed names, its namespace and the labels of the environment", async () => {
    const { engine } = await built();
    const found = [...walls, "env-developer", "env-developers"].map((name) => [
      name,
      engine.resource(name).inputs.metadata,
    ]);
    const metadata = (name: string) => ({
      name,
      namespace: "review-login",
      labels: identityLabels,
    });
    expect(Object.fromEntries(found)).to.deep.equal({
      "env-quota": metadata("environment"),
      "env-no-system-priority": metadata("no-system-priority"),
      "env-no-cross-namespace-affinity": metadata("no-cross-namespace-affinity"),
      "env-limits": metadata("environment"),
      "env-default-deny": metadata("default-deny"),
      "env-same-environment": metadata("same-environment"),
      "env-dns": metadata("dns"),
      "env-developer": metadata("developer"),
      "env-developers": metadata("developer"),
    });
  });

  it("bound everything that the quota names", async () => {
    const { engine } = await built();
    expect(engine.resource("env-quota").inputs.spec).to.deep.equal({ hard: sizeQuota() });
  });

  it("follow the quota and the container defaults that were asked for", async () => {
    const { engine, environment } = await built({
      quota: { "limits.cpu": "1", pods: "3" },
      containerDefaults: { requests: { cpu: "50m" } },
    });
    const quota = { ...sizeQuota(), "limits.cpu": "1", pods: "3" };
    const min = { cpu: "1m", memory: "1Mi", "ephemeral-storage": "1Mi" };
    const max = { cpu: "1", memory: "12Gi", "ephemeral-storage": "24Gi" };
    expect(engine.resource("env-quota").inputs.spec).to.deep.equal({ hard: quota });
    expect(engine.resource("env-limits").inputs.spec).to.deep.equal({
      limits: [
        {
          type: "Container",
          default: { cpu: "500m", memory: "512Mi", "ephemeral-storage": "1Gi" },
          defaultRequest: { cpu: "50m", memory: "128Mi", "ephemeral-storage": "256Mi" },
          min,
          max,
        },
        { type: "Pod", min, max },
        { type: "PersistentVolumeClaim", min: { storage: "1Mi" }, max: { storage: "20Gi" } },
      ],
    });
    expect(await valueOf(environment.quota)).to.deep.equal(quota);
  });

  it("close the network but for the environment itself and name resolution", async () => {
    const { engine } = await built();
    const everyPod = { podSelector: {} };
    expect(engine.resource("env-default-deny").inputs.spec).to.deep.equal({
      ...everyPod,
      policyTypes: ["Ingress", "Egress"],
    });
    expect(engine.resource("env-same-environment").inputs.spec).to.deep.equal({
      ...everyPod,
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ from: [everyPod] }],
      egress: [{ to: [everyPod] }],
    });
    const dns = {
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
      podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
    };
    const ports = ["UDP", "TCP"].map((protocol) => ({ port: 53, protocol }));
    expect(engine.resource("env-dns").inputs.spec).to.deep.equal({
      ...everyPod,
      policyTypes: ["Egress"],
      egress: [{ to: [dns], ports }],
    });
  });

  it("give pods of the default account no token, and touch nothing else of it", async () => {
    const { engine } = await built();
    expect(engine.resource("env-default-account").inputs).to.deep.equal({
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name: "default", namespace: "review-login" },
      automountServiceAccountToken: false,
    });
  });

  it("let one group in, with the developer's rules and no cluster role", async () => {
    const { engine } = await built();
    const apiGroup = "rbac.authorization.k8s.io";
    expect(engine.resource("env-developer").inputs.rules).to.deep.equal(developRules);
    const { roleRef, subjects } = engine.resource("env-developers").inputs;
    expect(roleRef).to.deep.equal({ apiGroup, kind: "Role", name: "developer" });
    expect(subjects).to.deep.equal([{ apiGroup, kind: "Group", name: "dev-users" }]);
  });

  it("let the group in that was asked for, and no other", async () => {
    const { engine } = await built({ developerGroup: "shop-team" });
    expect(engine.resource("env-developers").inputs.subjects).to.deep.equal([
      { apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "shop-team" },
    ]);
  });
});

describe("the outputs of an environment", () => {
  it("say what stands", async () => {
    const { environment } = await built({
      branch: "login",
      url: "https://login.example.com/",
      expiresAt: pulumi.output("2027-01-31T18:00:00Z"),
    });
    expect(await outputsOf(environment)).to.deep.equal({
      namespaceName: "review-login",
      stackName: "review-login",
      branch: "login",
      url: "https://login.example.com/",
      expiresAt: "2027-01-31T18:00:00Z",
      developerRoleName: "developer",
      quota: sizeQuota(),
    });
  });

  it("leave out what was not given", async () => {
    const { environment } = await built();
    expect(await outputsOf(environment)).to.deep.equal({
      namespaceName: "review-login",
      stackName: "review-login",
      branch: undefined,
      url: undefined,
      expiresAt: undefined,
      developerRoleName: "developer",
      quota: sizeQuota(),
    });
  });

  it("say what developers have where a platform guards the environment", async () => {
    const platform = await built({ project: "shop", platform: true });
    expect((await outputsOf(platform.environment)).developerRoleName).to.equal(
      "secure-environment-developer",
    );
  });
});

describe("a preview of an environment", () => {
  it("shows every object before the random suffix is known", async () => {
    const preview = await built({ uniqueSuffix: true }, { isPreview: true });
    const real = await built({ uniqueSuffix: true });
    expect(preview.engine.resources.map(({ name }) => name)).to.have.members(
      real.engine.resources.map(({ name }) => name),
    );
    expect(await isKnown(preview.environment.namespaceName)).to.equal(false);
    expect(await isKnown(preview.environment.stackName)).to.equal(true);
  });

  it("shows every wall in full even when all that may be unknown is unknown", async () => {
    const engine = await MockEngine.start({ isPreview: true });
    const unknown = new random.RandomString("unknown", { length: 6 }).result;
    new SecureEnvironment("env", { owner: unknown, url: unknown, expiresAt: unknown });
    await engine.finished();
    const real = await built();
    expect(engine.resources).to.have.length(real.engine.resources.length + 1);
    for (const name of [...walls, ...access]) {
      expect(engine.resource(name), name).to.deep.equal(real.engine.resource(name));
    }
  });

  it("knows what the namespace refuses even when its owner is unknown", async () => {
    const engine = await MockEngine.start({ isPreview: true });
    const unknown = new random.RandomString("unknown", { length: 6 }).result;
    new SecureEnvironment("env", { owner: unknown });
    await engine.finished();
    const { metadata } = engine.resource("env").inputs as { metadata: { labels: object } };
    expect(metadata.labels).to.include(namespaceLabels({}));
  });

  it("knows the namespace's name when there is no suffix", async () => {
    const { environment } = await built({}, { isPreview: true });
    expect(await isKnown(environment.namespaceName)).to.equal(true);
    expect(await valueOf(environment.namespaceName)).to.equal("review-login");
  });
});

describe("an environment with faults", () => {
  it("is refused with all of them at once, before anything is created", async () => {
    const engine = await MockEngine.start();
    const args = { project: "A", quota: { pods: "many" }, owner: "Jane Doe" };
    let refusal: unknown;
    try {
      new SecureEnvironment("env", args);
    } catch (error) {
      refusal = error;
    }
    await engine.finished();
    expect(pulumi.RunError.isInstance(refusal), "shown without a stack trace").to.equal(true);
    const lines = (refusal as Error).message.split("\n").map((line) => line.split(" (found")[0]);
    expect(lines).to.deep.equal([
      "The environment has 3 problems; nothing was created.",
      "  - project: cannot be part of a namespace",
      "  - owner: cannot be the value of a label",
      '  - quota["pods"]: is not a Kubernetes quantity',
    ]);
    expect(engine.registrations).to.deep.equal([]);
  });

  it("is refused before the namespace when a fault is known only later", async () => {
    const engine = await MockEngine.start();
    const errors = await uncaughtErrorsOf(async () => {
      new SecureEnvironment("env", { owner: pulumi.output("Jane Doe") });
      await engine.finished();
    });
    expect(errors).not.to.deep.equal([]);
    for (const error of errors) {
      expect(pulumi.RunError.isInstance(error), "shown without a stack trace").to.equal(true);
      expect(error.message).to.contain('owner: cannot be the value of a label (found "Jane Doe")');
    }
    expect(engine.resources).to.deep.equal([]);
  });
});

async function built(args: SecureEnvironmentArgs = {}, run: MockRun = {}) {
  const engine = await MockEngine.start(run);
  const environment = new SecureEnvironment("env", args);
  await engine.finished();
  return { engine, environment };
}

function namespaceLabels(others: Readonly<Record<string, string>>): Record<string, string> {
  const modes = ["enforce", "audit", "warn"].flatMap((mode) => [
    [`pod-security.kubernetes.io/${mode}`, "restricted"],
    [`pod-security.kubernetes.io/${mode}-version`, "latest"],
  ]);
  const podSecurity = Object.fromEntries(modes) as Record<string, string>;
  return { ...identityLabels, ...podSecurity, ...others };
}

async function outputsOf(environment: SecureEnvironment) {
  const { namespaceName, stackName, branch, url, expiresAt, developerRoleName, quota } =
    environment;
  return {
    namespaceName: await valueOf(namespaceName),
    stackName: await valueOf(stackName),
    branch: await valueOf(branch),
    url: await valueOf(url),
    expiresAt: await valueOf(expiresAt),
    developerRoleName: await valueOf(developerRoleName),
    quota: await valueOf(quota),
  };
}

/** Whether a preview knows the value; the flag is part of every output but not of its type. */
function isKnown(output: unknown): Promise<boolean> {
  return (output as { isKnown: Promise<boolean> }).isKnown;
}
