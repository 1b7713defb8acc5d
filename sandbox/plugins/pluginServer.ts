import { fstatSync } from "node:fs";
import {
  type handleServerStreamingCall,
  type handleUnaryCall,
  type ServerUnaryCall,
  type ServerWritableStream,
  type ServiceDefinition,
  type UntypedServiceImplementation,
  Server,
  ServerCredentials,
  status,
} from "@grpc/grpc-js";
import { onParentGone } from "./parentWatch";

/** Makes a gRPC handler of a function that returns or throws. */
export function unary<Request, Response>(
  handle: (
    request: Request,
    call: ServerUnaryCall<Request, Response>,
  ) => Promise<Response> | Response,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    void Promise.resolve()
      .then(() => handle(call.request, call))
      .then(
        (response) => callback(null, response),
        (error: unknown) => callback(toServiceError(error)),
      );
  };
}

/** Makes a gRPC handler of a function that writes any number of responses. */
export function streaming<Request, Response>(
  handle: (call: ServerWritableStream<Request, Response>) => Promise<void>,
): handleServerStreamingCall<Request, Response> {
  return (call) => {
    handle(call).then(
      () => call.end(),
      (error: unknown) => call.emit("error", toServiceError(error)),
    );
  };
}

function toServiceError(error: unknown) {
  const message = error instanceof Error ? error.message : String(error);
  return Object.assign(new Error(message), { code: status.UNKNOWN, details: message });
}

/** The engine's address: the last argument that is no flag. */
export function engineAddress(): string | undefined {
  return process.argv.slice(2).findLast((argument) => !argument.startsWith("-"));
}

/** Binds a service to a free port on loopback. */
export async function listen(
  service: ServiceDefinition,
  implementation: UntypedServiceImplementation,
): Promise<{ server: Server; port: number }> {
  const server = new Server({
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
  });
  server.addService(service, implementation);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) {
        resolve(bound);
      } else {
        reject(error);
      }
    });
  });
  return { server, port };
}

/**
 * Runs a plugin: serves, tells the engine its port, and exits when the engine asks for it or is
 * gone. The engine puts its plugins into process groups of their own and ends them with SIGINT, so
 * an interrupt is a request to leave, not a key pressed in a terminal.
 */
export async function runPlugin(
  service: ServiceDefinition,
  implementation: UntypedServiceImplementation,
  cleanUp: () => void = () => undefined,
): Promise<void> {
  const leave = () => {
    cleanUp();
    process.exit(0);
  };
  process.on("SIGINT", leave);
  process.on("SIGTERM", leave);
  onParentGone(leave);
  onStandardInputClosed(leave);
  const { port } = await listen(service, implementation);
  process.stdout.write(`${port}\n`);
}

/** The engine keeps the other end open, so its closing shows an engine gone before our start. */
function onStandardInputClosed(callback: () => void): void {
  const input = fstatSync(0);
  if (input.isFIFO() || input.isSocket()) {
    process.stdin.on("end", callback);
    process.stdin.on("error", callback);
    process.stdin.resume();
  }
}
