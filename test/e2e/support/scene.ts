import { KubernetesApi, type Sandbox } from "secure-environment-sandbox";
import { ReviewProgram } from "./reviewProgram";
import { atEnd, sharedSandbox } from "../../support/sandbox";

/** What an end-to-end test works with. */
export interface Scene {
  readonly sandbox: Sandbox;
  /** The API server, as an administrator. */
  readonly api: KubernetesApi;
  /** A program in a folder of its own. */
  readonly program: ReviewProgram;
}

/**
 * Sets a scene for the tests of a `describe`. Its fields are there once the tests run, and still
 * in their `after` hooks.
 *
 * @param source the program's folder in the repository. Defaults to the repository's own.
 */
export function setScene(source?: string): Scene {
  const scene = {} as { -readonly [Field in keyof Scene]: Scene[Field] };
  before("set the scene", async () => {
    scene.sandbox = await sharedSandbox();
    scene.api = new KubernetesApi(scene.sandbox.kubeconfig);
    scene.program = new ReviewProgram(scene.sandbox, source);
    atEnd(() => scene.api.close());
    atEnd(() => scene.program.remove());
  });
  return scene;
}
