import { expect } from "chai";
import { type Admission } from "secure-environment";
import { type KubernetesResponse } from "secure-environment-kubernetes";
import { type Cluster, type Impersonation } from "#platform/cluster";
import { rehearse } from "#platform/rehearse";

const impatient = { longest: 0, pause: 0 };
const as = { user: "pipeline", groups: ["ci-shop"] };

const namespace: Admission = {
  what: "the namespace of an environment",
  isPartOfEach: true,
  as,
  path: "/api/v1/namespaces",
  object: { metadata: { name: "review-shop--rehearsed", labels: { mine: "1" } } },
};
const pod: Admission = {
  what: "a plain pod",
  isPartOfEach: false,
  as,
  path: "/api/v1/namespaces/review-shop--rehearsal/pods",
  object: { metadata: { name: "rehearsal" } },
};

const admitted: KubernetesResponse = { status: 201, body: {} };
const there: KubernetesResponse = { status: 409, body: { message: "it is there" } };
const refusedByUs = (found: string): KubernetesResponse => ({
  status: 403,
  body: {
    message: `it is forbidden: ValidatingAdmissionPolicy 'secure-environment-x' denied request: Closed list. Found: ${found}.`,
  },
});
const refusedByOthers: KubernetesResponse = {
  status: 403,
  body: { message: 'admission webhook "images.example.com" denied the request: unknown registry' },
};
const labelled: KubernetesResponse = {
  status: 201,
  body: {
    metadata: {
      labels: { mine: "1", "kubernetes.io/metadata.name": "x", "cost-centre": "42", tier: "1" },
    },
  },
};

