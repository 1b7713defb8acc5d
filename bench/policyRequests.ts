import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import {
  AnalyzeRequest,
  AnalyzerPropertyDependencies,
  AnalyzerProviderResource,
  AnalyzerResource,
  AnalyzerResourceOptions,
  AnalyzeStackRequest,
} from "@pulumi/pulumi/proto/analyzer_pb";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { SecureEnvironment } from "secure-environment";

/** What the engine asks a policy pack about one stack. */
export interface PolicyRequests {
  /** One for each resource. */
  readonly each: readonly AnalyzeRequest[];
  /** The one for all resources together. */
  readonly all: AnalyzeStackRequest;
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
export async function policyRequests(resourceCount: number): Promise<PolicyRequests> {
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

function environmentWithWorkloads(workloadCount: number): void {
  const { namespaceName } = new SecureEnvironment("env", { expiresAt: "2099-01-31T18:00:00Z" });
  const kinds = [configMap, service, pod, deployment];
  for (let index = 0; index < workloadCount; index++) {
    const name = `workload-${index}`;
    const metadata = { name, namespace: namespaceName, labels: { app: name } };
    kinds[index % kinds.length]?.(name, metadata);
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
  const spec = { selector: { matchLabels: labels }, template };
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
