import { join } from "node:path";
import { promisify } from "node:util";
import * as kubernetes from "@pulumi/kubernetes";
import type { Policies } from "@pulumi/policy";
import * as pulumi from "@pulumi/pulumi";
import {
  AnalyzeRequest,
  type AnalyzeResponse,
  AnalyzerPropertyDependencies,
  AnalyzerProviderResource,
  AnalyzerResource,
  AnalyzerResourceOptions,
  AnalyzeStackRequest,
} from "@pulumi/pulumi/proto/analyzer_pb";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { SecureEnvironment } from "secure-environment";

import { readMessagesOnce } from "#policy/messages";
import { pulumiPolicies } from "#policy/pulumiPolicies";
import { type CommandRun, placeEmptyPolicyPack, policyFolder } from "./commands";
import {
  BenchmarkError,
  type BudgetFigure,
  budgetFigure,
  measureBudget,
  type Pair,
} from "./figures";
import type { RoundPlace } from "./life";

const resourceCount = 1_000;

/** What the figure is about. */
export const policyPackHeading = `Policy pack, ${resourceCount} resources and ${pulumiPolicies.length} policies`;

/**
 * Measures how long the pack takes to judge a walled environment full of workloads, by the policy
 * SDK's own functions and the messages that the engine sends them.
 */
export async function measurePolicyPack(rounds: number): Promise<readonly BudgetFigure[]> {
  readMessagesOnce();
  const requests = await policyRequests(resourceCount);
  const name = "each resource, and the stack as a whole";
  return [await measureBudget(name, 1, rounds, () => receivedFrom(requests), judgeAll)];
}

/** One request after the other. Nothing is refused, so each rule looks at all that it judges. */
async function judgeAll({ each, all }: PolicyRequests): Promise<void> {
  const responses: AnalyzeResponse[] = [];
  for (const request of each) {
    responses.push(await analyze(request));
  }
  responses.push(await analyzeStack(all));
  const found = responses.flatMap((response) => response.getDiagnosticsList());
  if (found.length > 0) {
    const messages = found.map((one) => `${one.getPolicyname()}: ${one.getMessage()}`);
    throw new BenchmarkError(`The policy pack has objections:\n${messages.join("\n")}`);
  }
}

type Answer = (
  call: { readonly request: unknown },
  callback: (error: unknown, response: AnalyzeResponse) => void,
) => Promise<void>;
type MakeAnswer = (pack: string, version: string, level: string, policies: Policies) => Answer;

// eslint-disable-next-line @typescript-eslint/no-require-imports -- these functions have no types
const server = require("@pulumi/policy/server") as {
  readonly makeAnalyzeRpcFun: MakeAnswer;
  readonly makeAnalyzeStackRpcFun: MakeAnswer;
};
const analyze = answersOf(server.makeAnalyzeRpcFun);
const analyzeStack = answersOf(server.makeAnalyzeStackRpcFun);

function answersOf(make: MakeAnswer): (request: unknown) => Promise<AnalyzeResponse> {
  const answer = make("secure-environment", "0.1.0", "advisory", pulumiPolicies);
  return promisify(
    (request: unknown, callback: Parameters<Answer>[1]) => void answer({ request }, callback),
  );
}

/** What the engine asks a policy pack about one stack. */
interface PolicyRequests {
  /** One for each resource. */
  readonly each: readonly AnalyzeRequest[];
  /** The one for all resources together. */
  readonly all: AnalyzeStackRequest;
}

/** The requests as they come from the engine: the pack remembers what it has read of a message. */
function receivedFrom({ each, all }: PolicyRequests): PolicyRequests {
  return {
    each: each.map((request) => AnalyzeRequest.deserializeBinary(request.serializeBinary())),
    all: AnalyzeStackRequest.deserializeBinary(all.serializeBinary()),
  };
}

/** A resource as Pulumi's runtime registers it with the engine. */
interface Registration {
  readonly request: RegisterResourceRequest;
  readonly urn: string;
}

