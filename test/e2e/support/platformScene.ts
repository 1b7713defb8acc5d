import {
  KubernetesApi,
  type Sandbox,
  type SandboxOptions,
  startSandbox,
  stopSandbox,
} from "secure-environment-sandbox";
import { type Configuration, ReviewProgram } from "./reviewProgram";
import { newStateDirectory } from "../../support/sandbox";

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

/** A cluster of its own into which the platform can be installed: its policies hold everywhere. */
export class PlatformCluster implements PlatformScene {
  static async start(
    options: Omit<SandboxOptions, "stateDirectory"> = {},
  ): Promise<PlatformCluster> {
    const stateDirectory = newStateDirectory();
    return new PlatformCluster(await startSandbox({ stateDirectory, ...options }));
  }

  readonly api: KubernetesApi;
  readonly program: ReviewProgram;

  private constructor(readonly sandbox: Sandbox) {
    this.api = new KubernetesApi(sandbox.kubeconfig);
    this.program = new ReviewProgram(sandbox, "platform");
  }

  /** Installs the platform by its program. */
  async install(configuration: Configuration): Promise<void> {
    await this.program.createStack(platformStack, configuration);
    const up = await this.program.up(platformStack);
    if (up.exitCode !== 0) {
      throw new Error(`The platform did not come up:\n${up.output}`);
    }
  }

  async end(): Promise<void> {
    this.api.close();
    this.program.remove();
    await stopSandbox(this.sandbox.stateDirectory);
  }
}

/**
 * Sets a scene for the tests of a `describe`: a cluster of its own with the platform. Its fields
 * are there once the tests run.
 */
export function setPlatformScene(configuration: Configuration): PlatformScene {
  const scene = {} as { -readonly [Field in keyof PlatformScene]: PlatformScene[Field] };
  let cluster: PlatformCluster;
  before("set the scene with the platform", async function () {
    this.timeout(300_000);
    cluster = await PlatformCluster.start();
    const { sandbox, api, program } = cluster;
    Object.assign(scene, { sandbox, api, program });
    await cluster.install(configuration);
  });
  after("stop the sandbox of the platform", async function () {
    this.timeout(180_000);
    await cluster.end();
  });
  return scene;
}
