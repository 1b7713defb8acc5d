import { RunError } from "@pulumi/pulumi";
import { expect } from "chai";
import { configuredEnvironment, type ConfiguredEnvironment } from "secure-environment";

const kubeconfig = "apiVersion: v1\nusers: [{ user: { token: hunter2 } }]";

describe("the configuration of a program", () => {
  it("asks for nothing when it is empty", () => {
    expect(configured({})).to.deep.equal({ args: {}, cluster: "context dev" });
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
      permanent: false,
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

  it("leaves out what is empty, as the defaults in Pulumi.yaml are", () => {
    const texts = ["branch", "project", "developerGroup", "owner", "url", "expiresAt"];
    expect(configured(Object.fromEntries(texts.map((key) => [key, ""]))).args).to.deep.equal({});
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
    "ttl: is not a configuration key. Known are branch, project, permanent, uniqueSuffix, reservedNames, developerGroup, quota, containerDefaults, owner, url, expiresAt.",
  ]);
  refuses("a key that every JavaScript object has", { toString: "x" }, [
    /^toString: is not a configuration key\. /,
  ]);
  for (const text of ["yes", "1", "", "True"]) {
    refuses(`the boolean ${JSON.stringify(text)}`, { permanent: text }, [
      `permanent: is no boolean (found ${JSON.stringify(text)}). Use true or false.`,
    ]);
  }
  for (const text of ["main", '["main", 1]', '{"a": "b"}', ""]) {
    refuses(`the list ${JSON.stringify(text)}`, { reservedNames: text }, [
      `reservedNames: has the wrong shape (found ${JSON.stringify(text)}). Give a list of texts, such as [main, release-*].`,
    ]);
  }
  const amountsRemedy = 'Give a map of names to amounts, such as {"limits.cpu": "4"}.';
  const wrongQuotas = {
    "many pods": '"many pods"',
    "[1]": "[1]",
    '{"pods":true}': '{"pods":true}',
  };
  for (const [text, found] of Object.entries(wrongQuotas)) {
    refuses(`the quota ${text}`, { quota: text }, [
      `quota: has the wrong shape (found ${found}). ${amountsRemedy}`,
    ]);
  }
  refuses("container defaults that are no map", { containerDefaults: "small" }, [
    'containerDefaults: has the wrong shape (found "small"). Give a map with `requests` and `limits`.',
  ]);
  refuses(
    "container defaults with faults in each part",
    { containerDefaults: '{"request": {}, "limits": "2"}' },
    [
      "containerDefaults.request: is not known. Did you mean `requests`?",
      `containerDefaults.limits: has the wrong shape (found "2"). ${amountsRemedy}`,
    ],
  );
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
        "  - cluster: was not chosen, and the current context of ~/.kube/config is never used. Choose it in one of three ways: `pulumi config set kubernetes:context NAME`, `pulumi config set --secret kubernetes:kubeconfig CONTENT`, or the environment variable KUBECONFIG (for a preview without a cluster: KUBECONFIG=ci/preview.kubeconfig).",
      ].join("\n"),
    );
  });

  it("hides no other fault: keys, arguments and cluster are in one message", () => {
    const configuration = { brnach: "x", permanent: "maybe", owner: "Jane Doe", quota: "[]" };
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
