import { type sendUnaryData, Server, ServerCredentials, type ServerUnaryCall } from "@grpc/grpc-js";
import * as pulumi from "@pulumi/pulumi";
import { isGrpcError } from "@pulumi/pulumi/errors";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import {
  GetRequiredPackagesResponse,
  GetRequiredPluginsResponse,
  LanguageHandshakeResponse,
  type RunRequest,
  RunResponse,
} from "@pulumi/pulumi/proto/language_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";

/** What is run for the engine: it makes resources, and returns the outputs of the stack. */
export type Program = (secretKeys: readonly string[]) => Promise<Record<string, unknown>>;

/** Runs one program in this process for an engine that is told its address as `--client`. */
export class LanguageServer {
  private constructor(
    private readonly server: Server,
    /** Where the engine reaches it. */
    readonly address: string,
  ) {}

  /** Listens on loopback. The engine may run the program several times, one after the other. */
  static async serve(program: Program): Promise<LanguageServer> {
    const server = new Server();
    server.addService(LanguageRuntimeService, {
      handshake: answer(() => new LanguageHandshakeResponse()),
      getPluginInfo: answer(() => new PluginInfo().setVersion("1.0.0")),
      getRequiredPlugins: answer(() => new GetRequiredPluginsResponse()),
      getRequiredPackages: answer(() => new GetRequiredPackagesResponse()),
      run: answer((request: RunRequest) => run(program, request)),
    });
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
        error === null ? resolve(bound) : reject(error),
      );
    });
    return new LanguageServer(server, `127.0.0.1:${port}`);
  }

  /** Ends it, and every call that the engine has left open. */
  close(): void {
    this.server.forceShutdown();
  }
}

function answer<Request, Response>(handle: (request: Request) => Response | Promise<Response>) {
  return (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>): void => {
    Promise.resolve()
      .then(() => handle(call.request))
      .then(
        (response) => callback(null, response),
        (error: unknown) => callback(error as Error),
      );
  };
}

/** As Pulumi's own runner does it: what the user has to know is told to the engine. */
async function run(program: Program, request: RunRequest): Promise<RunResponse> {
  const faults = new Set<unknown>();
  const noteFault = (fault: unknown): void => {
    faults.add(fault);
  };
  process.on("unhandledRejection", noteFault);
  try {
    settle(request);
    await pulumi.runtime.runInPulumiStack(() => program(request.getConfigsecretkeysList()));
    await pulumi.runtime.disconnect(true);
  } catch (error) {
    faults.add(error);
    await pulumi.runtime.disconnect(false);
  } finally {
    process.off("unhandledRejection", noteFault);
  }
  await Promise.all([...faults].map(tell));
  // What was told the engine prints itself, and needs no further word on.
  return new RunResponse().setBail(faults.size > 0 || pulumi.log.hasErrors());
}

function settle(request: RunRequest): void {
  pulumi.runtime.resetOptions(
    request.getProject(),
    request.getStack(),
    request.getParallel(),
    request.getArgsList()[0] ?? "",
    request.getMonitorAddress(),
    request.getDryrun(),
    request.getOrganization(),
  );
  const configuration = Object.fromEntries(request.getConfigMap().toObject());
  pulumi.runtime.setAllConfig(configuration, request.getConfigsecretkeysList());
}

/** A failed call of the engine, such as for a resource that it refused, was told by the engine. */
async function tell(fault: unknown): Promise<void> {
  if (pulumi.RunError.isInstance(fault)) {
    await pulumi.log.error(fault.message);
  } else if (!(fault instanceof Error)) {
    await pulumi.log.error(String(fault));
  } else if (!isGrpcError(fault)) {
    await pulumi.log.error(fault.stack ?? fault.message);
  }
}
