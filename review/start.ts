import { join } from "node:path";
import { bundles, runBundle } from "./cachedBundle";

const verb = /^[a-z]+$/.exec(process.argv[2] ?? "")?.[0] ?? "help";
runBundle(join(bundles, "review.js"), verb);
