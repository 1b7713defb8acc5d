import { type CreateRequest, CreateResponse } from "@pulumi/pulumi/proto/provider_pb";
import { PluginError } from "../pluginServer";
import { fromStruct, hasUnknowns, type Properties, toStruct } from "../properties";
import { toCheckpoint, toKubernetesObject } from "./checkpoint";
import type { Cluster } from "./cluster";
import { UnknownTypeError } from "./discovery";
import {
  explain,
  failedFor,
  isGone,
  lacksDryRun,
  lacksNamespace,
  partialFailure,
} from "./failures";
import { creatingManager, fieldManagerFor, takesByForce } from "./fieldManagers";
import { type KubernetesObject, objectId, objectType, text, withoutField } from "./object";
import { retrying } from "./retry";
import type { Session } from "./session";
import { isPatchResource } from "./urn";
import { WaitError, waitMilliseconds, waitUntilReady } from "./waiting";

/** Creates an object, or in a preview asks the API server what it would look like. */
export async function create(session: Session, request: CreateRequest): Promise<CreateResponse> {
  const properties = fromStruct(request.getProperties());
  const inputs = toKubernetesObject(properties);
  if (request.getPreview()) {
    return preview(session, request, properties, inputs);
  }
  const cluster = session.requireCluster();
  const fieldManager = fieldManagerFor(inputs, "");
  const checkpointed = (live: KubernetesObject) =>
    toCheckpoint(
      { inputs, live, initialApiVersion: text(inputs, "apiVersion"), fieldManager },
      properties,
    );
  const created = await write(session, request, cluster, inputs, fieldManager).catch(
    (error: unknown) => {
      throw creationFailure(error, request.getUrn(), inputs, fieldManager);
    },
  );
  try {
    const options = session.waiting(
      request.getUrn(),
      waitMilliseconds(request.getTimeout(), inputs),
    );
    const live = await waitUntilReady(cluster, created, inputs, options);
    return response(objectId(live), checkpointed(live));
  } catch (error) {
    const live = error instanceof WaitError ? error.object : created;
    throw partialFailure(
      objectId(live),
      `resource "${request.getUrn()}" was successfully created, but the Kubernetes API server ` +
        `reported that it failed to fully initialize or become live: ${explain(error, fieldManager)}`,
      checkpointed(live),
    );
  }
}

async function preview(
  session: Session,
  request: CreateRequest,
  properties: Properties,
  inputs: KubernetesObject,
): Promise<CreateResponse> {
  const { cluster } = session;
  const asGiven = new CreateResponse().setProperties(request.getProperties());
  if (
    cluster === undefined ||
    hasUnknowns(inputs) ||
    isPatchResource(request.getUrn(), text(inputs, "kind")) ||
    !(await cluster.hasType(objectType(inputs)))
  ) {
    return asGiven;
  }
  const fieldManager = fieldManagerFor(inputs, "");
  try {
    const answer = await write(session, request, cluster, inputs, fieldManager);
    const live = withoutField(answer, "status");
    return response(
      "",
      toCheckpoint(
        { inputs, live, initialApiVersion: text(inputs, "apiVersion"), fieldManager },
        properties,
      ),
    );
  } catch (error) {
    if (isNoObstacleToPreview(error)) {
      return asGiven;
    }
    throw creationFailure(error, request.getUrn(), inputs, fieldManager);
  }
}

function isNoObstacleToPreview(error: unknown): boolean {
  return (
    failedFor(error, "Forbidden") ||
    failedFor(error, "AlreadyExists") ||
    lacksNamespace(error) ||
    lacksDryRun(error)
  );
}

function write(
  session: Session,
  request: CreateRequest,
  cluster: Cluster,
  inputs: KubernetesObject,
  fieldManager: string,
): Promise<KubernetesObject> {
  const urn = request.getUrn();
  const dryRun = request.getPreview();
  const { upsertExistingObjects, enablePatchForce } = session.settings;
  const applies = upsertExistingObjects || isPatchResource(urn, text(inputs, "kind"));
  const force = takesByForce(inputs, undefined, { always: enablePatchForce, preview: dryRun });
  return retrying(
    () =>
      applies
        ? cluster.apply(inputs, { fieldManager, dryRun, force })
        : cluster.create(inputs, { fieldManager: creatingManager, dryRun }),
    // A namespace or a type may be made by something else that is under way.
    (error) => isGone(error) && !(dryRun && lacksNamespace(error)),
    (error, retry) =>
      session.log.status(urn, `Retry #${retry}; creation failed: ${explain(error, fieldManager)}`),
    session.cancellation,
  );
}

function creationFailure(
  error: unknown,
  urn: string,
  inputs: KubernetesObject,
  fieldManager: string,
): PluginError {
  if (error instanceof UnknownTypeError) {
    const { apiVersion, kind } = objectType(inputs);
    return new PluginError(
      `creation of resource "${urn}" with kind ${apiVersion}/${kind} failed because the ` +
        "Kubernetes API server reported that the apiVersion for this resource does not exist. " +
        `Verify that any required CRDs have been created: ${error.message}`,
    );
  }
  return new PluginError(
    `resource "${urn}" was not successfully created by the Kubernetes API server: ` +
      explain(error, fieldManager),
  );
}

function response(id: string, properties: Properties): CreateResponse {
  return new CreateResponse().setId(id).setProperties(toStruct(properties));
}
