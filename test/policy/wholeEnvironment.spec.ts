import { expect } from "chai";
import { type SecureEnvironmentArgs } from "secure-environment";
import { quotasAreWithinCeilings } from "#policy/policies/capacity";
import { policies as all } from "#policy/policies/index";
import { networkPoliciesNameTheirPeers } from "#policy/policies/networkPeers";
import { networkPoliciesSpareWhatIsProtected } from "#policy/policies/networkProtection";
import { type AnyPolicy } from "#policy/policy";
import { pulumiPoliciesOf } from "#policy/policyPack";
import { analyzedEnvironment } from "./support/analyzedEnvironment";
import { type MockRun } from "../components/support/mocks";
import { type AnalyzedResource, analyzeResource, analyzeStack } from "./support/policyAnalyzer";

const now = () => "2026-01-01T00:00:00Z";
const policies: readonly AnyPolicy[] = [
  ...all.filter((policy) => "judgeStack" in policy),
  quotasAreWithinCeilings,
  networkPoliciesNameTheirPeers,
  networkPoliciesSpareWhatIsProtected,
];

const expiresAt = "2027-01-31T18:00:00Z";
const clusterNetwork = {
  pods: ["10.244.0.0/16"],
  services: ["10.96.0.0/12"],
  nodes: ["192.168.7.0/24"],
  apiServer: ["10.96.0.1", "192.168.7.2"],
};
const hole = { reason: "tests", ports: [{ port: 8080 }] };
const holes: SecureEnvironmentArgs["holes"] = [
  { ...hole, name: "web", direction: "ingress", peer: "ingressController" },
  {
    ...hole,
    name: "metrics",
    direction: "ingress",
    peer: "monitoring",
    namespace: "observability",
  },
  {
    ...hole,
    name: "tests",
    direction: "ingress",
    peer: "testRunner",
    cidr: "203.0.113.0/24",
    podLabels: { app: "web" },
  },
  { ...hole, name: "api", direction: "egress", peer: "apiServer" },
  { ...hole, name: "kafka", direction: "egress", peer: "namespace", namespace: "kafka" },
  { ...hole, name: "database", direction: "egress", peer: "cidr", cidr: "10.20.0.0/16" },
  {
    ...hole,
    name: "partner",
    direction: "egress",
    peer: "cidr",
    cidr: "17.0.0.0/8",
    except: ["17.1.0.0/16"],
    podLabels: { app: "web" },
  },
  { ...hole, name: "internet", direction: "egress", peer: "internet" },
];

interface Environment {
  readonly what: string;
  readonly args?: SecureEnvironmentArgs;
  readonly run?: MockRun;
  readonly settings?: object;
}

const unknownYet = { isPreview: true };
const environments: readonly Environment[] = [
  { what: "nothing but a name" },
  {
    what: "a project, a branch and an owner",
    args: { project: "shop", branch: "login", owner: "x" },
  },
  { what: "a platform", args: { platform: true, project: "shop" } },
  { what: "the largest size", args: { size: "large" } },
  { what: "bounds of its own", args: { quota: { "limits.cpu": "1", "count/x.example.com": "5" } } },
  { what: "a priority of its own", args: { priorityClass: "low" } },
  { what: "a random suffix, before it is known", args: { uniqueSuffix: true }, run: unknownYet },
  { what: "a random suffix", args: { uniqueSuffix: true, project: "shop" } },
  { what: "every kind of hole", args: { holes, clusterNetwork } },
  {
    what: "every kind of hole, by the settings of the cluster",
    args: {
      holes,
      clusterNetwork,
      protected: { cidrs: ["198.18.7.0/24"], namespaces: ["*-live"] },
    },
    settings: {
      clusterCidrs: ["10.244.0.0/16", "10.96.0.0/12", "192.168.7.0/24"],
      protectedCidrs: ["198.18.7.0/24"],
      protectedNamespaces: ["*-live"],
    },
  },
  {
    what: "a cache of names on the node",
    args: { dns: { profile: "nodeLocalDnsCache", addresses: ["10.96.0.10"] }, clusterNetwork },
  },
  { what: "names from the metadata address", args: { dns: { profile: "metadataResolver" } } },
  {
    what: "names from elsewhere",
    args: {
      dns: {
        profile: "custom",
        namespace: "openshift-dns",
        podLabels: { dns: "default" },
        addresses: ["168.63.129.16", "169.254.169.252", "169.254.169.253"],
      },
    },
  },
  ...(["linkerd", "istio", "ambient"] as const).flatMap((mesh) => [
    { what: `the mesh ${mesh}`, args: { mesh, holes, clusterNetwork } },
    {
      what: `the mesh ${mesh}, before the name is known`,
      args: { mesh, uniqueSuffix: true, platform: true, project: "shop" },
      run: unknownYet,
    },
  ]),
  {
    what: "a pool of nodes and a platform",
    args: { nodePool: { dedicated: true }, platform: true, project: "shop" },
  },
  {
    what: "an image registry",
    args: {
      imageRegistries: [{ host: "registry.example.com", username: "x", password: "hunter2" }],
    },
  },
];

