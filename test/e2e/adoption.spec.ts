import { expect } from "chai";
import { ProgramFolder } from "../sandbox/plugins/programFolder";
import { eventually } from "../support/eventually";
import { objectsIn } from "../support/namespaceObjects";
import { setScene } from "../support/scene";

/**
 * Whether the provider takes over what exists, as it does by default before 4.29 and with
 * `upsertExistingObjects` from then on. Before 4.29 it does not without server-side apply.
 */
const providers = {
  "takes over what exists": { PULUMI_K8S_ENABLE_SERVER_SIDE_APPLY: "true" },
  "refuses what exists": { PULUMI_K8S_ENABLE_SERVER_SIDE_APPLY: "false" },
} as const;

const labels = (stack: string) => ({
  "secure-environment/project": "review",
  "secure-environment/stack": stack,
});

for (const [behaviour, env] of Object.entries(providers)) {
  describe(`a namespace that is not ours, with a provider that ${behaviour}`, function () {
    this.timeout(240_000);
    const scene = setScene();
    const namespace = `review-${behaviour.replaceAll(" ", "-")}`;
    const path = `/api/v1/namespaces/${namespace}`;
    let asItWas: object;

    before(async () => {
      await create(namespace, { team: "others" });
      asItWas = await current();
      await scene.program.createStack(namespace);
    });

    after(async () => {
      await scene.api.request("DELETE", path);
    });

    it("is not adopted by `up`, which says whose it is", async () => {
      const up = await bringUp(namespace);
      expect(up.exitCode).not.to.equal(0);
      expect(up.output).to.match(
        new RegExp(
          `namespace: exists since \\S+ and is not this stack's: it names no stack that made it ` +
            `\\(found "${namespace}"\\)`,
        ),
      );
      expect(up.output).not.to.contain("    at ");
    });

    it("is not changed in anything and gets no object", async () => {
      expect(await current()).to.deep.equal(asItWas);
      expect(await objectsIn(scene.api, namespace)).to.deep.equal([]);
    });

    it("survives the `destroy` of the stack that wanted it", async () => {
      const destroy = await scene.program.destroy(namespace);
      expect(destroy.exitCode, destroy.output).to.equal(0);
      expect(await current()).to.deep.equal(asItWas);
    });

    it("is refused as well while it is our own and being deleted, with what holds it", async () => {
      const stack = `${namespace}-late`;
      await create(stack, labels(stack));
      const held = { metadata: { name: "held", finalizers: ["example.com/held"] } };
      const objects = `/api/v1/namespaces/${stack}/configmaps`;
      expect((await scene.api.request("POST", objects, held)).status).to.equal(201);
      await scene.api.request("DELETE", `/api/v1/namespaces/${stack}`);
      await eventually(async () =>
        (await conditionsOf(stack)).includes("NamespaceFinalizersRemaining"),
      );
      await scene.program.createStack(stack);

      const up = await bringUp(stack);

      expect(up.exitCode).not.to.equal(0);
      expect(up.output).to.match(
        /is this stack's and is being deleted since \S+, held by .*example\.com\/held/,
      );
      expect((await scene.program.destroy(stack)).exitCode).to.equal(0);
      const free = JSON.stringify({ metadata: { finalizers: null } });
      const contentType = "application/merge-patch+json";
      await scene.api.request("PATCH", `${objects}/held`, free, { contentType });
    });

    it("is refused as well where nobody may see whether it is there", async () => {
      const stack = `${namespace}-unseen`;
      const KUBECONFIG = await scene.sandbox.userKubeconfig("nobody", []);
      await scene.program.createStack(stack);

      const up = await bringUp(stack, { KUBECONFIG });

      expect(up.exitCode).not.to.equal(0);
      expect(up.output).to.match(/could not be looked at, HTTP status 403: .*"nobody" cannot get/);
      expect((await scene.program.destroy(stack)).exitCode).to.equal(0);
    });

    it("is up to the provider where a program of one's own makes no look", async () => {
      const folder = new ProgramFolder(scene.sandbox, bareNamespace(namespace));
      await folder.succeed(["stack", "init", "test"]);
      const up = ["up", "--yes", "--skip-preview", "--stack", "test"];
      const { exitCode, output } = await folder.pulumi(up, { env });
      folder.remove();
      if (behaviour === "refuses what exists") {
        expect(exitCode).not.to.equal(0);
        expect(output).to.contain("already exists");
      } else {
        expect(exitCode, output).to.equal(0);
      }
    });

    function bringUp(stack: string, others: NodeJS.ProcessEnv = {}) {
      const up = ["up", "--stack", stack, "--yes", "--skip-preview"];
      return scene.program.pulumi(up, { env: { ...env, ...others } });
    }

    async function create(name: string, ofOthers: object): Promise<void> {
      const body = { metadata: { name, labels: ofOthers } };
      expect((await scene.api.request("POST", "/api/v1/namespaces", body)).status).to.equal(201);
    }

    async function current(): Promise<object> {
      const { body } = await scene.api.request("GET", path);
      const { uid, resourceVersion } = body.metadata;
      return { uid, resourceVersion, phase: body.status.phase };
    }

    async function conditionsOf(name: string): Promise<string[]> {
      const { body } = await scene.api.request("GET", `/api/v1/namespaces/${name}`);
      const conditions: { type: string; status: string }[] = body.status?.conditions ?? [];
      return conditions.filter(({ status }) => status === "True").map(({ type }) => type);
    }
  });
}

function bareNamespace(name: string): string {
  return `
    const { core } = require("@pulumi/kubernetes");
    new core.v1.Namespace("bare", { metadata: { name: "${name}" } });
  `;
}
