import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { expect } from "chai";
import { type CommandResult, runCommand } from "../support/command";
import { eventually } from "../support/eventually";
import { openFolder } from "./support/backends/folder";
import { postgresObstacle, startPostgres } from "./support/backends/postgres";
import { startS3 } from "./support/backends/s3";
import { type StateBackend } from "./support/backends/stateBackend";
import { objectsIn } from "./support/namespaceObjects";
import { processesWith, processIdsWith } from "./support/processes";
import { promisedObjects } from "./support/promised";
import { ApiGate } from "./support/review/apiGate";
import { ReviewCommand } from "./support/review/reviewCommand";
import { setScene } from "./support/scene";

const marker = "SECURE_ENVIRONMENT_TEST_RUN";

const backends: readonly {
  readonly name: string;
  readonly start: () => StateBackend | Promise<StateBackend>;
  readonly obstacle?: () => string | undefined;
}[] = [
  { name: "a folder", start: openFolder },
  { name: "PostgreSQL", start: startPostgres, obstacle: postgresObstacle },
  { name: "S3, for which gofakes3 stands in,", start: startS3 },
];

for (const { name, start, obstacle } of backends) {
  describe(`the command with its states in ${name}`, function () {
    this.timeout(300_000);
    const scene = setScene();
    let backend: StateBackend | undefined;
    let shop: ReviewCommand;
    let blog: ReviewCommand;

    before(async function () {
      const missing = obstacle?.();
      if (missing !== undefined) {
        console.log(`    SKIPPED, nothing was tried with ${name}: ${missing}`);
        this.skip();
      }
      backend = await start();
      shop = new ReviewCommand(scene.sandbox);
      blog = new ReviewCommand(scene.sandbox, {
        project: "blog",
        config: { project: "blog" },
      });
    });

    after(() => backend?.stop());

    it("brings an environment up, lists, changes and removes it", async () => {
      await succeed(shop, "up", "feature/login");
      const [listed, ...others] = await environments(shop);
      expect(others).to.deep.equal([]);
      expect(listed).to.include({ state: "up", branch: "feature/login" });
      await succeed(shop, "extend", "feature/login", "--for", "2d");
      // Its state has no secret.
      const destroyed = await run(shop, ["destroy", "feature/login"], {
        PULUMI_CONFIG_PASSPHRASE: "another one",
      });
      expect(destroyed.exitCode, destroyed.output).to.equal(0);
      expect(await environments(shop)).to.deep.equal([]);
      const again = await succeed(shop, "destroy", "feature/login");
      expect(again.stdout).to.contain("There is nothing of the branch");
    });

    it("makes one environment of a branch that two runs bring up at once, and leaves no lock", async () => {
      const runs = await Promise.all([run(shop, ["up", "both"]), run(shop, ["up", "both"])]);
      for (const { exitCode, output } of runs) {
        expect(exitCode, output).to.be.oneOf([0, 12]);
      }
      expect(await objectsIn(scene.api, "review-both")).to.deep.equal(promisedObjects);
      await succeed(shop, "up", "both", "--wait", "1s");
      await succeed(shop, "destroy", "both", "--wait", "1m");
    });

    it("keeps repositories apart that share it", async () => {
      await succeed(shop, "up", "login");
      await succeed(blog, "up", "login");
      expect((await environments(blog)).map(({ namespace }) => namespace)).to.deep.equal([
        "review-blog-login",
      ]);
      await succeed(blog, "destroy", "login");
      expect(await environments(blog)).to.deep.equal([]);
      expect(await objectsIn(scene.api, "review-login")).to.deep.equal(promisedObjects);
      await succeed(shop, "destroy", "login");
    });

    it("finishes what a run has begun that was killed, at once or once its lock is removed as it says", async () => {
      await killedInTheMiddle("killed");
      const next = await run(shop, ["up", "killed", "--wait", "1s"]);
      if (next.exitCode !== 0) {
        expect(next.exitCode, next.output).to.equal(12);
        expect(next.stderr).to.contain("`pulumi cancel`");
        const cancel = ["cancel", "--yes", "--stack", "organization/shop/review-killed"];
        const env = { ...process.env, ...scene.sandbox.environment, ...backend?.variables };
        const cancelled = await runCommand("pulumi", cancel, { cwd: shop.folder, env });
        expect(cancelled.exitCode, cancelled.output).to.equal(0);
        await succeed(shop, "up", "killed");
      }
      expect(await objectsIn(scene.api, "review-killed")).to.deep.equal(promisedObjects);
      await succeed(shop, "destroy", "killed");
      expect(await environments(shop)).to.deep.equal([]);
    });

    async function killedInTheMiddle(branch: string): Promise<void> {
      const gate = await ApiGate.start(scene.sandbox.kubeconfig);
      const id = randomUUID();
      gate.onWrite = (count) => {
        if (count === 5) {
          processIdsWith(marker, id).forEach((one) => process.kill(one, "SIGKILL"));
        }
      };
      const KUBECONFIG = gate.writeKubeconfig(join(shop.backend, "kubeconfig.json"));
      await run(shop, ["up", branch], { KUBECONFIG, [marker]: id });
      await eventually(() => processesWith(marker, id).length === 0);
      gate.close();
    }

    async function environments(review: ReviewCommand): Promise<readonly Row[]> {
      const { stdout } = await succeed(review, "list", "--json");
      return (JSON.parse(stdout) as { environments: readonly Row[] }).environments;
    }

    async function succeed(
      review: ReviewCommand,
      ...args: readonly string[]
    ): Promise<CommandResult> {
      const result = await run(review, args);
      expect(result.exitCode, `review ${args.join(" ")}:\n${result.output}`).to.equal(0);
      return result;
    }

    function run(
      review: ReviewCommand,
      args: readonly string[],
      env: NodeJS.ProcessEnv = {},
    ): Promise<CommandResult> {
      return review.run(args, { env: { ...backend?.variables, ...env } });
    }
  });
}

interface Row {
  readonly state: string;
  readonly branch: string;
  readonly namespace: string;
}
