import { credentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

/** Shows messages beside a resource in the engine's output. */
export interface EngineLog {
  warn(urn: string, message: string): void;
  /** Shows what is going on right now; the next status replaces it and an empty one clears it. */
  status(urn: string, message: string): void;
}

/** Connects to the engine's log; without an address messages go nowhere. */
export function engineLog(address: string | undefined): EngineLog {
  let client: EngineClient | undefined;
  const send = (severity: LogSeverity, urn: string, message: string, ephemeral: boolean) => {
    if (address === undefined) {
      return;
    }
    client ??= new EngineClient(address, credentials.createInsecure());
    const request = new LogRequest();
    request.setSeverity(severity);
    request.setUrn(urn);
    request.setMessage(message);
    request.setEphemeral(ephemeral);
    // A message that does not arrive must not fail the work it tells about.
    client.log(request, () => undefined);
  };
  return {
    warn: (urn, message) => send(LogSeverity.WARNING, urn, message, false),
    status: (urn, message) => send(LogSeverity.INFO, urn, message, true),
  };
}
