import { RunError } from "@pulumi/pulumi";
import { expect } from "chai";
import {
  configurationKeys,
  configuredEnvironment,
  type ConfiguredEnvironment,
  configuredPlatform,
} from "secure-environment";
import { providerOptions } from "secure-environment/core";

const kubeconfig = "apiVersion: v1\nusers: [{ user: { token: hunter2 } }]";

describe("the configuration of a program", () => {
  it("asks for nothing when it is empty", () => {
    expect(configured({})).to.deep.include({ args: {}, cluster: "context dev" });
  });

  it("says which namespace will be made, and whose it will say it is", () => {
    const ofProject = {
      "secure-environment/kind": "review",
      "secure-environment/project": "shop",
      "secure-environment/stack": "review-login",
    };
    const { namespace, clusterChoice } = configured({ project: "shop" });
    expect(namespace).to.deep.equal({
      name: "review-shop-login",
      hasSuffix: false,
      labels: ofProject,
    });
    expect(clusterChoice).to.deep.include({ context: "dev" });
  });

  it("says how the name begins where it is known only once it is made", () => {
    const { namespace } = configured({ uniqueSuffix: "true" });
    expect(namespace).to.deep.include({ name: "review-login", hasSuffix: true });
  });

  it("says which namespace may be replaced, which is no argument of the environment", () => {
    const { args, replaceable } = configured({ replaceNamespace: "review-login" });
    expect({ args, replaceable }).to.deep.equal({ args: {}, replaceable: "review-login" });
    expect(configured({ replaceNamespace: "" })).not.to.have.property("replaceable");
  });

  it("is read into arguments of their types", () => {
    expect(
      configured({
        branch: "login",
        project: "shop",
        permanent: "false",
        uniqueSuffix: "true",
        reservedNames: '["main", "release/*"]',
        developerGroup: "developers",
        quota: '{"limits.cpu": "3", "pods": 10, "requests.cpu": 1.5}',
        containerDefaults: '{"requests": {"cpu": "50m"}, "limits": {"cpu": 1}}',
        owner: "jane",
        url: "https://login.example.com/",
        expiresAt: "2027-01-31T18:00:00Z",
      }).args,
    ).to.deep.equal({
      branch: "login",
      project: "shop",
      uniqueSuffix: true,
      reservedNames: ["main", "release/*"],
      developerGroup: "developers",
      quota: { "limits.cpu": "3", pods: "10", "requests.cpu": "1.5" },
      containerDefaults: { requests: { cpu: "50m" }, limits: { cpu: "1" } },
      owner: "jane",
      url: "https://login.example.com/",
      expiresAt: "2027-01-31T18:00:00Z",
    });
  });

  it("takes the instant of the run, unless it says another", () => {
    const run = { now: "2026-01-01T00:00:00Z" };
    const argsOf = (own: Readonly<Record<string, string>>) =>
      configuredEnvironment({ ...settings(own, { "kubernetes:context": "dev" }), ...run }).args;
    expect(argsOf({})).to.deep.equal(run);
    expect(argsOf({ now: "2027-01-31T18:00:00Z" })).to.deep.equal({ now: "2027-01-31T18:00:00Z" });
  });

  it("leaves out what is empty, as the defaults in Pulumi.yaml are", () => {
    const texts = ["branch", "project", "developerGroup", "owner", "url", "expiresAt", "mesh"];
    const others = {
      platform: "false",
      holes: "[]",
      dns: "{}",
      clusterNetwork: "{}",
      imageRegistries: "[]",
    };
    const configuration = { ...Object.fromEntries(texts.map((key) => [key, ""])), ...others };
    expect(configured(configuration).args).to.deep.equal({});
  });

  it("is read into lists and objects of what they hold", () => {
    const hole = { name: "shop", direction: "ingress", peer: "namespace", namespace: "caller" };
    const rest = { ports: [{ port: 80 }], reason: "the shop calls" };
    const asked = { ...hole, ...rest, podLabels: { canary: "true" } };
    expect(configured({ holes: JSON.stringify([asked]) }).args.holes).to.deep.equal([asked]);
  });

  it("takes an instant without quotes in YAML, as Pulumi hands it on", () => {
    const handedOn = "2027-01-31 18:00:00 +0000 UTC";
    const hole = { name: "shop", direction: "ingress", peer: "monitoring", expiresAt: handedOn };
    const rest = { ports: [{ port: 80 }], reason: "the shop calls" };
    const { args } = configured({
      expiresAt: handedOn,
      now: "2027-01-01 00:00:00 +0000 UTC",
      holes: JSON.stringify([{ ...hole, ...rest }]),
    });
    expect(args).to.deep.equal({
      expiresAt: "2027-01-31T18:00:00Z",
      now: "2027-01-01T00:00:00Z",
      holes: [{ ...hole, ...rest, expiresAt: "2027-01-31T18:00:00Z" }],
    });
  });

  it("is nobody's business under the keys of others", () => {
    const { args } = configuredEnvironment(
      settings({}, { "kubernetes:context": "dev", "aws:region": "x", "reviewer:branch": "y" }),
    );
    expect(args).to.deep.equal({});
  });

  it("says which cluster the run is about to touch", () => {
    const chosen = settings(
      {},
      { "kubernetes:kubeconfig": kubeconfig, "kubernetes:context": "dev" },
    );
    expect(configuredEnvironment(chosen).cluster).to.equal("context dev of kubernetes:kubeconfig");
    const variable = { ...settings({}, {}), kubeconfigVariable: "/tmp/k" };
    expect(configuredEnvironment(variable).cluster).to.equal(
      "the current context of KUBECONFIG=/tmp/k",
    );
  });
});

