import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { KubernetesApi, type Sandbox, startSandbox, stopSandbox } from "secure-environment-sandbox";
import { type Configuration, ReviewProgram } from "./reviewProgram";

/** The stack of the platform in the scene. */
export const platformStack = "cluster";

/** A cluster of its own with the platform. */
export interface PlatformScene {
  readonly sandbox: Sandbox;
  /** The API server, as an administrator. */
  readonly api: KubernetesApi;
  /** The platform's program, in a folder of its own. */
  readonly program: ReviewProgram;
}

/**
 * Sets a scene for the tests of a `describe`: a cluster of its own with the platform, as its
 * policies hold in the whole cluster. Its fields are there once the tests run.
 */
export function setPlatformScene(configuration: Configuration): PlatformScene {
  const scene = {} as { -readonly [Field in keyof PlatformScene]: PlatformScene[Field] };
  before("set the scene with the platform", async function () {
    this.timeout(300_000);
    const folder = mkdtempSync(join(tmpdir(), "secure-environment-platform-"));
    scene.sandbox = await startSandbox({ stateDirectory: join(folder, "sandbox") });
    scene.api = new KubernetesApi(scene.sandbox.kubeconfig);
    scene.program = new ReviewProgram(scene.sandbox, "platform");
    await scene.program.createStack(platformStack, configuration);
    const up = await scene.program.up(platformStack);
    if (up.exitCode !== 0) {
      throw new Error(`The platform did not come up:\n${up.output}`);
    }
  });
  after("stop the sandbox of the platform", async function () {
    this.timeout(60_000);
    scene.api.close();
    scene.program.remove();
    await stopSandbox(scene.sandbox.stateDirectory);
    rmSync(dirname(scene.sandbox.stateDirectory), { recursive: true });
  });
  return scene;
}
