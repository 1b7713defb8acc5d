import { dirname } from "node:path";

/** The folder of this package, found by its package.json from bundled and from compiled files alike. */
export const packageFolder = dirname(require.resolve("secure-environment-review/package.json"));
