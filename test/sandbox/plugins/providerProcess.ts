import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import {
  credentials,
  type Metadata,
  Server,
  ServerCredentials,
  type ServiceError,
} from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { type LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import {
  CheckRequest,
  type CheckResponse,
  ConfigureRequest,
  CreateRequest,
  type CreateResponse,
  DeleteRequest,
  DiffRequest,
  DiffResponse,
  ErrorResourceInitFailed,
  PropertyDiff,
  ReadRequest,
  type ReadResponse,
  UpdateRequest,
  type UpdateResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { standIns } from "secure-environment-sandbox/bin/plugins/index";
import {
  fromStruct,
  type Properties,
  toStruct,
} from "secure-environment-sandbox/bin/plugins/properties";

/** A resource under test, by its type token. */
export interface ResourceUnderTest {
  id: string;
  urn: string;
  inputs: Properties;
  state: Properties;
}

/** What a provider says about a difference. */
export interface DiffAnswer {
  changed: boolean;
  replaces: string[];
  deleteBeforeReplace: boolean;
  /** Kind of difference by property path. */
  details: { [path: string]: string };
}

/** An operation that failed; a partial failure tells the state that the engine is to keep. */
export class OperationError extends Error {
  readonly state: Properties | undefined;

  constructor(error: ServiceError) {
    super(error.details);
    this.state = keptState(error.metadata);
  }
}

function keptState(metadata: Metadata): Properties | undefined {
  const [encoded] = metadata.get("grpc-status-details-bin");
  if (encoded === undefined) {
    return undefined;
  }
  const [detail] = Status.deserializeBinary(encoded as Buffer).getDetailsList();
  const failure = detail?.unpack(
    (bytes) => ErrorResourceInitFailed.deserializeBinary(bytes),
    "pulumirpc.ErrorResourceInitFailed",
  );
  return failure === undefined || failure === null
    ? undefined
    : fromStruct(failure.getProperties());
}

/** A provider that runs as the engine would run it, and a stand-in for the engine's side. */
export class ProviderProcess {
  private constructor(
    private readonly process: ChildProcess,
    private readonly engine: Server,
    private readonly client: ResourceProviderClient,
    /** What the provider told the user. */
    readonly messages: string[],
  ) {}

  /** Starts a provider by the name of its executable. */
  static async start(
    executable: string,
    environment: NodeJS.ProcessEnv = {},
  ): Promise<ProviderProcess> {
    const messages: string[] = [];
    const { engine, port } = await startEngine(messages);
    const entry = standIns.find((standIn) => standIn.executable === executable)?.entry ?? "";
    const child = spawn(process.execPath, [entry, `127.0.0.1:${port}`], {
      stdio: ["pipe", "pipe", "inherit"],
      env: { ...process.env, KUBECONFIG: "/nowhere", ...environment },
    });
    const [providerPort] = (await once(createInterface({ input: child.stdout }), "line")) as [
      string,
    ];
    const client = new ResourceProviderClient(
      `127.0.0.1:${providerPort}`,
      credentials.createInsecure(),
    );
    return new ProviderProcess(child, engine, client, messages);
  }

  /** Starts a provider for Kubernetes and leads it to a cluster. */
  static async kubernetes(configuration: { [key: string]: string }): Promise<ProviderProcess> {
    const provider = await ProviderProcess.start("pulumi-resource-kubernetes");
    await provider.configure("kubernetes", configuration);
    return provider;
  }

  async stop(): Promise<void> {
    this.client.close();
    this.engine.forceShutdown();
    const ended = once(this.process, "exit");
    this.process.kill("SIGINT");
    await ended;
  }

  async configure(name: string, configuration: { [key: string]: string }): Promise<void> {
    const request = new ConfigureRequest();
    request.setAcceptsecrets(true);
    for (const [key, value] of Object.entries(configuration)) {
      request.getVariablesMap().set(`${name}:config:${key}`, value);
    }
    await call((done) => this.client.configure(request, done));
  }

  async check(urn: string, inputs: Properties, old: Properties = {}): Promise<Properties> {
    const request = new CheckRequest();
    request.setUrn(urn);
    request.setNews(toStruct(inputs));
    request.setOlds(toStruct(old));
    request.setRandomseed(Buffer.from(`seed of ${urn}`));
    const response = await call<CheckResponse>((done) => this.client.check(request, done));
    const [failure] = response.getFailuresList();
    if (failure !== undefined) {
      throw new Error(`${failure.getProperty()}: ${failure.getReason()}`);
    }
    return fromStruct(response.getInputs());
  }

  /** Check and Create, as the engine does for a new resource. */
  async create(
    type: string,
    given: Properties,
    options: { preview?: boolean; name?: string } = {},
  ): Promise<ResourceUnderTest> {
    const urn = urnOf(type, options.name);
    const inputs = await this.check(urn, given);
    const request = new CreateRequest();
    request.setUrn(urn);
    request.setProperties(toStruct(inputs));
    request.setPreview(options.preview ?? false);
    const response = await call<CreateResponse>((done) => this.client.create(request, done));
    return { urn, inputs, id: response.getId(), state: fromStruct(response.getProperties()) };
  }

  /** Check and Diff, as the engine does for a resource in its state. */
  async diff(
    resource: ResourceUnderTest,
    given: Properties,
    ignored: string[] = [],
  ): Promise<DiffAnswer> {
    const request = new DiffRequest();
    request.setId(resource.id);
    request.setUrn(resource.urn);
    request.setOlds(toStruct(resource.state));
    request.setOldInputs(toStruct(resource.inputs));
    request.setNews(toStruct(await this.check(resource.urn, given, resource.inputs)));
    request.setIgnorechangesList(ignored);
    return diffAnswer(await call<DiffResponse>((done) => this.client.diff(request, done)));
  }

  /** Check and Update, as the engine does for a resource that differs. */
  async update(
    resource: ResourceUnderTest,
    given: Properties,
    options: { preview?: boolean; ignored?: string[] } = {},
  ): Promise<ResourceUnderTest> {
    const inputs = await this.check(resource.urn, given, resource.inputs);
    const request = new UpdateRequest();
    request.setId(resource.id);
    request.setUrn(resource.urn);
    request.setOlds(toStruct(resource.state));
    request.setNews(toStruct(inputs));
    request.setPreview(options.preview ?? false);
    request.setIgnorechangesList(options.ignored ?? []);
    const response = await call<UpdateResponse>((done) => this.client.update(request, done));
    return { ...resource, inputs, state: fromStruct(response.getProperties()) };
  }

  /** Reads a resource anew; undefined when it is gone. */
  async read(
    resource: Pick<ResourceUnderTest, "id" | "urn"> & Partial<ResourceUnderTest>,
  ): Promise<ResourceUnderTest | undefined> {
    const request = new ReadRequest();
    request.setId(resource.id);
    request.setUrn(resource.urn);
    request.setProperties(toStruct(resource.state ?? {}));
    request.setInputs(toStruct(resource.inputs ?? {}));
    const response = await call<ReadResponse>((done) => this.client.read(request, done));
    return response.getId() === ""
      ? undefined
      : {
          id: response.getId(),
          urn: resource.urn,
          inputs: fromStruct(response.getInputs()),
          state: fromStruct(response.getProperties()),
        };
  }

  async delete(resource: ResourceUnderTest, timeoutSeconds = 0): Promise<void> {
    const request = new DeleteRequest();
    request.setId(resource.id);
    request.setUrn(resource.urn);
    request.setProperties(toStruct(resource.state));
    request.setTimeout(timeoutSeconds);
    await call((done) => this.client.delete(request, done));
  }

  async cancel(): Promise<void> {
    await call((done) => this.client.cancel(new Empty(), done));
  }
}

/** The URN that the engine would give to a resource. */
export function urnOf(type: string, name = "subject"): string {
  return `urn:pulumi:stack::project::${type}::${name}`;
}

async function startEngine(messages: string[]): Promise<{ engine: Server; port: number }> {
  const engine = new Server();
  engine.addService(EngineService, {
    log: ({ request }: { request: LogRequest }, done: (error: null, response: Empty) => void) => {
      messages.push(request.getMessage());
      done(null, new Empty());
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    engine.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { engine, port };
}

function call<Response>(
  start: (done: (error: ServiceError | null, response: Response) => void) => unknown,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    start((error, response) =>
      error === null ? resolve(response) : reject(new OperationError(error)),
    );
  });
}

function diffAnswer(response: DiffResponse): DiffAnswer {
  const kindNames = Object.entries(PropertyDiff.Kind);
  const details: { [path: string]: string } = {};
  response.getDetaileddiffMap().forEach((difference, path) => {
    details[path] = kindNames.find(([, kind]) => kind === difference.getKind())?.[0] ?? "";
  });
  return {
    changed: response.getChanges() === DiffResponse.DiffChanges.DIFF_SOME,
    replaces: response.getReplacesList(),
    deleteBeforeReplace: response.getDeletebeforereplace(),
    details,
  };
}
