import { existsSync } from "node:fs";
import { delimiter } from "node:path";
import {
  type ClusterChoice,
  clusterProblems,
  isRecord,
  recordOf,
  shownWords,
} from "secure-environment/core";
import {
  type Access,
  accessTo,
  chosenCluster,
  firstLine,
  KubernetesApi,
  messageOf,
  NoAnswerError,
  NoCredentialError,
} from "secure-environment-kubernetes";
import { namespaceIn } from "secure-environment-cluster/namespaceAnswer";
import { type FoundNamespace } from "secure-environment-cluster/namespaceVerdict";
import { type Checkpoint, type ObjectState, providerSettings } from "../state/checkpoint";
import { pause } from "../engine/interruption";
import { exitCodes, ReviewError } from "../exitCodes";
import { readSettings, type ReviewSettings, settingsFile } from "../settings/reviewSettings";
import { signIn } from "../signIn/signIn";
import { CredentialsError } from "./credentialsError";
import { type ObjectEnd } from "./heldObjects";
import { listAll } from "./lists";
import { notChosen } from "./notChosen";
import { patience } from "./patience";

type Labels = Readonly<Record<string, string>>;

/** What is read of an object to tell whose it is. */
export interface ObjectMetadata {
  readonly labels: Labels;
  /** RFC 3339. */
  readonly creationTimestamp?: string;
}

/** Reads objects of the cluster that a stack works on. */
export interface Cluster {
  /** Its address. */
  readonly server: string;
  /** What says which cluster it is. It may hold credentials. */
  readonly choice: ClusterChoice;
  /** For other requests to it than those below; connects when it is first asked. */
  api(): Promise<KubernetesApi>;
  /** Its labels, and since when it is there; `undefined` when there is no such object. */
  metadataOf(object: ObjectState): Promise<ObjectMetadata | undefined>;
  /** What an object says of its own end; `undefined` when there is no such object. */
  endOf(object: ObjectState): Promise<ObjectEnd | undefined>;
  /** A namespace; `undefined` when there is none. */
  namespace(name: string): Promise<FoundNamespace | undefined>;
  /** Deletes the namespace that has this uid, and waits until it is gone. */
  deleteNamespace(name: string, uid: string): Promise<void>;
  /** All namespaces that have these labels. */
  namespacesWith(labels: Labels): Promise<FoundNamespace[]>;
}

/** An object as the API server has it. */
type FoundObject = ObjectState & ObjectEnd;

/** What an API server says of a version of its API. */
interface ServedVersion {
  readonly resources?: readonly {
    readonly name: string;
    readonly kind: string;
    readonly namespaced: boolean;
  }[];
}

/** Milliseconds between two looks at a namespace that is being deleted. */
const deletionPause = 1_000;

/** How long a namespace may take to go, in milliseconds: as long as with Pulumi. */
const deletionPatience = 600_000;

/**
 * Connects to the cluster that the stack's own provider uses.
 *
 * @param decrypted reads the stack with its secrets in plain, for a kubeconfig that is kept there.
 * @param settings by which the run of a pipeline signs in; those of this folder where none are given.
 * @throws ReviewError when no cluster was chosen: the current context of `~/.kube/config` is no
 * choice.
 */
export function clusterOf(
  checkpoint: Checkpoint,
  decrypted: () => Checkpoint,
  settings?: ReviewSettings,
): Cluster {
  const kept = providerSettings(checkpoint);
  if (kept.kubeconfig === undefined) {
    refuseWithoutChoice(settings);
  }
  const isHidden = hasHiddenCluster(checkpoint);
  const { context, cluster, kubeconfig } = isHidden ? providerSettings(decrypted()) : kept;
  return connect(choiceOf({ context, cluster, kubeconfig }));
}

/** Whether the state has the stack's cluster encrypted. */
export function hasHiddenCluster(checkpoint: Checkpoint): boolean {
  const { context, cluster, kubeconfig } = providerSettings(checkpoint);
  return [context, cluster].some(isRecord) || kubeconfig !== undefined;
}

/** A provider's settings may be structured, or secret: then their JSON is in the state. */
function textOf(setting: unknown): string | undefined {
  const { plaintext } = recordOf(setting);
  if (typeof plaintext === "string") {
    return textOf(JSON.parse(plaintext));
  }
  return typeof setting === "string" ? setting : JSON.stringify(setting);
}

