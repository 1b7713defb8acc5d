import { type UpdateRequest, UpdateResponse } from "@pulumi/pulumi/proto/provider_pb";
import { PluginError } from "../pluginServer";
import { fromStruct, hasUnknowns, type Properties, toStruct } from "../properties";
import { parseCheckpoint, toCheckpoint, toKubernetesObject } from "./checkpoint";
import type { Cluster } from "./cluster";
import { explain, failedFor, partialFailure } from "./failures";
import {
  fieldManagerFor,
  leaveIgnored,
  relinquishing,
  takeOver,
  takesByForce,
} from "./fieldManagers";
import { normalize } from "./normalize";
import { type KubernetesObject, objectId, objectType, text } from "./object";
import type { Session } from "./session";
import { isPatchResource } from "./urn";
import { WaitError, waitMilliseconds, waitUntilReady } from "./waiting";

/** One change of one object. */
interface Task {
  session: Session;
  cluster: Cluster;
  urn: string;
  preview: boolean;
  /** The object as the state knows it. */
  old: KubernetesObject;
  inputs: KubernetesObject;
  ignored: readonly string[];
  fieldManager: string;
  milliseconds: number;
  checkpointed(live: KubernetesObject): Properties;
}

/** Changes an object, or in a preview asks the API server what it would look like. */
export async function update(session: Session, request: UpdateRequest): Promise<UpdateResponse> {
  const news = fromStruct(request.getNews());
  const inputs = normalize(toKubernetesObject(news));
  const asGiven = new UpdateResponse().setProperties(request.getNews());
  if (request.getPreview() && !(await canBePreviewed(session, inputs))) {
    return asGiven;
  }
  const old = parseCheckpoint(fromStruct(request.getOlds()));
  const { initialApiVersion } = old;
  const fieldManager = fieldManagerFor(inputs, old.fieldManager);
  const task: Task = {
    session,
    cluster: session.requireCluster(),
    urn: request.getUrn(),
    preview: request.getPreview(),
    old: old.live,
    inputs,
    ignored: request.getIgnorechangesList(),
    fieldManager,
    milliseconds: waitMilliseconds(request.getTimeout(), inputs),
    checkpointed: (live) => toCheckpoint({ inputs, live, initialApiVersion, fieldManager }, news),
  };
  try {
    const live = await writeAndWait(task);
    if (!task.preview && old.fieldManager !== fieldManager) {
      await giveUpFields(task.cluster, live, old.fieldManager);
    }
    return new UpdateResponse().setProperties(toStruct(task.checkpointed(live)));
  } catch (error) {
    if (task.preview && failedFor(error, "Forbidden")) {
      return asGiven;
    }
    throw await updateFailure(task, error);
  }
}

async function canBePreviewed(session: Session, inputs: KubernetesObject): Promise<boolean> {
  return (
    session.cluster !== undefined &&
    !hasUnknowns(inputs) &&
    (await session.cluster.hasType(objectType(inputs)))
  );
}

async function writeAndWait(task: Task): Promise<KubernetesObject> {
  const live = await task.cluster.get(task.old);
  const written =
    task.inputs["kind"] === "CustomResourceDefinition"
      ? await replace(task, live)
      : await apply(task, live);
  const options = task.session.waiting(task.urn, task.milliseconds);
  return task.preview ? written : waitUntilReady(task.cluster, written, task.inputs, options);
}

function replace(task: Task, live: KubernetesObject): Promise<KubernetesObject> {
  const { cluster, inputs, fieldManager, preview } = task;
  const { resourceVersion = null } = live["metadata"] as KubernetesObject;
  const metadata = { ...(inputs["metadata"] as KubernetesObject), resourceVersion };
  return cluster.replace({ ...inputs, metadata }, { fieldManager, dryRun: preview });
}

async function apply(task: Task, live: KubernetesObject): Promise<KubernetesObject> {
  const { cluster, inputs, fieldManager, preview } = task;
  const owned = await takeOverFields(task, live);
  return cluster.apply(leaveIgnored(inputs, owned, task.ignored, fieldManager), {
    fieldManager,
    dryRun: preview,
    force: takesByForce(inputs, owned, {
      always: task.session.settings.enablePatchForce,
      preview,
    }),
  });
}

/** Objects are created under another manager than they are changed under. */
async function takeOverFields(task: Task, live: KubernetesObject): Promise<KubernetesObject> {
  const keepsManagers = task.preview || isPatchResource(task.urn, text(task.inputs, "kind"));
  const operations = keepsManagers ? undefined : takeOver(live, task.fieldManager);
  return operations === undefined ? live : task.cluster.patch(live, operations);
}

/** Takes a field manager off an object; fields that it alone had go away. */
export async function giveUpFields(
  cluster: Cluster,
  object: KubernetesObject,
  fieldManager: string,
): Promise<void> {
  await cluster.apply(relinquishing(object), { fieldManager, dryRun: false, force: false });
}

/** The object may have been changed even so, and then the state must say how it is now. */
async function updateFailure(task: Task, error: unknown): Promise<PluginError> {
  const reason = explain(error, task.fieldManager);
  try {
    const live = error instanceof WaitError ? error.object : await task.cluster.get(task.old);
    const id = objectId(live);
    return partialFailure(
      id,
      `the Kubernetes API server reported that "${id}" failed to fully initialize or become ` +
        `live: ${reason}`,
      task.checkpointed(live),
    );
  } catch (readError) {
    return new PluginError(
      `update of resource "${task.urn}" failed: ${reason}\n` +
        `unable to get cluster state: ${explain(readError, task.fieldManager)}`,
    );
  }
}
