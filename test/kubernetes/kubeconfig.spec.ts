import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { expect } from "chai";
import { chosenCluster } from "#kubernetes/kubeconfig";

describe("the cluster that was chosen", () => {
  let folder: string;
  const { HOME } = process.env;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "kubeconfig-"));
  });

  afterEach(() => {
    process.env.HOME = HOME;
    rmSync(folder, { recursive: true });
  });

  function file(name: string, content: string): string {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  }

  it("is that of the current context", () => {
    const { cluster, user } = chosenCluster({ kubeconfig: kubeconfig("first", "second") });
    expect(cluster.server).to.equal("https://first.invalid");
    expect(user).to.deep.equal({ token: "of first" });
  });

  it("is that of the context that was chosen", () => {
    const choice = { kubeconfig: kubeconfig("first", "second"), context: "second" };
    expect(chosenCluster(choice).cluster.server).to.equal("https://second.invalid");
  });

  it("is another one than the context's where that was chosen, as the same user", () => {
    const choice = { kubeconfig: kubeconfig("first", "second"), cluster: "second" };
    const { cluster, user } = chosenCluster(choice);
    expect(cluster.server).to.equal("https://second.invalid");
    expect(user).to.deep.equal({ token: "of first" });
  });

  it("is that of kubernetes:kubeconfig before that of KUBECONFIG", () => {
    const choice = {
      kubeconfig: kubeconfig("given"),
      kubeconfigVariable: file("config", kubeconfig("variable")),
    };
    expect(chosenCluster(choice).cluster.server).to.equal("https://given.invalid");
  });

  it("is that of a file whose path kubernetes:kubeconfig is, also in the home folder", () => {
    const path = file("config", kubeconfig("filed"));
    expect(chosenCluster({ kubeconfig: path }).cluster.server).to.equal("https://filed.invalid");
    process.env.HOME = folder;
    expect(chosenCluster({ kubeconfig: "~/config" }).cluster.server).to.equal(
      "https://filed.invalid",
    );
  });

  it("is put together from several files, of which the first one decides and some are missing", () => {
    const contexts = "contexts: [{ name: both, context: { cluster: shared, user: second } }]";
    const paths = [
      join(folder, "missing"),
      file(
        "one",
        `${contexts}\nclusters: [{ name: shared, cluster: { server: https://one.invalid/ } }]`,
      ),
      "",
      file(
        "two",
        `current-context: both\n${clusters("shared")}\nusers: [{ name: second, user: {} }]`,
      ),
    ];
    const { cluster } = chosenCluster({ kubeconfigVariable: paths.join(delimiter) });
    expect(cluster.server).to.equal("https://one.invalid");
  });

  const faults: Readonly<Record<string, readonly [string, string]>> = {
    "its context does not exist": [
      kubeconfig("first").replace("current-context: first", "current-context: x"),
      'there is no context "x" in it',
    ],
    "no context is chosen": [clusters("first"), "no context is chosen"],
    "its cluster does not exist": [
      kubeconfig("first").replace("cluster: first", "cluster: x"),
      'there is no cluster "x"',
    ],
    "its cluster has no address": [
      kubeconfig("first").replace("https://first.invalid", "10.0.0.1"),
      'the server of the cluster "first" is no address such as https://10.0.0.1:6443',
    ],
    "its cluster has an address of another protocol": [
      kubeconfig("first").replace("https://first.invalid", "ftp://hunter2@first.invalid"),
      'the server of the cluster "first" is no address such as https://10.0.0.1:6443',
    ],
    "its cluster has an address with a password": [
      kubeconfig("first").replace("https://first.invalid", "https://jane:hunter2@first.invalid"),
      'the server of the cluster "first" has a user in its address, which is not shown here',
    ],
    "its user does not exist": [
      kubeconfig("first").replace("user: first", "user: x"),
      'there is no user "x" in it',
    ],
    "it is no YAML": ["users: [{ user: { token: hunter2 }", "it is not valid YAML"],
    "it is something else": ["hunter2", "kubernetes:kubeconfig is no kubeconfig"],
    "its lists are none": ["users: hunter2", "kubernetes:kubeconfig is no kubeconfig"],
    "its cluster has a number for an address": [
      kubeconfig("first").replace("https://first.invalid", "5"),
      'the server of the cluster "first" is no address such as https://10.0.0.1:6443',
    ],
    "its context has several lines": [
      `${kubeconfig("first")}\ncurrent-context: "token:\\n  hunter2"`.replace(
        "current-context: first\n",
        "",
      ),
      "there is no context of a name that is none in it",
    ],
  };
  for (const [fault, [content, words]] of Object.entries(faults)) {
    it(`is not found when ${fault}, and nothing of the content is shown`, () => {
      expect(() => chosenCluster({ kubeconfig: content }))
        .to.throw(words)
        .with.property("message")
        .that.does.not.contain("hunter2");
    });
  }
});

function clusters(...names: string[]): string {
  const entries = names.map(
    (name) => `{ name: ${name}, cluster: { server: https://${name}.invalid } }`,
  );
  return `clusters: [${entries.join(", ")}]`;
}

function kubeconfig(...names: readonly [string, ...string[]]): string {
  const contexts = names.map(
    (name) => `{ name: ${name}, context: { cluster: ${name}, user: ${name} } }`,
  );
  const users = names.map((name) => `{ name: ${name}, user: { token: of ${name} } }`);
  return [
    `current-context: ${names[0]}`,
    clusters(...names),
    `contexts: [${contexts.join(", ")}]`,
    `users: [${users.join(", ")}]`,
  ].join("\n");
}
