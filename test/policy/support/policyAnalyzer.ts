import { type Policies } from "@pulumi/policy";
import {
  AnalyzeRequest,
  type AnalyzeResponse,
  AnalyzerPropertyDependencies,
  AnalyzerProviderResource,
  AnalyzerResource,
  AnalyzerResourceOptions,
  AnalyzeStackRequest,
  EnforcementLevel,
} from "@pulumi/pulumi/proto/analyzer_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import { readMessagesOnce } from "#policy/messages";
import { unknownValues } from "./unknownValues";

readMessagesOnce();

/**
 * Asks policies as the engine does: with its messages, through the SDK's own functions for them.
 * What becomes of unknown and secret values is what becomes of them in a real run.
 */

/** A resource as the engine shows it to a policy pack. */
export interface AnalyzedResource {
  readonly type: string;
  readonly name: string;
  readonly properties?: Readonly<Record<string, unknown>>;
  /** Defaults to `review-login`. */
  readonly stack?: string;
  /** Defaults to `review`. */
  readonly project?: string;
  readonly parent?: AnalyzedResource;
  readonly dependencies?: readonly AnalyzedResource[];
  /** What single properties depend on. */
  readonly propertyDependencies?: Readonly<Record<string, readonly AnalyzedResource[]>>;
  readonly ignoreChanges?: readonly string[];
  readonly provider?: {
    readonly type?: string;
    /** Defaults to that of the provider which Pulumi itself makes. */
    readonly name?: string;
    readonly properties?: Readonly<Record<string, unknown>>;
  };
}

/** What a policy said. */
export interface Diagnosis {
  readonly policy: string;
  readonly message: string;
  readonly isAdvisory: boolean;
  readonly urn: string;
}

/** A text that is known only after the update, as the engine writes it. */
export const unknownText = unknownValues.text;

/** A secret value, as the engine writes it. */
export function secretValue(value: unknown): object {
  return { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value };
}

/** What the policies say of one resource before it is made. */
export async function analyzeResource(
  policies: Policies,
  resource: AnalyzedResource,
  settings: object = {},
): Promise<Diagnosis[]> {
  return askOfResource(configured(policies, settings), resourceRequest(resource));
}

/** What the policies say of all resources of a stack together. */
export async function analyzeStack(
  policies: Policies,
  resources: readonly AnalyzedResource[],
  settings: object = {},
): Promise<Diagnosis[]> {
  return askOfStack(configured(policies, settings), stackRequest(resources));
}

/** What the policies answer to the engine's request about one resource. */
export async function askOfResource(
  policies: Policies,
  request: AnalyzeRequest,
): Promise<Diagnosis[]> {
  return diagnosesOf(await answerTo(server.makeAnalyzeRpcFun(...pack, policies), request));
}

/** What the policies answer to the engine's request about all resources of a stack together. */
export async function askOfStack(
  policies: Policies,
  request: AnalyzeStackRequest,
): Promise<Diagnosis[]> {
  return diagnosesOf(await answerTo(server.makeAnalyzeStackRpcFun(...pack, policies), request));
}

/** The engine's request about one resource. */
export function resourceRequest(resource: AnalyzedResource): AnalyzeRequest {
  return write(new AnalyzeRequest(), resource);
}

/** The engine's request about all resources of a stack together. */
export function stackRequest(resources: readonly AnalyzedResource[]): AnalyzeStackRequest {
  const request = new AnalyzeStackRequest();
  request.setResourcesList(
    resources.map((resource) => {
      const message = write(new AnalyzerResource(), resource);
      message.setParent(resource.parent === undefined ? "" : urnOf(resource.parent));
      message.setDependenciesList((resource.dependencies ?? []).map(urnOf));
      for (const [property, others] of Object.entries(resource.propertyDependencies ?? {})) {
        const dependencies = new AnalyzerPropertyDependencies();
        dependencies.setUrnsList(others.map(urnOf));
        message.getPropertydependenciesMap().set(property, dependencies);
      }
      return message;
    }),
  );
  return request;
}

