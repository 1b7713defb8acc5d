import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { eventually } from "../support/eventually";
import { atEnd } from "../support/sandbox";
import { objectsIn } from "./support/namespaceObjects";
import { promisedObjects } from "./support/promised";
import { ReviewProgram } from "./support/reviewProgram";
import { setScene } from "./support/scene";

const held = "example.com/held";

describe("a stack goes on with its own namespace alone", function () {
  this.timeout(300_000);
  const scene = setScene();

  describe("one that was made anew under its name, with its labels", () => {
    const stack = "review-made-anew";
    let first: string;

    before(async () => {
      await scene.program.createStack(stack);
      await scene.program.succeed(["up", "--stack", stack, "--yes", "--skip-preview"]);
      const { uid, labels } = (await namespace(stack)).body.metadata;
      first = uid;
      await remove(stack);
      await create(stack, labels);
    });

    for (const flags of [[], ["--refresh"]]) {
      it(`is refused by \`up ${flags.join(" ")}\`, with both uids`, async () => {
        const up = await scene.program.up(stack, ...flags);
        const { uid } = (await namespace(stack)).body.metadata;
        expect(up.exitCode, up.output).not.to.equal(0);
        expect(up.output).to.contain(
          `was made anew: its uid is ${uid}, and the state of this stack has ${first}`,
        );
        expect(await objectsIn(scene.api, stack)).to.deep.equal([]);
      });
    }

    it("is taken into the state by a refresh, and gets its walls then", async () => {
      await scene.program.succeed(["refresh", "--stack", stack, "--yes", "--skip-preview"]);
      const up = await scene.program.up(stack);
      expect(up.exitCode, up.output).to.equal(0);
      expect(await objectsIn(scene.api, stack)).to.deep.equal(promisedObjects);
      expect((await scene.program.destroy(stack)).exitCode).to.equal(0);
    });
  });

  it("is no namespace that names it and that its state does not have", async () => {
    const stack = "review-not-in-state";
    await create(stack, labelsOf("review", stack));
    await scene.program.createStack(stack);
    const up = await scene.program.up(stack);
    expect(up.exitCode, up.output).not.to.equal(0);
    expect(up.output).to.contain("names this stack, whose state does not have it");
    expect(await objectsIn(scene.api, stack)).to.deep.equal([]);
    await remove(stack);
    expect((await scene.program.destroy(stack)).exitCode).to.equal(0);
  });

  for (const uniqueSuffix of ["false", "true"]) {
    it(`is none that is being deleted, with --refresh and the uniqueSuffix ${uniqueSuffix}`, async () => {
      const stack = `review-ending-${uniqueSuffix}`;
      await scene.program.createStack(stack, { uniqueSuffix });
      await scene.program.succeed(["up", "--stack", stack, "--yes", "--skip-preview"]);
      const name = String((await scene.program.outputs(stack)).namespaceName);
      const finalizers = { metadata: { name: "held", finalizers: [held] } };
      const objects = `/api/v1/namespaces/${name}/configmaps`;
      expect((await scene.api.request("POST", objects, finalizers)).status).to.equal(201);
      await scene.api.request("DELETE", `/api/v1/namespaces/${name}`);

      const up = await scene.program.up(stack, "--refresh");
      expect(up.exitCode, up.output).not.to.equal(0);
      expect(up.output).to.match(/is this stack's and is being deleted since \S+/);

      const free = JSON.stringify({ metadata: { finalizers: null } });
      const contentType = "application/merge-patch+json";
      await scene.api.request("PATCH", `${objects}/held`, free, { contentType });
      const destroy = await scene.program.destroy(stack);
      expect(destroy.exitCode, destroy.output).to.equal(0);
    });
  }

  describe("and replaces none that stands, unless the run names it", () => {
    const stack = "review-stands";
    const name = "review-shop-stands";

    before(async () => {
      await scene.program.createStack(stack, { project: "shop" });
      await scene.program.succeed(["up", "--stack", stack, "--yes", "--skip-preview"]);
      const body = { metadata: { name: "kept" } };
      const objects = `/api/v1/namespaces/${name}/configmaps`;
      expect((await scene.api.request("POST", objects, body)).status).to.equal(201);
    });

    const changes = { project: "blog", uniqueSuffix: "true" };
    for (const [key, value] of Object.entries(changes)) {
      it(`refuses another ${key}, in a preview too, and touches nothing`, async () => {
        const change = ["-c", `${key}=${value}`, "--stack", stack];
        const { uid } = (await namespace(name)).body.metadata;
        for (const run of [["preview"], ["up", "--yes", "--skip-preview"]]) {
          const { exitCode, output } = await scene.program.pulumi([...run, ...change]);
          expect(exitCode, output).not.to.equal(0);
          expect(output).to.contain(
            "the stack review-stands of the project shop made it, and this run would delete it with everything in it",
          );
          expect(output).to.contain(`set \`replaceNamespace\` to ${name} for this run`);
          expect(output).not.to.contain("    at ");
        }
        const kept = await scene.api.request("GET", `/api/v1/namespaces/${name}/configmaps/kept`);
        expect([kept.status, (await namespace(name)).body.metadata.uid]).to.deep.equal([200, uid]);
        await scene.program.succeed(["config", "rm", "--stack", stack, key]);
        await scene.program.configure(stack, { project: "shop" });
      });
    }

    it("refuses a second repository whose Pulumi project has the same name", async () => {
      const second = new ReviewProgram(scene.sandbox);
      atEnd(() => second.remove());
      const stackSelected = await second.pulumi(["stack", "select", "--create", stack]);
      expect(stackSelected.exitCode, stackSelected.output).to.equal(0);
      await second.configure(stack, { project: "blog" });
      const up = await second.up(stack);
      expect(up.exitCode, up.output).not.to.equal(0);
      expect(up.output).to.contain("give the Pulumi project of this one a name of its own");
      expect((await namespace(name)).status).to.equal(200);
      expect((await namespace("review-blog-stands")).status).to.equal(404);
    });

    it("replaces it when the run names it", async () => {
      const changed = ["-c", "project=blog", "-c", `replaceNamespace=${name}`];
      const up = await scene.program.up(stack, ...changed);
      expect(up.exitCode, up.output).to.equal(0);
      expect((await namespace(name)).status).to.equal(404);
      expect(await objectsIn(scene.api, "review-blog-stands")).to.deep.equal(promisedObjects);
      const again = await scene.program.up(stack, "--expect-no-changes");
      expect(again.exitCode, again.output).to.equal(0);
      expect((await scene.program.destroy(stack)).exitCode).to.equal(0);
    });
  });

  it("stands beside that of the same branch in another repository, in one backend", async () => {
    const stack = "review-login";
    const programs = ["shop", "blog"].map((project) => ({ project, program: named(project) }));
    for (const { project, program } of programs) {
      await program.createStack(stack, { project });
      const up = await program.up(stack);
      expect(up.exitCode, up.output).to.equal(0);
    }
    const [shop, blog] = programs.map(({ program }) => program);
    expect((await shop!.destroy(stack)).exitCode).to.equal(0);
    expect((await namespace("review-shop-login")).status).to.equal(404);
    expect(await objectsIn(scene.api, "review-blog-login")).to.deep.equal(promisedObjects);
    const unchanged = await blog!.up(stack, "--expect-no-changes");
    expect(unchanged.exitCode, unchanged.output).to.equal(0);
    expect((await blog!.destroy(stack)).exitCode).to.equal(0);
  });

  /** The program in a Pulumi project of this name. */
  function named(project: string): ReviewProgram {
    const program = new ReviewProgram(scene.sandbox);
    atEnd(() => program.remove());
    const file = join(program.folder, "Pulumi.yaml");
    writeFileSync(file, readFileSync(file, "utf8").replace(/^name: .*$/m, `name: ${project}`));
    return program;
  }

  function namespace(name: string) {
    return scene.api.request("GET", `/api/v1/namespaces/${name}`);
  }

  async function create(name: string, labels: object): Promise<void> {
    const body = { metadata: { name, labels } };
    expect((await scene.api.request("POST", "/api/v1/namespaces", body)).status).to.equal(201);
  }

  async function remove(name: string): Promise<void> {
    await scene.api.request("DELETE", `/api/v1/namespaces/${name}`);
    await eventually(async () => (await namespace(name)).status === 404);
  }
});

function labelsOf(project: string, stack: string): object {
  return { "secure-environment/project": project, "secure-environment/stack": stack };
}