/** The part of the runtime's connection to the engine that registers resources. */
interface ResourceMonitor {
  registerResource(
    request: RegisterResourceRequest,
    callback: (error: unknown, response?: { getUrn(): string }) => void,
  ): Promise<void>;
}

const project = "review";
const stack = "review-login";

/** What the engine asks about a walled environment with workloads, of so many resources in all. */
async function policyRequests(resourceCount: number): Promise<PolicyRequests> {
  // A workload waits for the walls, so only workloads are left out.
  const registrations = (
    await registrationsOf(() => environmentWithWorkloads(resourceCount))
  ).slice(0, resourceCount);
  const all = new AnalyzeStackRequest();
  all.setResourcesList(registrations.map(analyzerResource));
  return { each: registrations.map((one) => described(new AnalyzeRequest(), one)), all };
}

/** Runs a program against mocks of the engine. Mocks are not shown options, so requests are read. */
async function registrationsOf(program: () => void): Promise<readonly Registration[]> {
  const mocks: pulumi.runtime.Mocks = {
    call: ({ inputs }) => inputs as Record<string, unknown>,
    newResource: ({ name, inputs }) => ({ id: name, state: inputs as Record<string, unknown> }),
  };
  await pulumi.runtime.setMocks(mocks, project, stack);
  const registrations: Registration[] = [];
  const monitor = pulumi.runtime.getMonitor() as unknown as ResourceMonitor;
  const registerResource = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) =>
    registerResource(request, (error, response) => {
      if (response !== undefined) {
        registrations.push({ request, urn: response.getUrn() });
      }
      callback(error, response);
    });
  program();
  await pulumi.runtime.disconnect();
  return registrations;
}

/** As many as a large environment has room for; the deployments are scaled to zero. */
const podCount = 40;

function environmentWithWorkloads(workloadCount: number): void {
  const { namespaceName } = new SecureEnvironment("env", {
    expiresAt: "2099-01-31T18:00:00Z",
    size: "large",
  });
  const kinds = [configMap, service, deployment];
  for (let index = 0; index < workloadCount; index++) {
    const name = `workload-${index}`;
    const metadata = { name, namespace: namespaceName, labels: { app: name } };
    const make = index < podCount ? pod : kinds[index % kinds.length];
    make?.(name, metadata);
  }
}

type Metadata = kubernetes.types.input.meta.v1.ObjectMeta;

function configMap(name: string, metadata: Metadata): void {
  new kubernetes.core.v1.ConfigMap(name, { metadata, data: { settings: "x".repeat(200) } });
}

function service(name: string, metadata: Metadata): void {
  const spec = { selector: { app: name }, ports: [{ port: 80 }] };
  new kubernetes.core.v1.Service(name, { metadata, spec });
}

function pod(name: string, metadata: Metadata): void {
  new kubernetes.core.v1.Pod(name, { metadata, spec: podSpec });
}

function deployment(name: string, metadata: Metadata): void {
  const labels = { app: name };
  const template = { metadata: { labels }, spec: podSpec };
  const spec = { replicas: 0, selector: { matchLabels: labels }, template };
  new kubernetes.apps.v1.Deployment(name, { metadata, spec });
}

const podSpec: kubernetes.types.input.core.v1.PodSpec = {
  automountServiceAccountToken: false,
  securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
  containers: [
    {
      name: "shop",
      image: "registry.example.com/shop:1",
      resources: { requests: { cpu: "100m", memory: "128Mi" } },
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
    },
  ],
};

function analyzerResource(registration: Registration): AnalyzerResource {
  const { request } = registration;
  const resource = described(new AnalyzerResource(), registration);
  resource.setParent(request.getParent());
  resource.setDependenciesList(request.getDependenciesList());
  request.getPropertydependenciesMap().forEach((dependencies, property) => {
    const urns = new AnalyzerPropertyDependencies();
    urns.setUrnsList(dependencies.getUrnsList());
    resource.getPropertydependenciesMap().set(property, urns);
  });
  return resource;
}