describe("a fault of the configuration", () => {
  refuses("a key that nobody knows, close to a known one", { brnach: "x" }, [
    "brnach: is not a configuration key. Did you mean `branch`?",
  ]);
  refuses("a key in another case", { uniquesuffix: "true", BRANCH: "x" }, [
    "uniquesuffix: is not a configuration key. Did you mean `uniqueSuffix`?",
    "BRANCH: is not a configuration key. Did you mean `branch`?",
  ]);
  refuses("a key that nobody knows, close to none", { ttl: "x" }, [
    `ttl: is not a configuration key. Known are ${configurationKeys.join(", ")}.`,
  ]);
  refuses("a key that there was once", { clusterRoles: '{"developer": "shop"}' }, [
    "clusterRoles: is not a configuration key. Leave it out, and set `platform` to true: the platform's ClusterRoles have fixed names.",
  ]);
  refuses("a key that every JavaScript object has", { toString: "x" }, [
    /^toString: is not a configuration key\. /,
  ]);
  for (const text of ["yes", "1", "True"]) {
    refuses(`the boolean ${JSON.stringify(text)}`, { permanent: text }, [
      /^permanent: has the wrong shape \(found .*\)\. Give true or false\.$/,
    ]);
  }
  for (const [text, found] of Object.entries({ main: ' (found "main")', '{"a": "b"}': "" })) {
    refuses(`the list ${text}`, { reservedNames: text }, [
      `reservedNames: has the wrong shape${found}. Give a list, each item a text.`,
    ]);
  }
  refuses("a list with an item of the wrong shape", { reservedNames: '["main", {}]' }, [
    "reservedNames[1]: has the wrong shape (found {}). Give a text.",
  ]);
  for (const text of ["many pods", "[1]"]) {
    refuses(`the quota ${text}`, { quota: text }, [
      /^quota: has the wrong shape( \(found "many pods"\))?\. Give a map, each value a text\.$/,
    ]);
  }
  refuses("container defaults that are no map", { containerDefaults: "small" }, [
    'containerDefaults: has the wrong shape (found "small"). Give an object with requests, limits.',
  ]);
  refuses(
    "container defaults with faults in each part",
    { containerDefaults: '{"request": {}, "limits": "2"}' },
    [
      "containerDefaults.request: is not known. Did you mean `requests`?",
      'containerDefaults.limits: has the wrong shape (found "2"). Give a map, each value a text.',
    ],
  );
  // What Pulumi hands on for `user: 272038478462468099`, `0012345`, `1.10`, `no` in older YAML, and
  // a date, each without quotes.
  const unquoted = { number: ["272038478462468099", "5349", "1.1"], boolean: ["false"] };
  for (const [type, values] of Object.entries(unquoted)) {
    for (const value of values) {
      refuses(`the user ${value} without quotes`, { access: `[{"user": ${value}}]` }, [
        `access[0].user: is a ${type} and no text, and was perhaps written otherwise (found ${JSON.stringify(JSON.parse(value))}). Write it in quotes, or set it with --type string, such as \`pulumi config set --path --type string 'access[0].user' TEXT\`.`,
      ]);
    }
  }
  const date = "2026-01-31 00:00:00 +0000 UTC";
  refuses("a label that is a date", { holes: `[{"podLabels": {"day": "${date}"}}]` }, [
    /^holes\[0\]\.podLabels\["day"\]: is a date and no text, and was perhaps written otherwise \(found "2026-01-31 00:00:00 \+0000 UTC"\)\. Write it in quotes/,
    ...["name", "direction", "peer", "ports", "reason"].map((key) => new RegExp(`^holes.*${key}`)),
  ]);
  refuses("a quantity of which digits are lost", { quota: '{"pods": 12345678901234567890}' }, [
    /^quota\["pods"\]: is a number and no text/,
  ]);
  it("is a password without quotes, told without its value", () => {
    const all = settings(
      { imageRegistries: '[{"host": "example.com", "username": "ci", "password": 5349}]' },
      { "kubernetes:context": "dev" },
    );
    const secretKeys = ["review:imageRegistries"];
    const message = refusalOf(() => configuredEnvironment({ ...all, secretKeys }));
    expect(message).to.contain("imageRegistries[0].password: is a number and no text");
    expect(message).not.to.contain("5349");
  });
  it("is a name without quotes in the platform's configuration too", () => {
    const platform = settings(
      { projects: '[{"name": "shop"}]', developers: '{"users": [272038478462468099]}' },
      { "kubernetes:context": "dev" },
    );
    expect(refusalOf(() => configuredPlatform(platform))).to.contain(
      "  - developers.users[0]: is a number and no text",
    );
  });
  refuses("passwords that are not kept secret", { imageRegistries: '[{"password": "hunter2"}]' }, [
    "imageRegistries: holds passwords, but is not kept secret. Set it again with --secret, such as `pulumi config set --secret --path 'imageRegistries[0].password'`.",
  ]);
  refuses("an impossible quantity", { quota: '{"limits.cpu": "2 cpus"}' }, [
    'quota["limits.cpu"]: is not a Kubernetes quantity (found "2 cpus"). Write a number with at most one unit and no space, such as 2, 500m, 512Mi or 10Gi.',
  ]);
  refuses("a quota smaller than its own defaults", { quota: '{"limits.memory": "256Mi"}' }, [
    'containerDefaults.limits["memory"]: is more than quota["limits.memory"], which is 256Mi (found "512Mi"). Lower the first or raise the second: a container that asks for nothing must fit.',
  ]);

  it("is a cluster that nobody chose", () => {
    const message = refusalOf(() => configuredEnvironment(settings({}, {})));
    expect(message).to.equal(
      [
        "The environment has 1 problem; nothing was created.",
        "  - cluster: was not chosen, and the current context of ~/.kube/config is never used. Choose it in one of three ways: `pulumi config set kubernetes:context NAME`, `pulumi config set --secret kubernetes:kubeconfig CONTENT`, or the environment variable KUBECONFIG (`review check` previews without a cluster).",
      ].join("\n"),
    );
  });

  it("hides no other fault: keys, arguments and cluster are in one message", () => {
    const configuration = { brnach: "x", permanent: "maybe", owner: "Jane Doe", quota: "[1]" };
    const message = refusalOf(() => configuredEnvironment(settings(configuration, {})));
    expect(message.split("\n").map((line) => line.split(":")[0])).to.deep.equal([
      "The environment has 5 problems; nothing was created.",
      "  - brnach",
      "  - permanent",
      "  - quota",
      "  - owner",
      "  - cluster",
    ]);
  });

  it("is a setting that is kept secret, told without its value", () => {
    const all = settings({ owner: "hidden.jane" }, { "kubernetes:context": "dev" });
    const secretKeys = ["review:owner"];
    expect(refusalOf(() => configuredEnvironment({ ...all, secretKeys }))).to.equal(
      [
        "The environment has 1 problem; nothing was created.",
        "  - owner: is kept secret, but environments show their settings to everybody. Set it again without --secret, or leave it out.",
      ].join("\n"),
    );
  });

  it("is a secret of the wrong shape, told without its value", () => {
    const all = settings({ imageRegistries: "hunter2" }, { "kubernetes:context": "dev" });
    const secretKeys = ["review:imageRegistries"];
    const message = refusalOf(() => configuredEnvironment({ ...all, secretKeys }));
    expect(message).to.contain("imageRegistries: has the wrong shape. Give a list");
    expect(message).not.to.contain("hunter2");
  });

  it("is told without what stands in another's place", () => {
    const registry = { host: "example.com", username: "ci", password: "hunter2" };
    const message = refusalOf(() => configured({ nodePool: JSON.stringify([registry]) }));
    expect(message).to.contain("nodePool: has the wrong shape. Give an object with name");
    expect(message).not.to.contain("hunter2");
    const address = { url: "https://jane:hunter2@shop.example.com/" };
    expect(refusalOf(() => configured(address))).to.contain("url: is not a web address. Write");
  });

  it("is a KUBECONFIG that holds content, told without it, for a platform too", () => {
    const own = { ...settings({}, {}), kubeconfigVariable: kubeconfig, kubeconfigExists: false };
    const platform = { ...own, configuration: { "review:projects": '[{"name": "shop"}]' } };
    for (const refuse of [() => configuredEnvironment(own), () => configuredPlatform(platform)]) {
      const message = refusalOf(refuse);
      expect(message).to.contain("  - KUBECONFIG: holds the content of a kubeconfig");
      expect(message).to.contain("On GitLab make it a variable of the type File");
      expect(message).not.to.match(/apiVersion|hunter2/);
    }
  });

  for (const { name, variable, fault } of providerOptions) {
    it(`is the provider's ${name}, which ${fault}, for a platform too`, () => {
      const own = settings({}, { "kubernetes:context": "dev", [`kubernetes:${name}`]: "false." });
      const told = variable === undefined ? {} : { [variable]: "false." };
      const projects = { "review:projects": '[{"name": "shop"}]' };
      const wanted = [
        `  - kubernetes:${name}: ${fault} (found "false."). Remove it with \`pulumi config rm kubernetes:${name}\`.`,
        ...Object.keys(told).map(
          (property) =>
            `  - ${property}: ${fault} (found "false."). Unset the environment variable.`,
        ),
      ];
      const all = { ...own, providerVariables: told };
      const configuration = { ...own.configuration, ...projects };
      for (const refuse of [
        () => configuredEnvironment(all),
        () => configuredPlatform({ ...all, configuration }),
      ]) {
        const [, ...lines] = refusalOf(refuse).split("\n");
        expect(lines).to.deep.equal(wanted);
      }
    });
  }

  it("is no option of the provider that asks for nothing", () => {
    const harmless = providerOptions.map((option) => [option, option.harmless.at(-1)!] as const);
    const others = Object.fromEntries(
      harmless.map(([{ name }, value]) => [`kubernetes:${name}`, value]),
    );
    const providerVariables = Object.fromEntries(
      harmless.flatMap(([{ variable }, value]) =>
        variable === undefined ? [] : [[variable, value]],
      ),
    );
    const all = settings({}, { "kubernetes:context": "dev", ...others });
    expect(configuredEnvironment({ ...all, providerVariables }).args).to.deep.equal({});
    const unset = Object.keys(providerVariables).map((variable) => [variable, ""]);
    const emptied = Object.fromEntries(unset) as Record<string, string>;
    expect(configuredEnvironment({ ...all, providerVariables: emptied }).args).to.deep.equal({});
  });

  it("is told without the content of a kubeconfig", () => {
    const chosen = { "kubernetes:kubeconfig": kubeconfig };
    const message = refusalOf(() =>
      configuredEnvironment(settings({ kubeconfig, ttl: "x" }, chosen)),
    );
    expect(message).not.to.match(/apiVersion|hunter2/);
  });
});

