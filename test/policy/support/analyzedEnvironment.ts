import * as pulumi from "@pulumi/pulumi";
import { SecureEnvironment, type SecureEnvironmentArgs } from "secure-environment";
import { MockEngine, type MockRun } from "../../components/support/mocks";
import { type AnalyzedResource, urnOf } from "./policyAnalyzer";

/** A registration as Pulumi's runtime sends it to the engine: unknown and secret values marked. */
interface RegisterRequest {
  getType(): string;
  getName(): string;
  getCustom(): boolean;
  getParent(): string;
  getDependenciesList(): string[];
  getIgnorechangesList(): string[];
  getObject(): { toJavaScript(): Record<string, unknown> } | undefined;
}
interface Monitor {
  registerResource(request: RegisterRequest, callback: unknown): Promise<void>;
}

/** All that a `SecureEnvironment` registers, as a policy pack is shown it. */
export async function analyzedEnvironment(
  args: SecureEnvironmentArgs | ((engine: MockEngine) => SecureEnvironmentArgs) = {},
  run: MockRun = {},
): Promise<AnalyzedResource[]> {
  const { stack = "review-login" } = run;
  const engine = await MockEngine.start(run);
  const requests = recordRequests();
  new SecureEnvironment("env", typeof args === "function" ? args(engine) : args);
  await engine.finished();
  const resources = new Map<string, AnalyzedResource>();
  for (const request of requests) {
    const resource = analyzed(request, stack, resources);
    resources.set(lastOf(urnOf(resource)), resource);
  }
  return [...resources.values()];
}

function recordRequests(): RegisterRequest[] {
  const requests: RegisterRequest[] = [];
  const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
  const registerResource = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => {
    requests.push(request);
    return registerResource(request, callback);
  };
  return requests;
}

function analyzed(
  request: RegisterRequest,
  stack: string,
  earlier: ReadonlyMap<string, AnalyzedResource>,
): AnalyzedResource {
  const parent = earlier.get(lastOf(request.getParent()));
  return {
    type: request.getType(),
    name: request.getName(),
    stack,
    properties: request.getObject()?.toJavaScript() ?? {},
    ...(parent === undefined ? {} : { parent }),
    dependencies: request.getDependenciesList().flatMap((urn) => earlier.get(lastOf(urn)) ?? []),
    ignoreChanges: request.getIgnorechangesList(),
    ...(request.getCustom() ? { provider: {} } : {}),
  };
}

/** The name, with its type: the types of parents, which real URNs have, are left out. */
function lastOf(urn: string): string {
  const [type = "", name = ""] = urn.split("::").slice(-2);
  return `${type.split("$").at(-1)}::${name}`;
}
