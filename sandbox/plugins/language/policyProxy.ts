import { credentials, type Server, type ServiceError, status } from "@grpc/grpc-js";
import { AnalyzerClient, AnalyzerService } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import {
  AnalyzerHandshakeResponse,
  type AnalyzerStackConfigureRequest,
  AnalyzerStackConfigureResponse,
} from "@pulumi/pulumi/proto/analyzer_pb";
import { listen, unary } from "../pluginServer";
import type { RunningProcess } from "./childProcesses";

type Forward = (
  request: unknown,
  callback: (error: ServiceError | null, response: unknown) => void,
) => void;

const forwardedMethods = [
  "analyze",
  "analyzeStack",
  "remediate",
  "getAnalyzerInfo",
  "getPluginInfo",
  "configure",
  "cancel",
] as const;

/** What a policy pack is told about the stack when it starts. */
export interface PackConfiguration {
  environment: { [name: string]: string };
}

/** Stands between the engine and a policy pack that can only start with its configuration. */
export class PolicyProxy {
  readonly configuration: Promise<PackConfiguration>;
  readonly port: number;

  private constructor(
    private readonly server: Server,
    port: number,
    private readonly handlers: ProxyHandlers,
  ) {
    this.port = port;
    this.configuration = handlers.configured;
  }

  static async listen(): Promise<PolicyProxy> {
    const handlers = new ProxyHandlers();
    const { server, port } = await listen(AnalyzerService, handlers.implementation());
    return new PolicyProxy(server, port, handlers);
  }

  /** Connects to the started pack: its first line of output is its port, the rest is passed on. */
  attach(pack: RunningProcess, passOn: (chunk: Buffer) => void): void {
    let firstLine: string | undefined = "";
    pack.process.stdout?.on("data", (chunk: Buffer) => {
      if (firstLine === undefined) {
        passOn(chunk);
        return;
      }
      firstLine += chunk.toString();
      const end = firstLine.indexOf("\n");
      if (end >= 0) {
        this.handlers.connect(firstLine.slice(0, end));
        passOn(Buffer.from(firstLine.slice(end + 1)));
        firstLine = undefined;
      }
    });
    const failed = () => this.handlers.fail(new Error("the policy pack did not start"));
    pack.exited.then(failed, failed);
  }

  close(): void {
    this.server.forceShutdown();
  }
}

class ProxyHandlers {
  readonly configured: Promise<PackConfiguration>;
  private configure!: (configuration: PackConfiguration) => void;
  private stack: AnalyzerStackConfigureRequest | undefined;
  private readonly client: Promise<AnalyzerClient>;
  private connected!: (client: AnalyzerClient) => void;
  fail!: (reason: Error) => void;

  constructor() {
    this.configured = new Promise((resolve) => (this.configure = resolve));
    this.client = new Promise((resolve, reject) => {
      this.connected = resolve;
      this.fail = reject;
    });
    this.client.catch(() => undefined);
  }

  implementation() {
    return {
      handshake: unary(() => new AnalyzerHandshakeResponse()),
      configureStack: unary((request: AnalyzerStackConfigureRequest) => {
        this.stack = request;
        this.configure({ environment: packEnvironment(request) });
        return new AnalyzerStackConfigureResponse();
      }),
      ...Object.fromEntries(
        forwardedMethods.map((method) => [
          method,
          unary(async (request: unknown) => this.forward(method, request)),
        ]),
      ),
    };
  }

  connect(port: string): void {
    if (!/^\d+$/.test(port.trim())) {
      this.fail(
        new Error("policy pack not started: could not read policy pack port: expected integer"),
      );
      return;
    }
    const client = new AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure(), {
      "grpc.max_receive_message_length": -1,
      "grpc.max_send_message_length": -1,
    });
    if (this.stack === undefined) {
      this.connected(client);
      return;
    }
    client.configureStack(this.stack, (error) => {
      // Packs on older SDKs know the configuration from the environment alone.
      if (error === null || error.code === status.UNIMPLEMENTED) {
        this.connected(client);
      } else {
        this.fail(new Error(`policy pack configuration failed: ${error.details}`));
      }
    });
  }

  private async forward(method: (typeof forwardedMethods)[number], request: unknown) {
    // For a look at its policies alone the engine names no stack.
    this.configure({ environment: {} });
    const client = await this.client;
    return new Promise((resolve, reject) => {
      const call = client[method].bind(client) as unknown as Forward;
      call(request, (error, response) => {
        if (error === null) {
          resolve(response);
        } else {
          reject(new Error(error.details));
        }
      });
    });
  }
}

function packEnvironment(stack: AnalyzerStackConfigureRequest): { [name: string]: string } {
  const variables = {
    PULUMI_NODEJS_ORGANIZATION: stack.getOrganization(),
    PULUMI_NODEJS_PROJECT: stack.getProject(),
    PULUMI_NODEJS_STACK: stack.getStack(),
    PULUMI_NODEJS_DRY_RUN: String(stack.getDryRun()),
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(stack.getConfigMap().getEntryList())),
  };
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ""));
}
