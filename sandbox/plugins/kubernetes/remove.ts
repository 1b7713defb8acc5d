import type { DeleteRequest } from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { PluginError } from "../pluginServer";
import { fromStruct, type Properties } from "../properties";
import { type Checkpoint, parseCheckpoint, toCheckpoint } from "./checkpoint";
import type { Cluster } from "./cluster";
import { ApiError } from "./connection";
import { isGone, partialFailure } from "./failures";
import {
  annotation,
  type KubernetesObject,
  objectId,
  parseObjectId,
  text,
  withMetadata,
} from "./object";
import type { Session } from "./session";
import { giveUpFields } from "./update";
import { isPatchResource } from "./urn";
import { WaitError, waitMilliseconds, waitUntilGone } from "./waiting";

const propagationAnnotation = "pulumi.com/deletionPropagationPolicy";
const propagationPolicies: { [policy: string]: string } = {
  orphan: "Orphan",
  background: "Background",
};

/** Kinds that the real provider lets go without waiting when `pulumi.com/skipAwait` says so. */
const skippable =
  /^(v1\/(Namespace|Pod|ReplicationController)|apps\/v1(beta[12])?\/(DaemonSet|Deployment|StatefulSet)|batch\/v1\/Job)$/;

/** Deletes an object and waits until it is gone; a patch only gives up its fields. */
export async function remove(session: Session, request: DeleteRequest): Promise<Empty> {
  const { cluster } = session;
  const urn = request.getUrn();
  if (cluster === undefined) {
    return removeUnreachable(session, urn);
  }
  const state = fromStruct(request.getProperties());
  const checkpoint = parseCheckpoint(state);
  try {
    await removeObject(session, cluster, request, checkpoint);
  } catch (error) {
    if (error instanceof WaitError) {
      throw stillThere(error, checkpoint, state);
    }
    if (!isGone(error)) {
      throw explainRequiredField(error, urn, checkpoint.live);
    }
  }
  return new Empty();
}

async function removeObject(
  session: Session,
  cluster: Cluster,
  request: DeleteRequest,
  checkpoint: Checkpoint,
): Promise<void> {
  const { inputs, live } = checkpoint;
  const urn = request.getUrn();
  if (isPatchResource(urn, text(live, "kind"))) {
    await giveUpFields(cluster, live, checkpoint.fieldManager);
    return;
  }
  const object = withMetadata(live, { name: parseObjectId(request.getId()).name });
  const policy = propagationPolicies[annotation(inputs, propagationAnnotation).toLowerCase()];
  const remaining = await cluster.delete(object, policy ?? "Foreground");
  const skips =
    annotation(inputs, "pulumi.com/skipAwait") === "true" &&
    skippable.test(`${text(live, "apiVersion")}/${text(live, "kind")}`);
  if (text(remaining, "kind") !== "Status" && !skips) {
    const options = session.waiting(urn, waitMilliseconds(request.getTimeout(), inputs));
    await waitUntilGone(cluster, remaining, options);
  }
}

function stillThere(error: WaitError, checkpoint: Checkpoint, state: Properties): PluginError {
  return partialFailure(
    objectId(error.object),
    error.message,
    toCheckpoint({ ...checkpoint, live: error.object }, state),
  );
}

/** A patch cannot let go of a field that must be there and that nobody else sets. */
function explainRequiredField(error: unknown, urn: string, live: KubernetesObject): unknown {
  const causes = error instanceof ApiError ? (error.status.details?.causes ?? []) : [];
  const required = causes.find(({ reason }) => reason === "FieldValueRequired");
  if (required === undefined || !isPatchResource(urn, text(live, "kind"))) {
    return error;
  }
  return new PluginError(
    "this Patch resource is currently managing a required field, so it can't be deleted " +
      "directly. Either set the `retainOnDelete` resource option, or transfer ownership of the " +
      `field before deleting: ${required.field ?? ""}`,
  );
}

function removeUnreachable(session: Session, urn: string): Empty {
  session.log.warn(urn, `configured Kubernetes cluster is unreachable: ${session.unreachable}`);
  if (session.settings.deleteUnreachable) {
    return new Empty();
  }
  throw new PluginError(
    "configured Kubernetes cluster is unreachable. If the cluster was deleted, you can remove " +
      "this resource from Pulumi state by rerunning the operation with the " +
      'PULUMI_K8S_DELETE_UNREACHABLE environment variable set to "true"',
  );
}
