import {
  isObject,
  mapValues,
  type PlainObject,
  type PlainValue,
  type Properties,
  Secret,
  withoutSecrets,
} from "../properties";
import type { KubernetesObject } from "./object";
import { markSecrets } from "./secrets";

const inputsKey = "__inputs";
const initialApiVersionKey = "__initialApiVersion";
const fieldManagerKey = "__fieldManager";

const dashedPrefix = "x-kubernetes-";
const underscoredPrefix = "x_kubernetes_";

/** What Pulumi's state holds about an object. */
export interface Checkpoint {
  /** What the program asked for. */
  inputs: KubernetesObject;
  /** What the API server made of it. */
  live: KubernetesObject;
  initialApiVersion: string;
  fieldManager: string;
}

/** Reads what Pulumi's state holds about an object. */
export function parseCheckpoint(state: Properties): Checkpoint {
  const { [inputsKey]: inputs, ...rest } = toKubernetesObject(state);
  const {
    [initialApiVersionKey]: initialApiVersion,
    [fieldManagerKey]: fieldManager,
    ...live
  } = rest;
  return {
    inputs: isObject(inputs) ? inputs : {},
    live,
    initialApiVersion: typeof initialApiVersion === "string" ? initialApiVersion : "",
    fieldManager: typeof fieldManager === "string" ? fieldManager : "",
  };
}

/** Writes what Pulumi's state is to hold; secret stays what is secret in the given inputs. */
export function toCheckpoint(checkpoint: Checkpoint, secretInputs: Properties): Properties {
  const state = markStringData(
    markSecrets(toProperties(checkpoint.live), secretInputs),
    secretInputs,
  );
  return {
    ...state,
    [inputsKey]: markSecrets(toProperties(checkpoint.inputs), secretInputs),
    [initialApiVersionKey]: checkpoint.initialApiVersion,
    [fieldManagerKey]: checkpoint.fieldManager,
  };
}

/** The API server turns `stringData` into `data`, so what was secret in one is in the other. */
function markStringData(state: Properties, inputs: Properties): Properties {
  const { data } = state;
  const { stringData } = inputs;
  if (stringData instanceof Secret && data !== undefined && !(data instanceof Secret)) {
    return { ...state, data: new Secret(data) };
  }
  return state;
}

/** The object that properties describe, as the API server wants it. */
export function toKubernetesObject(properties: Properties): KubernetesObject {
  return renameKeys(withoutNulls(withoutSecrets(properties)), underscoredPrefix, (key) =>
    key.replaceAll("_", "-"),
  ) as KubernetesObject;
}

/** The properties that describe an object, as the SDK wants them. */
export function toProperties(object: KubernetesObject): Properties {
  return renameKeys(object, dashedPrefix, (key) => key.replaceAll("-", "_")) as Properties;
}

function withoutNulls(object: PlainObject): PlainObject {
  const kept = Object.entries(object).filter(([, value]) => value !== null);
  return mapValues(Object.fromEntries(kept), (value) =>
    isObject(value) ? withoutNulls(value) : value,
  );
}

function renameKeys(
  value: PlainValue,
  prefix: string,
  rename: (key: string) => string,
): PlainValue {
  if (Array.isArray(value)) {
    return value.map((element) => renameKeys(element, prefix, rename));
  }
  if (!isObject(value)) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, element]) => [
      key.startsWith(prefix) ? rename(key) : key,
      renameKeys(element, prefix, rename),
    ]),
  );
}