/**
 * Connects to the cluster that settings and KUBECONFIG choose; where they do not, to the one that the run of
 * a pipeline signs in to.
 *
 * @throws ReviewError when there is none.
 */
export function connectTo(settings: ReviewSettings): Cluster {
  signIn(settings);
  const { configuration } = settings;
  const choice = choiceOf({
    context: configuration["kubernetes:context"],
    cluster: configuration["kubernetes:cluster"],
    kubeconfig: configuration["kubernetes:kubeconfig"],
  });
  refuseProblems(choice, settings);
  return connect(choice);
}

/** Connects to the cluster that KUBECONFIG chooses, whatever settings there are. */
export function connectByVariable(): Cluster {
  return connect(choiceOf({}));
}

function choiceOf({ context, cluster, kubeconfig }: ObjectState): ClusterChoice {
  const { KUBECONFIG: kubeconfigVariable } = process.env;
  const paths = kubeconfigVariable?.split(delimiter);
  return {
    context: textOf(context),
    cluster: textOf(cluster),
    kubeconfig: textOf(kubeconfig),
    kubeconfigVariable,
    kubeconfigExists: paths?.some((path) => existsSync(path)),
  };
}

function connect(choice: ClusterChoice): Cluster {
  const server = serverOf(choice);
  // Between two questions there may be a run of the engine, long enough for a connection to be closed.
  const connected = (access: Access) => new KubernetesApi(access, { keepAlive: false });
  // A command of the kubeconfig that prints credentials is run once something is read.
  let known: Promise<KubernetesApi> | undefined;
  const api = () => (known ??= accessTo(choice).then(connected));
  const read = (object: ObjectState) => found(api(), object);
  return {
    server,
    choice,
    api,
    metadataOf: async (object) => metadataOf(await read(object)),
    endOf: read,
    namespace: (name) => namespace(api(), name),
    deleteNamespace: (name, uid) => deleteNamespace(api(), name, uid),
    namespacesWith: (labels) => namespacesWith(api(), labels),
  };
}

async function namespace(
  api: Promise<KubernetesApi>,
  name: string,
): Promise<FoundNamespace | undefined> {
  return telling(`Namespace ${name}`, async () => {
    const answer = await ask(await api, `/api/v1/namespaces/${encodeURIComponent(name)}`);
    const inAnswer = namespaceIn(name, answer);
    if (inAnswer === "unclear") {
      throw unclear(answer);
    }
    return inAnswer === "absent" ? undefined : inAnswer;
  });
}

async function deleteNamespace(
  api: Promise<KubernetesApi>,
  name: string,
  uid: string,
): Promise<void> {
  const path = `/api/v1/namespaces/${encodeURIComponent(name)}`;
  const answer = await telling(`Namespace ${name}`, async () => {
    const body = { preconditions: { uid } };
    const answer = await (await api).request<unknown>("DELETE", path, body, { timeout: patience });
    return answer.status === 401 ? Promise.reject(unclear(answer)) : answer;
  });
  if (![200, 202, 404].includes(answer.status)) {
    const reason = shownWords(messageOf(answer.body));
    const message = `Namespace ${name} could not be deleted, HTTP status ${answer.status}: ${reason}`;
    throw new ReviewError(message, answer.status === 403 ? exitCodes.refused : exitCodes.failed);
  }
  const deadline = performance.now() + deletionPatience;
  while ((await namespace(api, name))?.metadata?.uid === uid) {
    if (performance.now() > deadline) {
      const message = `Namespace ${name} is still being deleted. \`kubectl get namespace ${name} -o yaml\` says what holds it.`;
      throw new ReviewError(message, exitCodes.timedOut);
    }
    await pause(deletionPause);
  }
}

async function namespacesWith(
  api: Promise<KubernetesApi>,
  labels: Labels,
): Promise<FoundNamespace[]> {
  return telling("The list of namespaces", async () => {
    const selector = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
    const query = { labelSelector: selector.join(",") };
    const found = await listAll<FoundNamespace>(await api, "/api/v1/namespaces", query);
    if (found === undefined) {
      throw new CredentialsError(403);
    }
    return [...found];
  });
}

