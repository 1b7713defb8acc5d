import { resolve } from "node:path";
import { expect } from "chai";
import { ProgramFolder } from "../sandbox/plugins/programFolder";
import { type CommandResult } from "../support/command";
import { setScene } from "./support/scene";

const components = resolve(__dirname, "../../../components");
const stack = "review-chosen";
const refusal = "cluster: was not chosen, and the current context of ~/.kube/config is never used";
const name = /The cluster of this run: (.*)/g;

const inProcess = `
  const { SecureEnvironment } = require("secure-environment");
  new SecureEnvironment("environment", {});
`;

const withProvider = `
  const k8s = require("@pulumi/kubernetes");
  const { SecureEnvironment } = require("secure-environment");
  const provider = new k8s.Provider("team", { context: "sandbox", kubeconfig: process.env.CHOSEN });
  new SecureEnvironment("environment", {}, { provider });
`;

/** What programs in YAML and other languages ask the engine for: the package runs the component. */
const remote = `
  const pulumi = require("@pulumi/pulumi");
  class Remote extends pulumi.ComponentResource {
    constructor(name) {
      super("secure-environment:index:SecureEnvironment", name, {}, {}, true);
    }
  }
  new Remote("environment");
`;

const programs: Readonly<Record<string, string>> = {
  "in TypeScript": inProcess,
  "in another language": remote,
};

for (const [kind, source] of Object.entries(programs)) {
  describe(`a program of one's own ${kind}`, function () {
    this.timeout(300_000);
    const scene = setScene();
    let folder: ProgramFolder;

    before(async () => {
      folder = await createFolder(source);
    });

    after(() => folder.remove());

    it("is refused when no cluster was chosen", async () => {
      const preview = await previewWith({ KUBECONFIG: "" });
      expect(preview.exitCode).not.to.equal(0);
      expect(preview.output).to.contain(refusal);
      expect(preview.output).not.to.match(/\+ +kubernetes:/);
    });

    it("is refused when its provider is told to take over what exists", async () => {
      const preview = await previewWith({ PULUMI_K8S_UPSERT_EXISTING_OBJECTS: "true" });
      expect(preview.exitCode).not.to.equal(0);
      expect(preview.output).to.contain("PULUMI_K8S_UPSERT_EXISTING_OBJECTS: lets the stack");
    });

    it("names the cluster that it is about to touch, once", async () => {
      const { kubeconfig } = scene.sandbox;
      const preview = await previewWith({});
      expect(preview.exitCode, preview.output).to.equal(0);
      expect(namedIn(preview)).to.deep.equal([`the current context of KUBECONFIG=${kubeconfig}`]);
    });

    it("names the context that its configuration chooses", async () => {
      const context = ["config", "set", "kubernetes:context", "sandbox", "--stack", stack];
      await folder.succeed(context);
      const preview = await previewWith({});
      expect(namedIn(preview)).to.deep.equal([
        `context sandbox of KUBECONFIG=${scene.sandbox.kubeconfig}`,
      ]);
    });

    function previewWith(env: Readonly<Record<string, string>>): Promise<CommandResult> {
      return folder.pulumi(["preview", "--stack", stack], { env });
    }

    async function createFolder(program: string): Promise<ProgramFolder> {
      const created = new ProgramFolder(scene.sandbox, program);
      created.write("Pulumi.yaml", projectFile(created));
      await created.succeed(["stack", "init", stack]);
      return created;
    }
  });
}

describe("a program of one's own with a provider", function () {
  this.timeout(300_000);
  const scene = setScene();

  it("chooses the cluster by it, which the run names", async () => {
    const folder = new ProgramFolder(scene.sandbox, withProvider);
    await folder.succeed(["stack", "init", stack]);
    const env = { KUBECONFIG: "", CHOSEN: scene.sandbox.kubeconfig };
    const preview = await folder.pulumi(["preview", "--stack", stack], { env });
    folder.remove();
    expect(preview.exitCode, preview.output).to.equal(0);
    expect(namedIn(preview)).to.deep.equal(["that of the provider team, which the program gives"]);
  });
});

function projectFile({ project }: ProgramFolder): string {
  return JSON.stringify({
    name: `p${project}`,
    runtime: { name: "nodejs", options: { typescript: false } },
    main: "index.js",
    plugins: { providers: [{ name: "secure-environment", path: components }] },
  });
}

/** The clusters that the run names; the engine may repeat in its summary what was said. */
function namedIn({ output }: CommandResult): string[] {
  return [...new Set([...output.matchAll(name)].map(([, cluster = ""]) => cluster.trim()))];
}
