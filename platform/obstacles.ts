import { type Admission } from "secure-environment";
import { isReservedKey, platformPrefix, shownWords } from "secure-environment/core";
import { messageOf } from "secure-environment-kubernetes";
import { type Addition, additionsOf, type Metadata, settingOf } from "./additions";
import { type Cluster } from "./cluster";
import { writersOf } from "./writers";

/** A request that was refused though it has to be admitted. */
export interface Obstacle {
  readonly admission: Admission;
  /** What the API server answered. */
  readonly message: string;
  /** Whether no environment comes up, or nothing runs in it, as long as it is so. */
  readonly isBlocking: boolean;
}

/** What is refused of an environment and of an application in it. */
export async function obstaclesIn(
  cluster: Cluster,
  admissions: readonly Admission[],
): Promise<Obstacle[]> {
  const obstacles = await Promise.all(
    admissions.map(async (admission) => {
      const { path, object, as } = admission;
      const { status, body } = await cluster.tryCreate(path, object, as);
      return isAdmitted(status) ? [] : [obstacle(admission, messageOf(body))];
    }),
  );
  return obstacles.flat();
}

/** What is there already was admitted first: only then does the API server look for it. */
function isAdmitted(status: number): boolean {
  return status < 300 || status === 409;
}

/**
 * Others may refuse the application for what it is, such as an image of a registry that nobody
 * allowed; another one may fit. The platform judges nothing of it by that.
 */
function obstacle(admission: Admission, message: string): Obstacle {
  const isOurs = message.includes(`ValidatingAdmissionPolicy '${platformPrefix}`);
  return { admission, message, isBlocking: admission.isPartOfEach || isOurs };
}

/** What others refuse of an application: no obstacle for the platform, but worth to be known. */
export function describeStrangers(obstacles: readonly Obstacle[]): string[] {
  return obstacles
    .filter(({ isBlocking }) => !isBlocking)
    .map(
      ({ admission, message }) =>
        `The cluster refuses ${admission.what} in environments (${admission.path}): ${sentence(message)} ` +
        "Whoever deploys there has to do what it asks for.",
    );
}

/** One message with what stands in the way of environments, and what to do. */
export async function describeObstacles(
  cluster: Cluster,
  obstacles: readonly Obstacle[],
): Promise<string> {
  return [
    "The cluster does not let environments come up, so no pipeline was given a right in this run.",
    ...reasonsOf(obstacles),
    ...(await additionsTo(cluster, obstacles)),
  ].join("\n");
}

/** A line for each reason, with everything that is refused for it. */
function reasonsOf(obstacles: readonly Obstacle[]): string[] {
  const refused = grouped(obstacles, ({ message }) => reasonOf(message));
  return [...refused.values()].map((others) => {
    const things = new Set(others.map(({ admission }) => admission.what));
    return `  - ${[...things].join(", ")}: ${sentence(others[0]?.message ?? "")}`;
  });
}

/** What a policy says, without the object that it says it of. */
export function reasonOf(message: string): string {
  return message.replace(/^.* denied request: /s, "");
}

function sentence(message: string): string {
  const words = shownWords(message);
  return words.endsWith(".") ? words : `${words}.`;
}

/**
 * What the cluster itself puts into the objects. The API server does not say which of its webhooks and
 * policies does so; those that are asked about such objects are named.
 */
async function additionsTo(cluster: Cluster, obstacles: readonly Obstacle[]): Promise<string[]> {
  const found = await Promise.all(
    obstacles.map(async ({ admission: { path, object }, message }) => {
      const { status, body } = await cluster.tryCreate(path, unnamed(object as Metadata));
      return status < 300
        ? additionsOf(path, object as Metadata, body as Metadata).filter(isRefusedBy(message))
        : [];
    }),
  );
  const byKey = grouped(found.flat(), ({ field, key }) => `${field} ${key}`);
  return Promise.all([...byKey.values()].map((additions) => describeAddition(cluster, additions)));
}

/** Under a name that the API server makes up, as one that is there cannot be created. */
function unnamed(object: Metadata): object {
  const { name, ...metadata } = object.metadata;
  return { ...object, metadata: { ...metadata, generateName: `${name}-` } };
}

/** The platform's refusals name labels and annotations by their keys. */
function isRefusedBy(message: string): (addition: Addition) => boolean {
  return ({ field, key }) =>
    field === "finalizers" ? message.includes("finalizers") : message.includes(key);
}

async function describeAddition(cluster: Cluster, additions: readonly Addition[]): Promise<string> {
  const [{ field, key } = { field: "labels", key: "" } as const] = additions;
  const resources = [...new Set(additions.map(({ resource }) => resource.resource))];
  const writers = await writersOf(
    cluster,
    additions.map(({ resource }) => resource),
    key,
  );
  const suspects = writers.length === 0 ? "nothing says what does it" : writers.join(" or ");
  return `  - The cluster itself adds ${key} to the ${field} of ${resources.join(", ")}: ${suspects}. ${remedyFor(field, key)}`;
}

function remedyFor(field: Addition["field"], key: string): string {
  const leaveOut = "have it leave out namespaces that begin with review-";
  const setting = settingOf[field];
  return setting === undefined || isReservedKey(key)
    ? `No setting allows that: ${leaveOut}.`
    : `If no network policy and no controller goes by it, list it in ${setting}; otherwise ${leaveOut}.`;
}

function grouped<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  }
  return groups;
}
