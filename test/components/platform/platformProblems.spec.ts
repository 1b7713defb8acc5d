import { expect } from "chai";
import { type ReviewPlatformArgs } from "#components/platform/platformArgs";
import { judgePlatform } from "#components/platform/judgePlatform";

const projects = [{ name: "shop" }];

function problemsOf(args: ReviewPlatformArgs) {
  return judgePlatform(args).problems;
}

describe("what is wrong with the arguments of a platform", () => {
  it("is nothing when there is a project", () => {
    expect(problemsOf({ projects })).to.deep.equal([]);
  });

  it("is nothing when everything is said", () => {
    const args: ReviewPlatformArgs = {
      projects: [{ name: "shop", pipelineGroup: "ci:shop" }, { name: "blog" }],
      administrators: { groups: ["cluster-admins"], users: ["ada@example.com"] },
      developers: { groups: ["dev-users"], users: ["dora@example.com"] },
      protected: { namespaces: ["payments", "*-production"], cidrs: ["203.0.113.0/24"] },
      clusterNetwork: {
        pods: ["10.244.0.0/16"],
        services: ["10.96.0.0/16"],
        nodes: ["10.0.0.0/24"],
      },
      dns: { profile: "nodeLocalDnsCache" },
      ceilings: { "limits.cpu": "16", pods: "100" },
      apiAudiences: ["https://oidc.example.com"],
      tokenAudiences: ["sts.amazonaws.com", "api://AzureADTokenExchange", "vault"],
      serviceAccountAnnotations: [
        { key: "eks.amazonaws.com/role-arn", value: "arn:aws:iam::123456789012:role/review" },
        { key: "iam.gke.io/gcp-service-account", value: "review@x.iam.gserviceaccount.com" },
        { key: "azure.workload.identity/client-id", value: "00000000-0000-0000-0000-000000000000" },
      ],
      schedulers: ["system:serviceaccount:batch:volcano-scheduler", "kube-scheduler-2"],
      domain: "review.example.com",
      ingressAnnotations: ["example.com/timeout"],
      objectAnnotations: ["example.com/colour", "tools.example.com/"],
      clusterLabels: ["cost-centre", "example.com/cost-centre"],
      clusterAnnotations: ["example.com/cost-centre"],
      csiDrivers: ["secrets-store.csi.k8s.io"],
      serviceAccounts: ["argocd/argocd-application-controller", "kube-system/flux"],
      operators: ["cert-manager/cert-manager"],
      nodePools: ["review"],
      requireNodePool: true,
      maximumPodPriority: -10,
      maximumDataSize: "1Mi",
      alwaysPullImages: true,
      meshes: ["linkerd"],
    };
    expect(problemsOf(args)).to.deep.equal([]);
  });

  const faults: Record<string, readonly [property: string, args: object]> = {
    "that there is no project": ["projects", { projects: [] }],
    "that projects are left out": ["projects", { projects: undefined }],
    "a project that fits no namespace": ["projects[0].name", { projects: [{ name: "my-shop" }] }],
    "a project twice": ["projects[1].name", { projects: [{ name: "shop" }, { name: "shop" }] }],
    "a group that two pipelines share": [
      "projects[1].pipelineGroup",
      {
        projects: [
          { name: "shop", pipelineGroup: "ci" },
          { name: "blog", pipelineGroup: "ci" },
        ],
      },
    ],
    "a pipeline that is everybody": [
      "projects[0].pipelineGroup",
      { projects: [{ name: "shop", pipelineGroup: "system:authenticated" }] },
    ],
    "a pipeline that is developers as well": [
      "projects",
      { projects: [{ name: "shop", pipelineGroup: "dev-users" }] },
    ],
    "a pipeline that is administrators as well": [
      "projects",
      { projects: [{ name: "shop", pipelineGroup: "ops" }], administrators: { groups: ["ops"] } },
    ],
    "that nobody is an administrator": ["administrators", { administrators: { groups: [] } }],
    "that everybody is an administrator": [
      "administrators.groups",
      { administrators: { groups: ["system:authenticated"] } },
    ],
    "that everybody is a developer": [
      "developers.groups[0]",
      { developers: { groups: ["system:authenticated"] } },
    ],
    "that every node is an administrator": [
      "administrators.groups",
      { administrators: { groups: ["system:nodes"] } },
    ],
    "that whoever is not known is an administrator": [
      "administrators.users",
      { administrators: { users: ["system:anonymous"] } },
    ],
    "that the accounts of an environment are administrators": [
      "administrators.groups",
      { administrators: { groups: ["system:serviceaccounts:review-shop-login"] } },
    ],
    "that the account of a pipeline is an administrator": [
      "administrators.users",
      {
        administrators: {
          users: ["system:serviceaccount:secure-environment-pipeline-shop:pipeline"],
        },
      },
    ],
    "an administrator without a name": [
      "administrators.users",
      { administrators: { users: [""] } },
    ],
    "a group of two lines, which no policy can name": [
      "developers.groups[0]",
      { developers: { groups: ["dev\nusers"] } },
    ],
    "a pipeline with half a character in its name": [
      "projects[0].pipelineGroup",
      { projects: [{ name: "shop", pipelineGroup: "ci\ud800" }] },
    ],
    "an audience that is none": ["apiAudiences[0]", { apiAudiences: ["a\nb"] }],
    "an audience without a name": ["apiAudiences[0]", { apiAudiences: [""] }],
    "an audience of pods that is none": ["tokenAudiences[0]", { tokenAudiences: ["a b"] }],
    "an audience of pods that is the API server's by default": [
      "tokenAudiences[0]",
      { tokenAudiences: ["https://kubernetes.default.svc"] },
    ],
    "an audience of pods that is the API server's here": [
      "tokenAudiences[1]",
      {
        apiAudiences: ["https://api.example.com"],
        tokenAudiences: ["vault", "https://api.example.com"],
      },
    ],
    "an annotation of accounts that no cloud reads": [
      "serviceAccountAnnotations[0].key",
      { serviceAccountAnnotations: [{ key: "role", value: "x" }] },
    ],
    "an annotation of accounts that the cluster reads": [
      "serviceAccountAnnotations[0].key",
      { serviceAccountAnnotations: [{ key: "kubernetes.io/enforce", value: "x" }] },
    ],
    "an annotation of accounts of two lines": [
      "serviceAccountAnnotations[0].value",
      { serviceAccountAnnotations: [{ key: "eks.amazonaws.com/role-arn", value: "a\nb" }] },
    ],
    "a scheduler that is everybody": ["schedulers[0]", { schedulers: ["system:anonymous"] }],
    "a scheduler that is an account of an environment": [
      "schedulers[0]",
      { schedulers: ["system:serviceaccount:review-shop-login:deployer"] },
    ],
    "a developer without a name": ["developers.users[0]", { developers: { users: [" "] } }],
    "a protected range that is none": [
      "protected.cidrs[0]",
      { protected: { cidrs: ["10.0.0.1/8"] } },
    ],
    "a ceiling that is no quantity": ['ceilings["pods"]', { ceilings: { pods: "many" } }],
    "a ceiling of what no quota can bound": ['ceilings["cpu"]', { ceilings: { cpu: "8" } }],
    "a domain that is none": ["domain", { domain: "*.example.com" }],
    "an annotation that is none": ["ingressAnnotations[0]", { ingressAnnotations: ["a b"] }],
    "an annotation of objects that is none": ["objectAnnotations[0]", { objectAnnotations: ["/"] }],
    "a label of the cluster's writers that is none": [
      "clusterLabels[0]",
      { clusterLabels: ["a b"] },
    ],
    "an annotation of the cluster's writers that is none": [
      "clusterAnnotations[0]",
      { clusterAnnotations: ["example.com/"] },
    ],
    ...Object.fromEntries(
      [
        "secure-environment/kind",
        "kubernetes.io/metadata.name",
        "pod-security.kubernetes.io/enforce",
        "policy.k8s.io/exempt",
        "linkerd.io/inject",
        "istio-injection",
        "istio.io/rev",
        "k8s.v1.cni.cncf.io/networks",
        "eks.amazonaws.com/role-arn",
        "iam.gke.io/gcp-service-account",
        "azure.workload.identity/client-id",
      ].flatMap((key) =>
        ["clusterLabels", "clusterAnnotations"].map(
          (setting) => [`${key} in ${setting}`, [`${setting}[0]`, { [setting]: [key] }]] as const,
        ),
      ),
    ),
    "a driver that is none": ["csiDrivers[0]", { csiDrivers: ["Secrets Store"] }],
    "a service account without a namespace": [
      "serviceAccounts[0]",
      { serviceAccounts: ["argocd"] },
    ],
    "a service account of an environment": [
      "serviceAccounts[1]",
      { serviceAccounts: ["argocd/argo", "review-shop-login/deployer"] },
    ],
    "the account of a pipeline among those let in": [
      "serviceAccounts[0]",
      { serviceAccounts: ["secure-environment-pipeline-shop/pipeline"] },
    ],
    "the account of every pod of a namespace": [
      "serviceAccounts[0]",
      { serviceAccounts: ["argocd/default"] },
    ],
    "an operator without a namespace": ["operators[0]", { operators: ["cert-manager"] }],
    "an operator that is an account of an environment": [
      "operators[0]",
      { operators: ["review-shop-login/deployer"] },
    ],
    "a pool that no node can be in": ["nodePools[0]", { nodePools: ["a/b"] }],
    "a pool that is needed and not there": ["requireNodePool", { requireNodePool: true }],
    "a priority that no pod can have": ["maximumPodPriority", { maximumPodPriority: 0.5 }],
    "a size of data that is none": ["maximumDataSize", { maximumDataSize: "large" }],
    "a size of data that hardly anything has": ["maximumDataSize", { maximumDataSize: "1Ki" }],
    "a size of data that etcd does not take": ["maximumDataSize", { maximumDataSize: "2Mi" }],
    "a mesh that is not known": ["meshes[0]", { meshes: ["consul"] }],
    "an argument that is not known": ["project", { project: "shop" }],
  };
  for (const [title, [property, args]] of Object.entries(faults)) {
    it(`is ${title}`, () => {
      const problems = problemsOf({ projects, ...args });
      expect(problems.map((problem) => problem.property)).to.deep.equal([property]);
    });
  }

  it("is told all at once", () => {
    const problems = problemsOf({
      projects: [{ name: "my-shop" }],
      domain: "*",
      maximumPodPriority: 0.5,
    });
    expect(problems).to.have.length(3);
  });

  it("is told besides what has the wrong shape", () => {
    const problems = problemsOf({
      projects: [{ name: "shop" }, { name: "shop" }],
      clusterNetwork: { pods: ["10.244.0.0/16"], services: ["10.96.0.0/16"] },
    } as unknown as ReviewPlatformArgs);
    expect(problems.map(({ property, fault }) => `${property}: ${fault}`)).to.deep.equal([
      "clusterNetwork.nodes: is missing",
      "projects[1].name: repeats projects[0].name",
    ]);
  });

  it("is judged of projects beside those that have the wrong shape, each in its place", () => {
    const problems = problemsOf({
      projects: [{}, "shop", { name: "my-shop" }],
      domain: "*",
    } as unknown as ReviewPlatformArgs);
    expect(problems.map(({ property }) => property)).to.deep.equal([
      "projects[0].name",
      "projects[1]",
      "projects[2].name",
      "domain",
    ]);
  });

  it("is not judged where no project has the right shape", () => {
    const problems = problemsOf({ projects: ["shop"] } as unknown as ReviewPlatformArgs);
    expect(problems.map(({ property }) => property)).to.deep.equal(["projects[0]"]);
  });
});
