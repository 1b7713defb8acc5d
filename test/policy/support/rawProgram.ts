import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type Sandbox } from "secure-environment-sandbox";
import { noCluster } from "../../kubernetes/support/noCluster";
import { ProgramFolder } from "../../sandbox/plugins/programFolder";
import { analyzedEnvironment } from "./analyzedEnvironment";
import { type CommandResult } from "../../support/command";
import { type AnalyzedResource } from "./policyAnalyzer";

const repository = resolve(__dirname, "../../../..");
const stack = "review-login";

/** The policy pack, as it stands in a checkout. */
export const policyFolder = join(repository, "policy");

/** A resource of a raw program; text for unknown and secret values stands for them here too. */
export interface RawResource extends Pick<
  AnalyzedResource,
  "type" | "name" | "properties" | "ignoreChanges" | "provider"
> {
  /** Names of resources before it that it depends on. */
  readonly dependsOn?: readonly string[];
}

/** A program that makes just the resources it is told, without the Kubernetes SDK's classes. */
export class RawProgram {
  private constructor(private readonly folder: ProgramFolder) {}

  /** Puts the program and its stack, with a backend of their own, into a folder. */
  static async create(sandbox: Sandbox): Promise<RawProgram> {
    const program = new RawProgram(new ProgramFolder(sandbox, source));
    mkdirSync(program.backend);
    await program.pulumi(["stack", "init", stack], []);
    return program;
  }

  /** What an environment is made of, as raw objects of this program's own. */
  async walledEnvironment(): Promise<RawResource[]> {
    const args = { expiresAt: "2027-01-31T18:00:00Z" };
    const run = { project: `p${this.folder.project}`, stack };
    const resources = await analyzedEnvironment(args, run);
    return resources
      .filter(({ provider }) => provider !== undefined)
      .map(({ type, name, properties }) => ({ type, name, properties }));
  }

  /** Previews with a policy pack and without a cluster. Previews may run beside each other. */
  preview(
    resources: readonly RawResource[],
    pack = policyFolder,
    configuration?: string,
  ): Promise<CommandResult> {
    const configured = configuration === undefined ? [] : ["--policy-pack-config", configuration];
    return this.previewWith(["--policy-pack", pack, ...configured], resources);
  }

  /** Previews without a cluster; the arguments follow `preview`. */
  previewWith(
    args: readonly string[],
    resources: readonly RawResource[],
    env: NodeJS.ProcessEnv = {},
  ): Promise<CommandResult> {
    const preview = ["preview", "--stack", stack, ...args];
    return this.pulumi(preview, resources, { KUBECONFIG: noCluster, ...env });
  }

  /**
   * Updates the stack in the sandbox's cluster without a preview; the arguments follow `up`. Nothing
   * depends on the namespace, so all is made at once: else it could wait for those that wait for it.
   */
  up(resources: readonly RawResource[], ...args: string[]): Promise<CommandResult> {
    const atOnce = ["--parallel", "100"];
    const up = ["up", "--stack", stack, "--yes", "--skip-preview", ...atOnce, ...args];
    return this.pulumi(up, resources);
  }

  /** The state; the arguments follow `stack export`. */
  async exportedState(...args: string[]): Promise<string> {
    return (await this.pulumi(["stack", "export", "--stack", stack, ...args], [])).stdout;
  }

  /** Removes everything of the stack and the stack itself. */
  destroy(): Promise<CommandResult> {
    return this.pulumi(["destroy", "--stack", stack, "--yes", "--remove", "-f"], []);
  }

  remove(): void {
    this.folder.remove();
  }

  private get backend(): string {
    return join(this.folder.path, "backend");
  }

  private pulumi(
    args: readonly string[],
    resources: readonly RawResource[],
    env: NodeJS.ProcessEnv = {},
  ): Promise<CommandResult> {
    const RESOURCES = JSON.stringify(resources);
    const PULUMI_BACKEND_URL = pathToFileURL(this.backend).href;
    return this.folder.pulumi(args, { env: { PULUMI_BACKEND_URL, RESOURCES, ...env } });
  }
}

/** A ConfigMap of the environment. */
export function configMap(name: string, kind = "ConfigMap"): RawResource {
  const metadata = { name, namespace: stack };
  return {
    type: "kubernetes:core/v1:ConfigMap",
    name,
    properties: { apiVersion: "v1", kind, metadata },
  };
}

/** It says that it is a ConfigMap, and the provider would make a Secret of it. */
export const disguised = configMap("disguised", "Secret");

/** The names of the mandatory policies that were violated, each as often as it was. */
export function violatedPolicies({ output }: Pick<CommandResult, "output">): string[] {
  return [...output.matchAll(/- \[mandatory\] +(?:\[severity: \w+\] +)?([\w-]+)/g)].map(
    ([, policy = ""]) => policy,
  );
}

const source = `
  const { CustomResource, ProviderResource } = require("@pulumi/pulumi");

  const made = new Map();
  for (const resource of JSON.parse(process.env.RESOURCES)) {
    const { type, name, properties, ignoreChanges, provider, dependsOn = [] } = resource;
    const [packageName] = type.split(":");
    const options = {
      ignoreChanges,
      dependsOn: dependsOn.map((other) => made.get(other)),
      provider: provider && new ProviderResource(packageName, name, provider.properties),
    };
    made.set(name, new CustomResource(type, name, properties, options));
  }
`;