function serverOf(choice: ClusterChoice): string {
  try {
    return chosenCluster(choice).cluster.server;
  } catch (error) {
    const message = `The kubeconfig cannot be used: ${shownWords(firstLine(error))}`;
    throw new ReviewError(message, exitCodes.usage);
  }
}

function refuseWithoutChoice(given: ReviewSettings | undefined): void {
  const settings = process.env.KUBECONFIG ? given : (given ?? settingsHere());
  if (settings !== undefined) {
    signIn(settings);
  }
  if (!process.env.KUBECONFIG) {
    throw notChosen(settings);
  }
  refuseProblems(choiceOf({}), settings);
}

/** Commands that work on a stack by its name have no settings, but a pipeline signs in for them as well. */
function settingsHere(): ReviewSettings | undefined {
  return existsSync(settingsFile) ? readSettings(".") : undefined;
}

function refuseProblems(choice: ClusterChoice, settings: ReviewSettings | undefined): void {
  const [problem] = clusterProblems(choice);
  if (problem?.property === "cluster") {
    throw notChosen(settings);
  }
  if (problem !== undefined) {
    const message = `The kubeconfig cannot be used: ${problem.property} ${problem.fault}. ${problem.remedy}`;
    throw new ReviewError(message, exitCodes.usage);
  }
}

/** An object as the API server has it; `undefined` when there is none. */
async function found(
  api: Promise<KubernetesApi>,
  object: ObjectState,
): Promise<FoundObject | undefined> {
  return telling(`${object.kind} ${object.metadata?.name ?? ""}`, async () => {
    const path = await pathOf(await api, object);
    return path === undefined ? undefined : get<FoundObject>(await api, path);
  });
}

/** Says what could not be read when it fails, with 3 where that is for the credentials, and shows nothing of them. */
export async function telling<Read>(what: string, read: () => Promise<Read>): Promise<Read> {
  try {
    return await read();
  } catch (error) {
    const isForCredentials =
      error instanceof CredentialsError || error instanceof NoCredentialError;
    const exitCode = isForCredentials ? exitCodes.credentials : exitCodes.failed;
    throw new ReviewError(`${what} could not be read: ${await reasonOf(error)}`, exitCode);
  }
}

/** Where an object lies; `undefined` where its version of the API is not served. */
async function pathOf(
  api: KubernetesApi,
  { apiVersion = "v1", kind, metadata = {} }: ObjectState,
): Promise<string | undefined> {
  const { name = "", namespace = "default" } = metadata;
  const version = `/${apiVersion.includes("/") ? "apis" : "api"}/${apiVersion}`;
  const served = await get<ServedVersion>(api, version);
  if (served === undefined) {
    return undefined;
  }
  const resource = served.resources?.find((one) => one.kind === kind);
  if (resource === undefined) {
    throw new Error(`Unrecognized API version and kind: ${apiVersion} ${kind}`);
  }
  const folder = resource.namespaced ? `/namespaces/${encodeURIComponent(namespace)}` : "";
  return `${version}${folder}/${resource.name}/${encodeURIComponent(name)}`;
}

async function get<Content>(api: KubernetesApi, path: string): Promise<Content | undefined> {
  const answer = await ask<Content>(api, path);
  if (answer.status !== 200 && answer.status !== 404) {
    throw unclear(answer);
  }
  return answer.status === 200 ? answer.body : undefined;
}

function ask<Content>(api: KubernetesApi, path: string) {
  return api.request<Content>("GET", path, undefined, { timeout: patience });
}

function unclear({ status }: { readonly status: number }): Error {
  return status === 401 || status === 403
    ? new CredentialsError(status)
    : new Error(`HTTP-Code: ${status}`);
}

function metadataOf(object: FoundObject | undefined): ObjectMetadata | undefined {
  const { creationTimestamp } = object?.metadata ?? {};
  return object && { labels: object.metadata?.labels ?? {}, creationTimestamp };
}

async function reasonOf(error: unknown): Promise<string> {
  if (error instanceof CredentialsError) {
    return error.explained();
  }
  return shownWords(error instanceof NoAnswerError ? error.reason : firstLine(error));
}
