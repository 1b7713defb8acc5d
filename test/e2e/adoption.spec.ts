import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { expect } from "chai";
import { ProgramFolder } from "../sandbox/plugins/programFolder";
import { eventually } from "../support/eventually";
import { objectsIn } from "./support/namespaceObjects";
import { setScene } from "./support/scene";

/**
 * Providers before 4.29 take over what exists unless server-side apply is off, later ones only when
 * told. The program refuses such settings, so the provider alone is given them, behind its back.
 */
const providers = {
  "takes over what exists": "true",
  "refuses what exists": "false",
} as const;
const switches = ["PULUMI_K8S_ENABLE_SERVER_SIDE_APPLY", "PULUMI_K8S_UPSERT_EXISTING_OBJECTS"];
const executable = "pulumi-resource-kubernetes";

const labels = (stack: string) => ({
  "secure-environment/project": "review",
  "secure-environment/stack": stack,
});

for (const [behaviour, value] of Object.entries(providers)) {
  describe(`a namespace that is not ours, with a provider that ${behaviour}`, function () {
    this.timeout(300_000);
    const scene = setScene();
    const namespace = `review-${behaviour.replaceAll(" ", "-")}`;
    const path = `/api/v1/namespaces/${namespace}`;
    const folder = mkdtempSync(join(tmpdir(), "secure-environment-provider-"));
    let env: Readonly<Record<string, string>>;
    let asItWas: object;

    before("put the provider behind its settings", () => {
      const { environment, stateDirectory } = scene.sandbox;
      const settings = switches.map((name) => `${name}=${value}`).join(" ");
      const real = join(stateDirectory, "bin", executable);
      const launcher = `#!/bin/sh\nexec env ${settings} "${real}" "$@"\n`;
      writeFileSync(join(folder, executable), launcher, { mode: 0o700 });
      env = { PATH: [folder, environment.PATH].join(delimiter) };
    });

    after(() => rmSync(folder, { recursive: true }));

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

    it("is not adopted by an `up` whose provider is told to take over", async () => {
      const variable = "PULUMI_K8S_UPSERT_EXISTING_OBJECTS";
      const up = await bringUp(namespace, { [variable]: "true" });
      expect(up.exitCode).not.to.equal(0);
      expect(up.output).to.contain(
        `- ${variable}: lets the stack take over objects that somebody else made (found "true").`,
      );
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
      const program = new ProgramFolder(scene.sandbox, bareNamespace(namespace));
      await program.succeed(["stack", "init", "test"]);
      const up = ["up", "--yes", "--skip-preview", "--stack", "test"];
      const { exitCode, output } = await program.pulumi(up, { env });
      program.remove();
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