/** Writes down what both kinds of requests say of a resource. */
function described<Message extends AnalyzeRequest | AnalyzerResource>(
  message: Message,
  { request, urn }: Registration,
): Message {
  const options = new AnalyzerResourceOptions();
  options.setParent(request.getParent());
  options.setIgnorechangesList(request.getIgnorechangesList());
  options.setCustomtimeouts(new AnalyzerResourceOptions.CustomTimeouts());
  message.setType(request.getType());
  message.setName(request.getName());
  message.setUrn(urn);
  message.setProperties(request.getObject());
  message.setOptions(options);
  if (request.getCustom()) {
    message.setProvider(defaultProvider(request.getType()));
  }
  return message;
}

/** The provider that Pulumi itself makes for a resource that names none. */
function defaultProvider(resourceType: string): AnalyzerProviderResource {
  const type = `pulumi:providers:${resourceType.split(":")[0]}`;
  const provider = new AnalyzerProviderResource();
  provider.setType(type);
  provider.setName("default");
  provider.setUrn(`urn:pulumi:${stack}::${project}::${type}::default`);
  provider.setProperties(Struct.fromJavaScript({}));
  return provider;
}

const judges = ["policyPack", "emptyPack", "noPack"] as const;
type Judge = (typeof judges)[number];

/** The same `up` of the environment, by who judges it; as many runs of each. */
export type JudgedUps = Readonly<Record<Judge, readonly CommandRun[]>>;

/** What the figures are about. */
export const policyPackOverheadHeading =
  "CPU seconds that the policy pack adds to an up of the environment, on a fresh stack";

/** Brings the environment up, each time judged another way. It stays until the sandbox ends. */
export async function measureJudgedUps(
  rounds: number,
  { commands, environmentProgram }: RoundPlace,
  folder: string,
): Promise<JudgedUps> {
  const flags: Readonly<Record<Judge, readonly string[]>> = {
    policyPack: ["--policy-pack", policyFolder],
    emptyPack: ["--policy-pack", placeEmptyPolicyPack(join(folder, "empty-policy-pack"))],
    noPack: [],
  };
  const up = async (judge: Judge, round: number): Promise<CommandRun> => {
    const stack = `review-${judge.toLowerCase()}-${round}`;
    await commands.pulumi(environmentProgram, "stack", "init", "--no-select", stack);
    const args = ["up", "--yes", "--skip-preview", "--stack", stack, ...flags[judge]];
    return commands.pulumi(environmentProgram, ...args);
  };
  const ups: Record<Judge, CommandRun[]> = { policyPack: [], emptyPack: [], noPack: [] };
  for (let round = 0; round < rounds; round++) {
    for (const judge of inTurns(judges, round)) {
      ups[judge].push(await up(judge, round));
    }
  }
  return ups;
}

/** The CPU seconds of an `up` with the policy pack beside those of another one of the same round. */
export function pairsOf({ policyPack, ...others }: JudgedUps, judge: keyof typeof others): Pair[] {
  return policyPack.map(({ cpuSeconds }, round) => ({
    numerator: cpuSeconds,
    denominator: others[judge][round]?.cpuSeconds ?? NaN,
  }));
}

/** What the pack's own work adds: any pack at all takes about a second to start. */
export function policyPackOverhead(ups: JudgedUps): BudgetFigure {
  const added = pairsOf(ups, "emptyPack").map(
    ({ numerator, denominator }) => numerator - denominator,
  );
  return budgetFigure("beside an up with a pack of no policies", 1.3, added);
}

/** In each round another one comes first: what the first one finds then weighs on all alike. */
function inTurns<Item>(items: readonly Item[], round: number): readonly Item[] {
  const first = round % items.length;
  return [...items.slice(first), ...items.slice(0, first)];
}
