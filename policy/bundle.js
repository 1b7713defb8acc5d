const { mkdirSync, writeFileSync } = require("node:fs");
const { dirname, join } = require("node:path");
const { build } = require("esbuild");

const folder = dirname(require.resolve("./package.json"));

/** Of Pulumi's SDK the policy SDK needs these alone; the rest would bring a compiler and npm. */
const neededOfPulumi = `
  exports.asset = require("@pulumi/pulumi/asset");
  exports.Output = require("@pulumi/pulumi/output").Output;
`;

/**
 * The Node.js language host starts a pack through this module of the pack's own SDK, with the
 * pack's folder as the last argument. The SDK's one brings ts-node; this one only loads the bundle.
 * There is no package.json around it, so all other modules are looked for further up as ever.
 */
const starter = `require(require("node:path").resolve(process.argv.at(-1)));\n`;
const starterFile = join(folder, "node_modules/@pulumi/pulumi/cmd/run-policy-pack.js");

const pulumiInPart = {
  name: "pulumi-in-part",
  setup(bundler) {
    bundler.onResolve({ filter: /^@pulumi\/pulumi$/ }, ({ path }) => ({ path, namespace: "part" }));
    bundler.onLoad({ filter: /.*/, namespace: "part" }, () => ({
      contents: neededOfPulumi,
      resolveDir: folder,
    }));
  },
};

async function bundle() {
  mkdirSync(dirname(starterFile), { recursive: true });
  writeFileSync(starterFile, starter);
  await build({
    absWorkingDir: folder,
    entryPoints: ["bin/index.js"],
    outfile: "bin/pack.js",
    bundle: true,
    platform: "node",
    target: "node20",
    logLevel: "warning",
    plugins: [pulumiInPart],
  });
}

void bundle();