describe("the rehearsal of an environment", () => {
  it("is over when everything is admitted or there already, in the name of who asks for it", async () => {
    const asked: unknown[] = [];
    const cluster = clusterOf((path, who) => {
      asked.push([path, who]);
      return path === pod.path ? there : admitted;
    });
    expect(await tried(cluster)).to.deep.equal([]);
    expect(asked).to.deep.equal([
      [namespace.path, as],
      [pod.path, as],
    ]);
  });

  it("waits for policies that are obeyed a moment later", async () => {
    let asked = 0;
    const cluster = clusterOf(() => (++asked < 5 ? refusedByUs("cost-centre") : admitted));
    const repertoire = { refused: [], admitted: [namespace] };
    expect(await rehearse(cluster, repertoire, { longest: 60_000, pause: 0 })).to.deep.equal([]);
  });

  it("names what the cluster adds, what may do it and the setting", async () => {
    const message = await failureOf(
      clusterOf((_, who) => (who === undefined ? labelled : refusedByUs("cost-centre")), {
        mutatingwebhookconfigurations: [
          hooks("labels", { apiGroups: [""], resources: ["namespaces"], operations: ["CREATE"] }),
          hooks("others", { apiGroups: [""], resources: ["pods"], operations: ["*"] }),
          hooks("later", { apiGroups: ["*"], resources: ["*"], operations: ["UPDATE"] }),
          hooks("everything", { apiGroups: ["*"], resources: ["*/*"], operations: ["*"] }),
        ],
      }),
      [namespace],
    );
    const [heading, reason, addition, ...rest] = message.split("\n");
    expect(rest).to.deep.equal([]);
    expect(heading).to.match(/^The cluster does not let environments come up, so no pipeline /);
    expect(reason).to.match(/^ {2}- the namespace of an environment: .* Found: cost-centre\.$/);
    expect(addition).to.equal(
      "  - The cluster itself adds cost-centre to the labels of namespaces: " +
        "the webhook hook of the MutatingWebhookConfiguration labels or " +
        "the webhook hook of the MutatingWebhookConfiguration everything. " +
        "If no network policy and no controller goes by it, list it in clusterLabels; " +
        "otherwise have it leave out namespaces that begin with review-.",
    );
  });

  it("names the policy that says itself that it adds it, and nothing else", async () => {
    const rules = [{ apiGroups: ["*"], resources: ["*"], operations: ["*"] }];
    const policy = (name: string, expression: string) => ({
      metadata: { name },
      spec: { matchConstraints: { resourceRules: rules }, mutations: [{ expression }] },
    });
    const message = await failureOf(
      clusterOf((_, who) => (who === undefined ? labelled : refusedByUs("cost-centre")), {
        mutatingwebhookconfigurations: [hooks("everything", rules[0]!)],
        mutatingadmissionpolicies: [policy("costs", '{"cost-centre": "42"}'), policy("b", "{}")],
      }),
      [namespace],
    );
    expect(message).to.contain("namespaces: the MutatingAdmissionPolicy costs. If no");
  });

  it("names no setting for what no setting allows", async () => {
    const meshed = { metadata: { annotations: { "linkerd.io/inject": "enabled" } } };
    const message = await failureOf(
      clusterOf((_, who) =>
        who === undefined ? { status: 201, body: meshed } : refusedByUs("linkerd.io/inject"),
      ),
      [namespace],
    );
    expect(message).to.contain(
      "linkerd.io/inject to the annotations of namespaces: nothing says what does it. No setting allows that: ",
    );
  });

  it("tells once why several objects are refused", async () => {
    const message = await failureOf(
      clusterOf(() => refusedByUs("x")),
      [namespace, pod],
    );
    expect(message.split("\n")).to.have.length(2);
    expect(message).to.contain("  - the namespace of an environment, a plain pod: it is");
  });

  it("warns of what others refuse of an application, which another one may do right", async () => {
    const cluster = clusterOf((path) => (path === pod.path ? refusedByOthers : admitted));
    const warnings = await tried(cluster);
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.match(/refuses a plain pod .*: unknown registry\. Whoever deploys/);
  });

  it("ends the run when others refuse what every environment has", async () => {
    const message = await failureOf(
      clusterOf(() => refusedByOthers),
      [namespace],
    );
    expect(message).to.contain("the namespace of an environment: admission webhook");
  });

  it("explains a fence that says something else by what stands in the way", async () => {
    const refusedFor = (reason: string) => ({
      refusedBy: "secure-environment-y",
      refusal: "'secure-environment-y'",
      group: "ci-shop",
      path: `/apis/${reason}`,
      object: {},
    });
    const cluster = clusterOf((path) => refusedByUs(path === "/apis/other" ? "other" : "x"));
    const explained = { refused: [refusedFor("same")], admitted: [namespace] };
    expect(await messageOf(rehearse(cluster, explained, impatient))).not.to.contain("The fence");
    const left = { refused: [refusedFor("same"), refusedFor("other")], admitted: [namespace] };
    const [, , heading, hole, question] = (
      await messageOf(rehearse(cluster, left, impatient))
    ).split("\n");
    expect(heading).to.match(/^The fence around the pipelines does not hold/);
    expect(hole).to.contain("/apis/other");
    expect(question).to.match(/^Are the admission plugins/);
  });
});

function tried(cluster: Cluster): Promise<string[]> {
  return rehearse(cluster, { refused: [], admitted: [namespace, pod] }, impatient);
}

async function failureOf(cluster: Cluster, admitted: readonly Admission[]): Promise<string> {
  return messageOf(rehearse(cluster, { refused: [], admitted }, impatient));
}

async function messageOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("it did not fail");
}

function hooks(name: string, rule: object) {
  return { metadata: { name }, webhooks: [{ name: "hook", rules: [rule] }] };
}

function clusterOf(
  answer: (path: string, as: Impersonation | undefined) => KubernetesResponse,
  lists: Readonly<Record<string, readonly object[]>> = {},
): Cluster {
  return {
    tryCreate: (path: string, _: object, who?: Impersonation) => Promise.resolve(answer(path, who)),
    find: (path: string) => {
      const items = lists[path.replace("/apis/admissionregistration.k8s.io/v1/", "")];
      return Promise.resolve(items && { items });
    },
  } as unknown as Cluster;
}