describe("the walls of an environment", () => {
  for (const { what, args = {}, run = {}, settings = {} } of environments) {
    it(`are in order with ${what}`, async () => {
      const resources = await analyzedEnvironment(() => ({ expiresAt, ...args }), run);
      expect(await objectionsTo(resources, settings)).to.deep.equal([]);
    });
  }

  it("are in order around an environment that stays", async () => {
    const resources = await analyzedEnvironment(() => ({ permanent: true }), { stack: "staging" });
    const settings = { profile: "permanent" };
    expect(await objectionsTo(resources, settings)).to.deep.equal([]);
    expect(await objectionsTo(resources)).not.to.deep.equal([]);
  });

  it("say when they may be removed, or are told to", async () => {
    expect(await objectionsTo(await analyzedEnvironment(() => ({})))).to.deep.equal([
      "environment-expires: env",
    ]);
  });

  for (const [lost, objections] of [
    [["env-quota"], ["environment-has-quota: env"]],
    [["env-limits"], ["environment-has-limit-range: env"]],
    [
      ["env-no-system-priority"],
      ["environment-cannot-displace-others: env", "environment-cannot-displace-others: env"],
    ],
    [["env-default-account"], ["environment-gives-no-tokens: env"]],
    [["env-no-cross-namespace-affinity"], ["environment-cannot-displace-others: env"]],
    // Traffic within the environment is opened by a policy that closes all other traffic too.
    [["env-default-deny"], []],
    [["env-same-environment"], []],
    [["env-default-deny", "env-same-environment"], ["environment-denies-by-default: env"]],
    [
      ["env-default-deny", "env-same-environment", "env-dns"],
      ["environment-denies-by-default: env", "environment-denies-by-default: env"],
    ],
  ] as const) {
    for (const [when, args, run] of [
      ["", {}, {}],
      [", before its name is known", { uniqueSuffix: true }, unknownYet],
    ] as const) {
      it(`are ${objections.length === 0 ? "" : "not "}in order without ${lost.join(", ")}${when}`, async () => {
        const resources = await analyzedEnvironment(() => ({ expiresAt, ...args }), run);
        const names: readonly string[] = lost;
        const left = resources.filter(({ name }) => !names.includes(name));
        expect(left).to.have.length(resources.length - lost.length);
        expect(await objectionsTo(left)).to.deep.equal(objections);
      });
    }
  }

  it("are of no use without the namespace", async () => {
    const resources = await analyzedEnvironment(() => ({ expiresAt }));
    const left = resources.filter(({ type }) => !type.endsWith(":Namespace"));
    const objections = await objectionsTo(left);
    expect(new Set(objections.map((text) => text.split(":")[0]))).to.deep.equal(
      new Set(["environment-is-self-contained"]),
    );
    expect(objections).to.have.length(left.filter(({ provider }) => provider).length);
  });
});

/** Each objection as `<policy>: <resource>`. */
async function objectionsTo(
  resources: readonly AnalyzedResource[],
  settings: object = {},
): Promise<string[]> {
  const found = policies.map(async (policy) => {
    const pulumiPolicies = pulumiPoliciesOf([policy], now);
    const known = Object.entries(settings).filter(([key]) => key in policy.settings);
    return "judge" in policy
      ? Promise.all(
          resources.map((one) => analyzeResource(pulumiPolicies, one, Object.fromEntries(known))),
        )
      : analyzeStack(pulumiPolicies, resources, Object.fromEntries(known));
  });
  const all = (await Promise.all(found)).flat(2);
  return all.map(({ policy, urn }) => `${policy}: ${urn.split("::").at(-1)}`);
}
