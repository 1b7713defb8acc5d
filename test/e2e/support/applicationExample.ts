import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { type KubernetesApi } from "secure-environment-sandbox";
import { parse } from "yaml";
import { corePath, groupPath } from "./apiRequests";
import { type ReviewProgram } from "./reviewProgram";

/** The folder of the application's program. */
export const applicationFolder = "examples/application";

const stack = "login";
const password = "hunter2";

/** Where the application goes, and who deploys it there. */
export interface Deployment {
  readonly namespace: string;
  readonly host: string;
  /** The deployer's kubeconfig. */
  readonly kubeconfig: string;
}

/** Deploys the application as the deployer, looks at all of it as an administrator, and removes it. */
export async function deployAndRemove(
  program: ReviewProgram,
  api: KubernetesApi,
  { namespace, host, kubeconfig }: Deployment,
): Promise<void> {
  const env = { KUBECONFIG: kubeconfig };
  await program.createStack(stack, { namespace, host });
  await program.succeed(["config", "set", "--stack", stack, "--secret", "password", password]);
  const up = await program.pulumi(["up", "--stack", stack, "--yes", "--skip-preview"], { env });
  expect(up.exitCode, up.output).to.equal(0);
  expect(up.output).not.to.contain(password);
  expect(await program.outputs(stack)).to.deep.equal({ url: `https://${host}` });

  const bodyOf = async (path: string) => (await api.request("GET", path)).body;
  const secret = await bodyOf(corePath({ namespace }, "secrets/shop"));
  expect(Buffer.from(secret.data.password as string, "base64").toString()).to.equal(password);
  const ingress = await bodyOf(groupPath({ namespace }, "networking.k8s.io", "ingresses/shop"));
  expect(ingress.spec.rules[0].host).to.equal(host);

  const { stdout } = await program.succeed(["stack", "export", "--stack", stack, "--show-secrets"]);
  expect(madeObjects(stdout)).to.deep.equal(yamlObjects({ namespace, host }));

  const destroy = ["destroy", "--stack", stack, "--yes", "--remove", "-f"];
  const end = await program.pulumi(destroy, { env });
  expect(end.exitCode, end.output).to.equal(0);
}

interface StateResource {
  readonly type: string;
  readonly inputs?: object;
}

/** What the program asked for, by types; the types say `apiVersion` and `kind`. */
function madeObjects(exported: string): Readonly<Record<string, unknown>> {
  const { deployment } = JSON.parse(exported) as { deployment: { resources: StateResource[] } };
  return Object.fromEntries(
    deployment.resources
      .filter(({ type }) => type.startsWith("kubernetes:"))
      .map(({ type, inputs }) => [type, plain(inputs)]),
  );
}

/** Without what Pulumi adds: the kind, and the envelope of secrets. */
function plain(value: unknown, depth = 0): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => plain(item, depth + 1));
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  if ("plaintext" in value) {
    return plain(JSON.parse(value.plaintext as string), depth);
  }
  const entries = Object.entries(value).filter(
    ([key]) => depth > 0 || !["apiVersion", "kind"].includes(key),
  );
  return Object.fromEntries(entries.map(([key, item]) => [key, plain(item, depth + 1)]));
}

interface YamlProgram {
  readonly config: Readonly<Record<string, { readonly default?: string }>>;
  readonly variables: { readonly metadata: object };
  readonly resources: Readonly<
    Record<string, { readonly type: string; readonly properties: object }>
  >;
}

/** What the same program in YAML asks for, as Pulumi fills in what it names. */
function yamlObjects(given: {
  readonly namespace: string;
  readonly host: string;
}): Readonly<Record<string, unknown>> {
  const file = join(__dirname, "../../../..", applicationFolder, "yaml/Pulumi.yaml");
  const { config, variables, resources } = parse(readFileSync(file, "utf8")) as YamlProgram;
  const named = /^\w+\.metadata\.name$/;
  const fill = (value: unknown): unknown => {
    if (Array.isArray(value)) {
      return value.map(fill);
    }
    if (typeof value === "object" && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item)]));
    }
    const name = typeof value === "string" ? /^\$\{([\w.]+)\}$/.exec(value)?.[1] : undefined;
    if (name === undefined) {
      return value;
    }
    const values: Record<string, unknown> = { password, image: config.image?.default, ...given };
    return name === "metadata"
      ? fill(variables.metadata)
      : named.test(name)
        ? "shop"
        : values[name];
  };
  return Object.fromEntries(
    Object.values(resources).map(({ type, properties }) => [type, encoded(fill(properties))]),
  );
}

/** The provider writes what a Secret holds in base64, as the API server gives it back. */
function encoded(properties: unknown): unknown {
  const { stringData, ...others } = properties as { stringData?: Record<string, string> };
  const data = Object.entries(stringData ?? {}).map(([key, text]) => [
    key,
    Buffer.from(text).toString("base64"),
  ]);
  return stringData === undefined ? others : { ...others, data: Object.fromEntries(data) };
}
