import { expect } from "chai";
import { clusterProblems, describeCluster } from "#components/core/cluster";

const kubeconfig = "apiVersion: v1\nusers: [{ user: { token: hunter2 } }]";

describe("the cluster of a run", () => {
  const described = [
    [{ context: "dev" }, "context dev"],
    [{ kubeconfig }, "the current context of kubernetes:kubeconfig"],
    [{ kubeconfig, context: "dev" }, "context dev of kubernetes:kubeconfig"],
    [{ kubeconfigVariable: "/tmp/k" }, "the current context of KUBECONFIG=/tmp/k"],
    [{ kubeconfigVariable: "/tmp/k", context: "dev" }, "context dev of KUBECONFIG=/tmp/k"],
    [{ kubeconfig, kubeconfigVariable: "/tmp/k" }, "the current context of kubernetes:kubeconfig"],
  ] as const;
  for (const [choice, words] of described) {
    it(`chosen by ${Object.keys(choice).join(" and ")} is called "${words}"`, () => {
      expect(describeCluster(choice)).to.equal(words);
      expect(clusterProblems(choice)).to.deep.equal([]);
    });
  }

  it("is never described by the content of a kubeconfig", () => {
    expect(describeCluster({ kubeconfig, context: "dev" })).not.to.match(/apiVersion|hunter2/);
  });

  it("cannot be one of a KUBECONFIG without a file", () => {
    const choice = { kubeconfigVariable: "/nowhere", kubeconfigExists: false };
    expect(clusterProblems(choice)).to.deep.equal([
      {
        property: "KUBECONFIG",
        found: "/nowhere",
        fault: "names no file that exists",
        remedy: "Correct the path.",
      },
    ]);
    expect(clusterProblems({ ...choice, kubeconfigExists: true })).to.deep.equal([]);
    expect(clusterProblems({ ...choice, kubeconfig })).to.deep.equal([]);
  });

  for (const kubeconfigVariable of ["hunter2", "hunter2.part.of-a-token", "/nowhere:hunter2"]) {
    it(`shows nothing of the KUBECONFIG ${kubeconfigVariable}, which is no path`, () => {
      const problems = clusterProblems({ kubeconfigVariable, kubeconfigExists: false });
      expect(problems.map(({ fault }) => fault)).to.deep.equal(["names no file that exists"]);
      expect(JSON.stringify(problems)).not.to.contain("hunter2");
    });
  }

  const contents: Readonly<Record<string, string>> = {
    YAML: kubeconfig,
    "JSON on one line": '{"users":[{"user":{"token":"hunter2"}}]}',
    "YAML in one line's notation": "users: [hunter2]",
    base64: Buffer.from(kubeconfig.repeat(10)).toString("base64"),
  };
  for (const [notation, kubeconfigVariable] of Object.entries(contents)) {
    it(`cannot be one of a KUBECONFIG that holds content as ${notation}, of which nothing is shown`, () => {
      const choice = { kubeconfigVariable, kubeconfigExists: false, context: "dev" };
      const [problem, ...others] = clusterProblems(choice);
      expect(others).to.deep.equal([]);
      expect(problem).not.to.have.property("found");
      expect(problem?.fault).to.equal("holds the content of a kubeconfig, which is not shown here");
      expect(problem?.remedy).to.contain("On GitLab make it a variable of the type File");
      expect(describeCluster(choice)).to.equal("context dev");
      expect(clusterProblems({ ...choice, kubeconfig })).to.have.length(1);
    });
  }

  const encoded = Buffer.from(kubeconfig).toString("base64");
  for (const kubeconfigVariable of [encoded, "hunter2", "glpat-hunter2hunter2"]) {
    it(`shows nothing of the KUBECONFIG ${kubeconfigVariable}, of which no file is known`, () => {
      const choice = { kubeconfigVariable };
      const told = [
        describeCluster(choice),
        ...clusterProblems(choice).map(({ fault, found }) => `${fault} ${String(found)}`),
      ].join();
      expect(told).to.match(/^the current context of KUBECONFIG$|holds the content/);
      expect(told).not.to.contain(kubeconfigVariable);
    });
  }

  it("may be one of a long path that exists", () => {
    const kubeconfigVariable = `/${"long/".repeat(60)}kubeconfig`;
    expect(clusterProblems({ kubeconfigVariable, kubeconfigExists: true })).to.deep.equal([]);
    expect(clusterProblems({ kubeconfigVariable })).to.deep.equal([]);
  });

  const contentsForNames = [
    kubeconfig,
    '{"token":"hunter2"}',
    "hunter2".repeat(40),
    "glpat-hunter2hunter2",
  ];
  for (const content of contentsForNames) {
    it(`has no name such as ${JSON.stringify(content).slice(0, 30)}, of which nothing is shown`, () => {
      const problems = clusterProblems({ context: content, cluster: content });
      expect(problems.map(({ property }) => property)).to.deep.equal([
        "kubernetes:context",
        "kubernetes:cluster",
      ]);
      expect(JSON.stringify(problems)).not.to.match(/apiVersion|hunter2/);
    });
  }

  it("may have the long name of a cloud", () => {
    const context = `arn:aws:eks:eu-central-1:123456789012:cluster/${"review".repeat(15)}`;
    expect(clusterProblems({ context })).to.deep.equal([]);
  });

  const unchosen = [{}, { context: "", kubeconfig: "", kubeconfigVariable: "" }];
  for (const choice of unchosen) {
    it(`is nobody's choice with ${JSON.stringify(choice)}, and the three ways are named`, () => {
      expect(describeCluster(choice)).to.equal(undefined);
      expect(clusterProblems(choice)).to.deep.equal([
        {
          property: "cluster",
          fault: "was not chosen, and the current context of ~/.kube/config is never used",
          remedy:
            "Choose it in one of three ways: `pulumi config set kubernetes:context NAME`, " +
            "`pulumi config set --secret kubernetes:kubeconfig CONTENT`, or the environment " +
            "variable KUBECONFIG (`review check` previews without a cluster).",
        },
      ]);
    });
  }
});
