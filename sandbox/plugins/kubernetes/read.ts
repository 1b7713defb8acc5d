import { type ReadRequest, ReadResponse } from "@pulumi/pulumi/proto/provider_pb";
import { PluginError } from "../pluginServer";
import { fromStruct, isObject, toStruct } from "../properties";
import { parseCheckpoint, toCheckpoint, toKubernetesObject, toProperties } from "./checkpoint";
import { isGone } from "./failures";
import { fieldManagerFor } from "./fieldManagers";
import { normalize } from "./normalize";
import {
  child,
  type KubernetesObject,
  parseObjectId,
  text,
  withMetadata,
  withoutField,
} from "./object";
import { pruneToShape } from "./prune";
import { markSecrets } from "./secrets";
import type { Session } from "./session";
import { objectTypeOfToken, typeToken } from "./urn";

const generatedAnnotations = [
  "deployment.kubernetes.io/revision",
  "kubectl.kubernetes.io/last-applied-configuration",
];

/** Reads an object anew, for a refresh or an import. Nothing comes back for one that is gone. */
export async function read(session: Session, request: ReadRequest): Promise<ReadResponse> {
  const { cluster } = session;
  if (cluster === undefined) {
    return readUnreachable(session, request);
  }
  const state = fromStruct(request.getProperties());
  const givenInputs = fromStruct(request.getInputs());
  const old = parseCheckpoint(state);
  const oldInputs = normalize(toKubernetesObject(givenInputs));
  const known = text(oldInputs, "kind") !== "" || text(old.live, "kind") !== "";
  const identity = identify(request, oldInputs, old.live);
  const live = await cluster.get(identity).catch((error: unknown) => {
    if (isGone(error)) {
      return undefined;
    }
    throw error;
  });
  if (live === undefined) {
    return new ReadResponse();
  }
  const inputs = known ? pruneToShape(live, { ...identity, ...oldInputs }) : importedInputs(live);
  const checkpoint = toCheckpoint(
    {
      inputs,
      live,
      initialApiVersion:
        old.initialApiVersion === "" ? text(identity, "apiVersion") : old.initialApiVersion,
      fieldManager: fieldManagerFor(oldInputs, old.fieldManager),
    },
    givenInputs,
  );
  return new ReadResponse()
    .setId(request.getId())
    .setProperties(toStruct(checkpoint))
    .setInputs(toStruct(markSecrets(toProperties(inputs), givenInputs)));
}

/** Which object to read: as the inputs say, and where they say nothing, as the id says. */
function identify(
  request: ReadRequest,
  inputs: KubernetesObject,
  live: KubernetesObject,
): KubernetesObject {
  const { namespace, name } = parseObjectId(request.getId());
  if (name === "") {
    throw new PluginError(
      "failed to read resource because of a failure to parse resource name from request ID: " +
        request.getId(),
    );
  }
  const type = [inputs, live]
    .map((object) => ({ apiVersion: text(object, "apiVersion"), kind: text(object, "kind") }))
    .find(({ kind }) => kind !== "");
  return withMetadata(
    { ...(type ?? objectTypeOfToken(typeToken(request.getUrn()))) },
    { name, ...(namespace === "" ? {} : { namespace }) },
  );
}

/** What the inputs of an object would be that nobody has written down yet. */
function importedInputs(live: KubernetesObject): KubernetesObject {
  const inputs = withoutField(normalize(live), "status");
  const annotations = child(child(inputs, "metadata"), "annotations");
  const kept = Object.entries(annotations).filter(([key]) => !generatedAnnotations.includes(key));
  return isObject(child(inputs, "metadata")["annotations"])
    ? withMetadata(inputs, { annotations: Object.fromEntries(kept) })
    : inputs;
}

function readUnreachable(session: Session, request: ReadRequest): ReadResponse {
  const urn = request.getUrn();
  session.log.warn(urn, `configured Kubernetes cluster is unreachable: ${session.unreachable}`);
  if (session.settings.deleteUnreachable) {
    return new ReadResponse();
  }
  if (session.settings.skipUpdateUnreachable) {
    return new ReadResponse()
      .setId(request.getId())
      .setProperties(request.getProperties())
      .setInputs(request.getInputs());
  }
  throw new PluginError(
    "failed to read resource state due to unreachable cluster. If the cluster was deleted, " +
      "you can remove this resource from Pulumi state by rerunning the operation with the " +
      'PULUMI_K8S_DELETE_UNREACHABLE environment variable set to "true"',
  );
}
