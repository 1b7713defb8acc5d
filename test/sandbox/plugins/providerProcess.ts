import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { credentials, type ServiceError } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import {
  CheckRequest,
  type CheckResponse,
  CreateRequest,
  type CreateResponse,
  DiffRequest,
  DiffResponse,
} from "@pulumi/pulumi/proto/provider_pb";
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
}

/** A stand-in for a provider that runs as the engine would run it. */
export class ProviderProcess {
  private constructor(
    private readonly process: ChildProcess,
    private readonly client: ResourceProviderClient,
  ) {}

  /** Starts a provider by the name of its executable. */
  static async start(executable: string): Promise<ProviderProcess> {
    const entry = standIns.find((standIn) => standIn.executable === executable)?.entry ?? "";
    const child = spawn(process.execPath, [entry], { stdio: ["pipe", "pipe", "inherit"] });
    const [port] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
    const client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
    return new ProviderProcess(child, client);
  }

  async stop(): Promise<void> {
    this.client.close();
    const ended = once(this.process, "exit");
    this.process.kill("SIGINT");
    await ended;
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
    options: { preview?: boolean } = {},
  ): Promise<ResourceUnderTest> {
    const urn = urnOf(type);
    const inputs = await this.check(urn, given);
    const request = new CreateRequest();
    request.setUrn(urn);
    request.setProperties(toStruct(inputs));
    request.setPreview(options.preview ?? false);
    const response = await call<CreateResponse>((done) => this.client.create(request, done));
    return { urn, inputs, id: response.getId(), state: fromStruct(response.getProperties()) };
  }

  /** Check and Diff, as the engine does for a resource in its state. */
  async diff(resource: ResourceUnderTest, given: Properties): Promise<DiffAnswer> {
    const request = new DiffRequest();
    request.setId(resource.id);
    request.setUrn(resource.urn);
    request.setOlds(toStruct(resource.state));
    request.setOldInputs(toStruct(resource.inputs));
    request.setNews(toStruct(await this.check(resource.urn, given, resource.inputs)));
    const response = await call<DiffResponse>((done) => this.client.diff(request, done));
    return {
      changed: response.getChanges() === DiffResponse.DiffChanges.DIFF_SOME,
      replaces: response.getReplacesList(),
    };
  }
}

/** The URN that the engine would give to a resource. */
function urnOf(type: string): string {
  return `urn:pulumi:stack::project::${type}::subject`;
}

function call<Response>(
  start: (done: (error: ServiceError | null, response: Response) => void) => unknown,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    start((error, response) =>
      error === null ? resolve(response) : reject(new Error(error.details)),
    );
  });
}
