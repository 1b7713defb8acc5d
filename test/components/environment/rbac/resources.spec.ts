import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { SecureEnvironment, type SecureEnvironmentArgs } from "secure-environment";
import {
  debugRules,
  deployerRules,
  developRules,
  secretReadRules,
  viewRules,
} from "#components/core/rbac/rules";
import { MockEngine, uncaughtErrorsOf } from "../../support/mocks";

const apiGroup = "rbac.authorization.k8s.io";
const walls = [
  "env-quota",
  "env-no-system-priority",
  "env-no-cross-namespace-affinity",
  "env-limits",
  "env-default-deny",
  "env-same-environment",
  "env-dns",
];
const everyPreset: SecureEnvironmentArgs = {
  access: [
    { group: "support", preset: "view" },
    { group: "shop", readSecrets: true },
    { user: "jane", preset: "debug" },
    { user: "joe" },
  ],
};
const registry = { host: "registry.example.com", username: "jane", password: "hunter2" };

describe("the roles of an environment", () => {
  it("are those that somebody has, with their rules", async () => {
    const engine = await built(everyPreset);
    expect(byName(engine, "Role", ({ rules }) => rules)).to.deep.equal({
      "env-viewer": viewRules,
      "env-developer": developRules,
      "env-debugger": debugRules,
      "env-secret-reader": secretReadRules,
      "env-deployer": deployerRules,
    });
  });

  it("are the deployer's alone when nobody is let in", async () => {
    const engine = await built({ access: [] });
    expect(Object.keys(byName(engine, "Role", () => true))).to.deep.equal(["env-deployer"]);
    expect(Object.keys(byName(engine, "RoleBinding", () => true))).to.deep.equal(["env-deployers"]);
  });

  it("are bound to service accounts by their namespaces, the deployer's beside its own", async () => {
    const argo = { namespace: "argocd", name: "controller" };
    const engine = await built({
      access: [
        { serviceAccount: argo, preset: "deploy" },
        { serviceAccount: { namespace: "flux-system", name: "flux" }, preset: "view" },
      ],
    });
    const deployer = { kind: "ServiceAccount", name: "deployer", namespace: "review-login" };
    expect(byName(engine, "RoleBinding", ({ subjects }) => subjects)).to.deep.equal({
      "env-viewers": [{ kind: "ServiceAccount", namespace: "flux-system", name: "flux" }],
      "env-deployers": [deployer, { kind: "ServiceAccount", ...argo }],
    });
    expect(Object.keys(byName(engine, "Role", () => true))).to.have.members([
      "env-viewer",
      "env-deployer",
    ]);
  });

  it("are bound once each, to everybody who has them", async () => {
    const engine = await built(everyPreset);
    const group = (name: string) => ({ apiGroup, kind: "Group", name });
    const user = (name: string) => ({ apiGroup, kind: "User", name });
    const deployer = { kind: "ServiceAccount", name: "deployer", namespace: "review-login" };
    const bindings = byName(engine, "RoleBinding", ({ roleRef, subjects, metadata }) => [
      (metadata as { name: string }).name,
      roleRef,
      subjects,
    ]);
    const bound = (role: string, ...subjects: object[]) => [
      role,
      { apiGroup, kind: "Role", name: role },
      subjects,
    ];
    expect(bindings).to.deep.equal({
      "env-viewers": bound("viewer", group("support")),
      "env-developers": bound("developer", group("shop"), user("joe")),
      "env-debuggers": bound("debugger", user("jane")),
      "env-secret-readers": bound("secret-reader", group("shop")),
      "env-deployers": bound("deployer", deployer),
    });
  });

  it("are the platform's where it guards the environment, and no Role is made", async () => {
    const engine = await built({ ...everyPreset, project: "shop", platform: true });
    const roleRefs = byName(engine, "RoleBinding", ({ roleRef }) => roleRef);
    const clusterRole = (name: string) => ({ apiGroup, kind: "ClusterRole", name });
    expect(byName(engine, "Role", () => true)).to.deep.equal({});
    expect(roleRefs).to.deep.equal({
      "env-viewers": clusterRole("secure-environment-viewer"),
      "env-developers": clusterRole("secure-environment-developer"),
      "env-debuggers": clusterRole("secure-environment-debugger"),
      "env-secret-readers": clusterRole("secure-environment-secret-reader"),
      "env-deployers": clusterRole("secure-environment-deployer"),
      "env-verifiers": clusterRole("secure-environment-verifier"),
    });
  });

  it("let the platform's verifier in where there is one, in a namespace of its own", async () => {
    const engine = await built({ project: "shop", platform: true, access: [] });
    const { metadata, subjects } = engine.resource("env-verifiers").inputs;
    expect(metadata).to.deep.include({ name: "verifier", namespace: "review-shop-login" });
    expect(subjects).to.deep.equal([
      { kind: "ServiceAccount", name: "verifier", namespace: "secure-environment-platform" },
    ]);
  });

  it("are bound last under a platform too, the verifier's with the others", async () => {
    const engine = await built({ ...everyPreset, project: "shop", platform: true });
    const bindings = Object.keys(byName(engine, "RoleBinding", () => true));
    expect(bindings).to.have.length(6);
    for (const name of bindings) {
      expect(engine.resource(name).dependsOn, name).to.have.members([
        "env",
        ...walls,
        "env-default-account",
        "env-deployer-account",
      ]);
    }
  });

  it("are bound only when all walls, accounts, roles and passwords stand", async () => {
    const engine = await built({ ...everyPreset, imageRegistries: [registry] });
    const bindings = Object.keys(byName(engine, "RoleBinding", () => true));
    const roles = Object.keys(byName(engine, "Role", () => true));
    const accounts = ["env-default-account", "env-deployer-account"];
    const passwords = "env-image-registries";
    expect(bindings).to.have.length(5);
    for (const name of bindings) {
      expect(engine.resource(name).dependsOn, name).to.have.members([
        "env",
        ...walls,
        passwords,
        ...accounts,
        ...roles,
      ]);
    }
  });
});

