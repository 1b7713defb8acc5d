const { createHash } = require("node:crypto");
const { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } = require("node:fs");
const { dirname, join } = require("node:path");
const { build } = require("esbuild");

const folder = dirname(require.resolve("./package.json"));

/**
 * What Pulumi's SDK loads to serialise functions, which the command never does: a TypeScript compiler, and
 * npm to find out which packages a function needs.
 */
const unneeded = /^typescript$|^ts-node|\/vendor\/|^@npmcli\/arborist$|^node-gyp/;

const withoutUnneeded = {
  name: "without-unneeded",
  setup(bundler) {
    bundler.onResolve({ filter: unneeded }, ({ path }) => ({ path, namespace: "unneeded" }));
    bundler.onLoad({ filter: /.*/, namespace: "unneeded" }, () => ({
      contents: "module.exports = {};",
    }));
  },
};

/** The pipelines that `review init` writes, from where the repository keeps them. */
function copyPipelines() {
  const target = join(folder, "bin/pipelines");
  mkdirSync(target, { recursive: true });
  for (const host of ["github", "gitlab"]) {
    copyFileSync(
      join(folder, `../ci/${host}/review-environments.yml`),
      join(target, `${host}.yml`),
    );
  }
}

/** The command and the policy pack, each in one file that loads in a fraction of the time of many. */
async function bundle() {
  const { outputFiles } = await build({
    absWorkingDir: folder,
    entryPoints: ["bin/cli.js"],
    outfile: "bundle.js",
    write: false,
    bundle: true,
    minifyWhitespace: true,
    platform: "node",
    target: "node20",
    logLevel: "error",
    // It is large, and loaded where it is used: by `require`, as what comes from V8's cache knows no `import()`.
    external: ["@kubernetes/client-node"],
    supported: { "dynamic-import": false },
    plugins: [withoutUnneeded],
  });
  const [{ text }] = outputFiles;
  const pack = require.resolve("secure-environment-policy/bin/pack.js");
  const hash = createHash("sha256").update(text).update(readFileSync(pack)).digest("hex");
  const target = join(folder, "bin/bundle");
  rmSync(target, { recursive: true, force: true });
  mkdirSync(join(target, "policy"), { recursive: true });
  writeFileSync(join(target, "review.js"), text);
  writeFileSync(join(target, "hash"), hash.slice(0, 16));
  copyFileSync(pack, join(target, "policy/pack.js"));
  const { name, version } = require("secure-environment-policy/package.json");
  writeFileSync(join(target, "policy/package.json"), JSON.stringify({ name, version }));
}

copyPipelines();
void bundle();