/** The URN that the engine gives the resource. */
export function urnOf({
  type,
  name,
  stack = "review-login",
  project = "review",
}: AnalyzedResource): string {
  return `urn:pulumi:${stack}::${project}::${type}::${name}`;
}

type Answer = (
  call: { readonly request: unknown },
  callback: (error: unknown, response?: AnalyzeResponse) => void,
) => Promise<void>;
type Make = (pack: string, version: string, level: string, policies: Policies) => Answer;

// eslint-disable-next-line @typescript-eslint/no-require-imports -- these functions have no types
const server = require("@pulumi/policy/server") as {
  readonly makeAnalyzeRpcFun: Make;
  readonly makeAnalyzeStackRpcFun: Make;
};
const pack = ["secure-environment", "0.1.0", "advisory"] as const;

/**
 * The policies with these settings. The engine sends settings in a request of their own, for which
 * the SDK has no function.
 */
export function configured(policies: Policies, settings: object): Policies {
  const withSettings = <Args extends object>(args: Args) => ({
    ...args,
    getConfig: <Settings extends object>() => settings as Settings,
  });
  return policies.map((policy) => {
    if ("validateStack" in policy) {
      const { validateStack } = policy;
      return {
        ...policy,
        validateStack: (args, report) => validateStack(withSettings(args), report),
      };
    }
    const validations = [policy.validateResource ?? []].flat();
    return {
      ...policy,
      validateResource: validations.map(
        (validate) => (args, report) => validate(withSettings(args), report),
      ),
    };
  });
}

function write<Message extends AnalyzeRequest | AnalyzerResource>(
  message: Message,
  resource: AnalyzedResource,
): Message {
  message.setType(resource.type);
  message.setName(resource.name);
  message.setUrn(urnOf(resource));
  message.setProperties(structOf(resource.properties));
  message.setOptions(optionsOf(resource));
  message.setProvider(providerOf(resource));
  return message;
}

function optionsOf({ ignoreChanges = [], parent }: AnalyzedResource): AnalyzerResourceOptions {
  const options = new AnalyzerResourceOptions();
  options.setIgnorechangesList([...ignoreChanges]);
  options.setParent(parent === undefined ? "" : urnOf(parent));
  options.setCustomtimeouts(new AnalyzerResourceOptions.CustomTimeouts());
  return options;
}

function providerOf(resource: AnalyzedResource): AnalyzerProviderResource | undefined {
  const { provider } = resource;
  if (provider === undefined) {
    return undefined;
  }
  const type = provider.type ?? `pulumi:providers:${resource.type.split(":")[0]}`;
  const name = provider.name ?? "default_4_29_0";
  const message = new AnalyzerProviderResource();
  message.setUrn(urnOf({ ...resource, type, name }));
  message.setType(type);
  message.setName(name);
  message.setProperties(structOf(provider.properties));
  return message;
}

function structOf(properties: Readonly<Record<string, unknown>> = {}): Struct {
  return Struct.fromJavaScript(properties as Record<string, JavaScriptValue>);
}

function answerTo(analyze: Answer, request: unknown): Promise<AnalyzeResponse> {
  return new Promise((resolve, reject) => {
    void analyze({ request }, (error, response) => {
      if (response === undefined) {
        reject(error instanceof Error ? error : new Error(JSON.stringify(error)));
      } else {
        resolve(response);
      }
    });
  });
}

function diagnosesOf(response: AnalyzeResponse): Diagnosis[] {
  return response.getDiagnosticsList().map((diagnostic) => ({
    policy: diagnostic.getPolicyname(),
    message: diagnostic.getMessage().slice(diagnostic.getDescription().length).trimStart(),
    isAdvisory: diagnostic.getEnforcementlevel() === EnforcementLevel.ADVISORY,
    urn: diagnostic.getUrn(),
  }));
}
