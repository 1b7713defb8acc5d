import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RawProgram, type RawResource } from "./rawProgram";
import { type Scene, setScene } from "../../e2e/support/scene";

/** What a test of the policy pack in real runs works with. */
export interface RawScene extends Scene {
  readonly raw: RawProgram;
  /** What an environment is made of, to which nothing is to be objected. */
  readonly walled: readonly RawResource[];
  /** A folder that is gone afterwards. */
  readonly folder: string;
  /** A file with a configuration of the pack, until another one is written. */
  readonly configurationFile: (content: object) => string;
}

/** Sets a scene with a program of raw objects. Its fields are there once the tests run. */
export function setRawScene(): RawScene {
  const scene = setScene() as { -readonly [Field in keyof RawScene]: RawScene[Field] };
  scene.configurationFile = (content) => {
    const file = join(scene.folder, "configuration.json");
    writeFileSync(file, JSON.stringify(content));
    return file;
  };
  before("write a program of raw objects", async () => {
    scene.raw = await RawProgram.create(scene.sandbox);
    scene.walled = await scene.raw.walledEnvironment();
    scene.folder = mkdtempSync(join(tmpdir(), "secure-environment-policy-"));
  });
  after(() => {
    scene.raw.remove();
    rmSync(scene.folder, { recursive: true });
  });
  return scene;
}
