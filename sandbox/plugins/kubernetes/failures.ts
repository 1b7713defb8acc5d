import { Metadata, status } from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { PluginError } from "../pluginServer";
import { type Properties, toStruct } from "../properties";
import { ApiError } from "./connection";
import { UnknownTypeError } from "./discovery";
import { redact } from "./secrets";

const conflictHelp =
  "server-side apply field conflict detected, see " +
  "https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/" +
  "managing-resources-with-server-side-apply/#handle-field-conflicts-on-existing-resources" +
  " for troubleshooting help";

const alreadyExistsHelp = `

The resource already exists in the cluster. This can happen when:

  - Renaming a Pulumi resource: use an alias to preserve the identity,
    or use deleteBeforeReplace if the resource needs replacement.
  - Managing an existing resource: use a Patch resource (e.g. NamespacePatch)
    to manage specific fields without owning the resource lifecycle.
  - Adopting a resource into Pulumi: use \`pulumi import\`. Note that
    protected resources (e.g. kube-system) cannot be deleted on destroy.
  - Intentional upsert: set upsertExistingObjects on the provider to allow
    server-side apply to update existing objects on create.`;

/** Whether the API server failed a call for this reason. */
export function failedFor(error: unknown, reason: string): error is ApiError {
  return error instanceof ApiError && error.reason === reason;
}

/** Whether an object is not there; a type that is gone has taken its objects with it. */
export function isGone(error: unknown): boolean {
  return failedFor(error, "NotFound") || error instanceof UnknownTypeError;
}

/** Whether an object could not be written because its namespace is not there. */
export function lacksNamespace(error: unknown): boolean {
  return failedFor(error, "NotFound") && error.status.details?.kind === "namespaces";
}

/** Whether the API server cannot try a change out. */
export function lacksDryRun(error: unknown): boolean {
  return error instanceof ApiError && error.message.includes("does not support dry run");
}

/** Says what went wrong, with the help that the user needs to go on. */
export function explain(error: unknown, fieldManager: string): string {
  if (failedFor(error, "AlreadyExists")) {
    return error.message + alreadyExistsHelp;
  }
  if (failedFor(error, "Conflict")) {
    return (
      `${conflictHelp}\nThe resource managed by field manager "${fieldManager}" ` +
      `had an apply conflict: ${error.message}`
    );
  }
  return error instanceof Error ? error.message : String(error);
}

/** An object that was written but is not as it should be; the engine keeps it in the state. */
export function partialFailure(id: string, message: string, state: Properties): PluginError {
  const detail = new ErrorResourceInitFailed();
  detail.setId(id);
  detail.setProperties(toStruct(state));
  detail.setReasonsList([message]);
  const any = new Any();
  any.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const details = new Status();
  details.setCode(status.UNKNOWN);
  details.setMessage(message);
  details.addDetails(any);
  const metadata = new Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(details.serializeBinary()));
  return new PluginError(message, metadata);
}

/** Runs an operation whose failure may repeat none of the given secrets. */
export async function withoutSecretsInFailure<T>(
  inputs: Properties,
  operation: () => Promise<T>,
): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    if (error instanceof Error) {
      error.message = redact(error.message, inputs);
    }
    throw error;
  }
}