function refuses(
  what: string,
  configuration: Readonly<Record<string, string>>,
  expected: readonly (string | RegExp)[],
): void {
  it(`is ${what}`, () => {
    const [heading, ...lines] = refusalOf(() => configured(configuration)).split("\n");
    expect(heading).to.match(/^The environment has \d problems?; nothing was created\.$/);
    expect(lines).to.have.length(expected.length);
    for (const [index, wanted] of expected.entries()) {
      const line = lines[index]?.replace(/^ {2}- /, "");
      expect(line).to.match(typeof wanted === "string" ? exactly(wanted) : wanted);
    }
  });
}

function exactly(text: string): RegExp {
  return new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`);
}

function refusalOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    expect(RunError.isInstance(error), "shown without a stack trace").to.equal(true);
    return (error as RunError).message;
  }
  throw new Error("nothing was refused");
}

function configured(configuration: Readonly<Record<string, string>>): ConfiguredEnvironment {
  return configuredEnvironment(settings(configuration, { "kubernetes:context": "dev" }));
}

function settings(own: Readonly<Record<string, string>>, others: Readonly<Record<string, string>>) {
  const entries = Object.entries(own).map(([key, text]) => [`review:${key}`, text]);
  return {
    configuration: { ...others, ...(Object.fromEntries(entries) as Record<string, string>) },
    pulumiProject: "review",
    secretKeys: [],
    stack: "review-login",
  };
}
