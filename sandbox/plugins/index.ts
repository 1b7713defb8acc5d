import { join } from "node:path";

/** A program that takes the place of a Pulumi plugin where the real one is not installed. */
export interface StandIn {
  /** The name under which the engine looks for the plugin on the PATH. */
  readonly executable: string;
  /**
   * The JavaScript file to run with Node. A shell wrapper has to `exec` it, because it leaves when
   * its parent process, the engine, is gone.
   */
  readonly entry: string;
  /** What the user sees as replaced. */
  readonly standsInFor: string;
}

/** Everything that no package registry carries and a sandbox needs. */
export const standIns: readonly StandIn[] = [
  {
    executable: "pulumi-language-nodejs",
    entry: join(__dirname, "languageNodejs.js"),
    standsInFor: "Pulumi's language host for Node.js",
  },
  {
    executable: "pulumi-resource-random",
    entry: join(__dirname, "resourceRandom.js"),
    standsInFor: "Pulumi's provider for random values",
  },
];