describe("the service accounts of an environment", () => {
  it("are the default one and the deployer's, neither with a token for its pods", async () => {
    const engine = await built();
    expect(engine.resource("env-default-account").inputs).to.deep.include({
      metadata: { name: "default", namespace: "review-login" },
      automountServiceAccountToken: false,
    });
    const { metadata, ...settings } = engine.resource("env-deployer-account").inputs;
    expect(metadata).to.deep.include({ name: "deployer", namespace: "review-login" });
    expect(settings).to.deep.equal({
      apiVersion: "v1",
      kind: "ServiceAccount",
      automountServiceAccountToken: false,
    });
  });

  it("pull images with the environment's one Secret when there is a registry", async () => {
    const engine = await built({ imageRegistries: [registry] });
    for (const name of ["env-default-account", "env-deployer-account"]) {
      const { imagePullSecrets, automountServiceAccountToken } = engine.resource(name).inputs;
      expect(imagePullSecrets, name).to.deep.equal([{ name: "image-registries" }]);
      expect(automountServiceAccountToken, name).to.equal(false);
    }
  });

  it("have no Secret when there is none", async () => {
    const engine = await built({ imageRegistries: [] });
    expect(byName(engine, "Secret", () => true)).to.deep.equal({});
    expect(engine.resource("env-default-account").inputs).not.to.have.property("imagePullSecrets");
  });
});

describe("the passwords of image registries", () => {
  const inPlainText = /hunter2|amFuZTpodW50ZXIy/;

  it("reach the Secret, and the state only as secrets", async () => {
    const engine = await built({ imageRegistries: [registry] });
    const { metadata, type, data } = engine.resource("env-image-registries").inputs;
    expect(metadata).to.deep.include({ name: "image-registries", namespace: "review-login" });
    expect(type).to.equal("kubernetes.io/dockerconfigjson");
    const { ".dockerconfigjson": encoded } = secretValue<Record<string, string>>(data);
    const { auths } = JSON.parse(Buffer.from(encoded!, "base64").toString()) as { auths: object };
    expect(auths).to.deep.equal({
      "registry.example.com": { username: "jane", password: "hunter2", auth: "amFuZTpodW50ZXIy" },
    });
    const kept = engine.component("env").inputs.imageRegistries;
    expect(secretValue(kept)).to.deep.equal([registry]);
  });

  it("are judged when they become known, and shown by no message", async () => {
    const engine = await MockEngine.start();
    const errors = await uncaughtErrorsOf(async () => {
      const username = pulumi.output("jane:hunter2");
      new SecureEnvironment("env", { imageRegistries: [{ ...registry, username }] });
      await engine.finished();
    });
    expect(errors).not.to.deep.equal([]);
    for (const { message } of errors) {
      expect(message).to.contain("imageRegistries[0].username: holds a colon");
      expect(message).not.to.match(inPlainText);
    }
  });
});

async function built(args: SecureEnvironmentArgs = {}): Promise<MockEngine> {
  const engine = await MockEngine.start();
  new SecureEnvironment("env", args);
  await engine.finished();
  return engine;
}

/** What is asked of each resource of a kind, by the resource's name. */
function byName(
  engine: MockEngine,
  kind: string,
  pick: (inputs: Readonly<Record<string, unknown>>) => unknown,
): Record<string, unknown> {
  const resources = engine.resources.filter(({ inputs }) => inputs.kind === kind);
  return Object.fromEntries(resources.map(({ name, inputs }) => [name, pick(inputs)]));
}

/** The value of what the engine is told to keep secret. */
function secretValue<Value>(property: unknown): Value {
  const { value, ...envelope } = property as { value: Value };
  const signature = Object.values(envelope);
  expect(signature, "marked as secret").to.deep.equal(["1b47061264138c4ac30d75fd1eb44270"]);
  return value;
}
