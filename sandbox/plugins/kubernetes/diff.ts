import { isDeepStrictEqual } from "node:util";
import { hasUnknowns } from "../properties";
import type { Checkpoint } from "./checkpoint";
import type { Cluster } from "./cluster";
import { type Difference, differences } from "./comparison";
import { ApiError } from "./connection";
import { isAutonamed, isNamed } from "./naming";
import { normalize } from "./normalize";
import {
  groupOf,
  type KubernetesObject,
  nameOf,
  namespaceOf,
  text,
  valueAt,
  withMetadata,
  withoutMetadata,
} from "./object";
import { contains, parsePath, type Path } from "./propertyPath";
import { pruneToShape } from "./prune";

const unprocessable = 422;
const immutabilityMessage = /immutable|may not be changed|cannot change/i;

/** A difference, and whether only a new object can have it. */
export interface Change extends Difference {
  replaces: boolean;
}

/** What has to be done to get from the present object to the wanted one. */
export interface ObjectDiff {
  changes: Change[];
  deleteBeforeReplace: boolean;
}

/** A comparison of an object in the state with new inputs. */
export interface DiffQuestion {
  checkpoint: Checkpoint;
  inputs: KubernetesObject;
  ignored: readonly string[];
  /** Undefined when it cannot be reached. */
  cluster: Cluster | undefined;
}

/**
 * Compares what the state holds with new inputs. Where they differ, the API server is asked what
 * it would make of the inputs: the same value written in another way is no difference, and a field
 * that it refuses to change means a new object.
 */
export async function diffObject(question: DiffQuestion): Promise<ObjectDiff> {
  const { checkpoint, ignored } = question;
  const inputs = comparable(question.inputs, checkpoint.live);
  const present = comparable(
    withPresentName(
      pruneToShape(checkpoint.live, normalize(checkpoint.inputs)),
      checkpoint.live,
      inputs,
    ),
    checkpoint.live,
  );
  const ignoredPaths = ignored.map(parsePath);
  const found = differences(present, inputs).filter(
    ({ path }) => !ignoredPaths.some((outer) => contains(outer, path)),
  );
  const answer = await askServer(question, inputs, found);
  const changes = found
    .filter((difference) => !answer.meansTheSame(difference))
    .map((difference) => ({
      ...difference,
      replaces:
        changesIdentity(difference, present, inputs) || answer.refusesToChange(difference.path),
    }));
  return { changes, deleteBeforeReplace: keepsItsPlace(changes, inputs, checkpoint.live) };
}

/** A copy without what the API server alone decides, and with the namespace always said. */
function comparable(object: KubernetesObject, live: KubernetesObject): KubernetesObject {
  const normalized = normalize(object);
  if (namespaceOf(live) === "") {
    return withoutMetadata(normalized, ["namespace"]);
  }
  return valueAt(normalized, ["metadata", "namespace"]) === undefined
    ? withMetadata(normalized, { namespace: "default" })
    : normalized;
}

function withPresentName(
  pruned: KubernetesObject,
  live: KubernetesObject,
  inputs: KubernetesObject,
): KubernetesObject {
  return isNamed(inputs) ? withMetadata(pruned, { name: nameOf(live) }) : pruned;
}

interface ServerAnswer {
  meansTheSame(difference: Difference): boolean;
  refusesToChange(path: Path): boolean;
}

const noAnswer: ServerAnswer = { meansTheSame: () => false, refusesToChange: () => false };

async function askServer(
  question: DiffQuestion,
  inputs: KubernetesObject,
  found: Difference[],
): Promise<ServerAnswer> {
  const { cluster, checkpoint } = question;
  const sameObject =
    nameOf(inputs) === nameOf(checkpoint.live) &&
    namespaceOf(inputs) === namespaceOf(checkpoint.live);
  if (cluster === undefined || found.length === 0 || !sameObject || hasUnknowns(inputs)) {
    return noAnswer;
  }
  try {
    const planned = await cluster.apply(inputs, {
      fieldManager: checkpoint.fieldManager,
      force: true,
      dryRun: true,
    });
    return {
      ...noAnswer,
      // A field that is left out stays as it is unless this provider alone manages it.
      meansTheSame: ({ kind, path }) =>
        kind !== "delete" &&
        isDeepStrictEqual(valueAt(planned, path), valueAt(checkpoint.live, path)),
    };
  } catch (error) {
    const immutable = immutableFields(error);
    return {
      ...noAnswer,
      refusesToChange: (path) =>
        immutable.some((field) => contains(field, path) || contains(path, field)),
    };
  }
}

/** The fields that the API server refuses to change; none for every other kind of failure. */
function immutableFields(error: unknown): Path[] {
  if (!(error instanceof ApiError) || error.code !== unprocessable) {
    return [];
  }
  return (error.status.details?.causes ?? [])
    .filter(({ message = "" }) => immutabilityMessage.test(message))
    .map(({ field = "" }) => parsePath(field));
}

function changesIdentity(
  { path }: Difference,
  present: KubernetesObject,
  inputs: KubernetesObject,
): boolean {
  const identity = [["metadata", "name"], ["metadata", "namespace"], ["kind"]];
  if (identity.some((field) => contains(field, path))) {
    return true;
  }
  // Another version of the same group is another view of the same object.
  return (
    contains(["apiVersion"], path) &&
    groupOf(text(present, "apiVersion")) !== groupOf(text(inputs, "apiVersion"))
  );
}

/** Whether the new object can only be made when the old one is gone. */
function keepsItsPlace(
  changes: readonly Change[],
  inputs: KubernetesObject,
  live: KubernetesObject,
): boolean {
  return (
    changes.some(({ replaces }) => replaces) &&
    isNamed(inputs) &&
    !isAutonamed(inputs) &&
    nameOf(inputs) === nameOf(live) &&
    namespaceOf(inputs) === namespaceOf(live)
  );
}
