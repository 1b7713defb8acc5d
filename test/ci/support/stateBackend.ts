import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Sandbox } from "secure-environment-sandbox";
import { runCommand } from "../../support/command";
import { type AnalyzedResource, urnOf } from "../../policy/support/policyAnalyzer";

/** A backend with stacks that nobody else sees, whose states say what each test wants. */
export class StateBackend {
  /** What a script needs that looks at the stacks. */
  readonly environment: Readonly<Record<string, string>>;
  readonly folder: string;
  private readonly root = mkdtempSync(join(tmpdir(), "secure-environment-backend-"));

  constructor(sandbox: Sandbox) {
    this.folder = join(this.root, "backend");
    mkdirSync(this.folder);
    const url = pathToFileURL(this.folder).href;
    this.environment = { ...sandbox.environment, PULUMI_BACKEND_URL: url };
  }

  /** A stack whose state says that these resources stand. */
  async makeStack(
    project: string,
    stack: string,
    resources: readonly AnalyzedResource[] = [],
  ): Promise<void> {
    const place = join(this.root, project);
    const file = join(this.root, "state.json");
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, "Pulumi.yaml"), JSON.stringify({ name: project, runtime: "nodejs" }));
    writeFileSync(file, JSON.stringify(stateOf(project, stack, resources)));
    await this.pulumi(place, "init", "--no-select", stack);
    await this.pulumi(place, "import", "--stack", stack, "--file", file);
  }

  remove(): void {
    rmSync(this.root, { recursive: true });
  }

  private async pulumi(cwd: string, ...args: string[]): Promise<void> {
    const env = { ...process.env, ...this.environment };
    const { exitCode, output } = await runCommand("pulumi", ["stack", ...args], { cwd, env });
    if (exitCode !== 0) {
      throw new Error(`pulumi stack ${args.join(" ")} ended with ${exitCode}:\n${output}`);
    }
  }
}

/** A state as `pulumi stack import` takes it. */
function stateOf(project: string, stack: string, resources: readonly AnalyzedResource[]): object {
  const urn = ({ type, name }: AnalyzedResource) => urnOf({ type, name, stack, project });
  const providerType = "pulumi:providers:kubernetes";
  const provider = {
    urn: urn({ type: providerType, name: "default" }),
    custom: true,
    id: "0b1c2d3e-0000-4000-8000-000000000000",
    type: providerType,
  };
  const stored = (resource: AnalyzedResource) => ({
    urn: urn(resource),
    type: resource.type,
    inputs: resource.properties,
    outputs: resource.properties,
    ...(resource.parent === undefined ? {} : { parent: urn(resource.parent) }),
    dependencies: (resource.dependencies ?? []).map(urn),
    ...(resource.provider === undefined
      ? { custom: false }
      : { custom: true, id: resource.name, provider: `${provider.urn}::${provider.id}` }),
  });
  const manifest = { time: "2026-01-01T00:00:00Z", magic: "", version: "" };
  return { version: 3, deployment: { manifest, resources: [provider, ...resources.map(stored)] } };
}
