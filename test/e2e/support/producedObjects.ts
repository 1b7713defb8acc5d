import { SecureEnvironment } from "secure-environment";
import { type Given } from "../../components/support/arbitraryArguments";
import { MockEngine } from "../../components/support/mocks";

/** An object as a provider would send it to the API server. */
export interface ProducedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly [property: string]: unknown;
}

/** What an environment is made of. */
export interface Production {
  readonly objects: readonly ProducedObject[];
  /** The names of the resources, by which Pulumi tells them apart: type and name. */
  readonly resources: readonly string[];
}

/** The type of the one resource that changes an object of somebody else. */
const patchType = "kubernetes:core/v1:ServiceAccountPatch";

/** Whether the object exists already and only gets what is said here. */
export function isPatch({ kind, metadata }: ProducedObject): boolean {
  return kind === "ServiceAccount" && metadata.name === "default";
}

/**
 * Builds the environment as Pulumi would, and says what a provider would be asked for.
 *
 * @throws RunError when the arguments have a fault.
 */
export async function production({ args, origin }: Given): Promise<Production> {
  const engine = await MockEngine.start({ project: origin.pulumiProject, stack: origin.stack });
  withoutWarnings(() => new SecureEnvironment("env", args));
  await engine.finished();
  const ofKubernetes = engine.resources.filter(({ type }) => type.startsWith("kubernetes:"));
  const objects = ofKubernetes.map(({ type, inputs }) => {
    const object = plain(inputs) as ProducedObject;
    if ((type === patchType) !== isPatch(object)) {
      throw new Error(`${type} is no patch of what Kubernetes makes: ${object.metadata.name}`);
    }
    return object;
  });
  return { objects, resources: engine.resources.map(({ type, name }) => `${type}::${name}`) };
}

/** Without an engine that listens, Pulumi prints what the component reports. */
function withoutWarnings(action: () => void): void {
  const warn = console.warn;
  console.warn = () => undefined;
  try {
    action();
  } finally {
    console.warn = warn;
  }
}

/** Marks values that the engine keeps secret. */
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** The value with every secret in it opened. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(plain);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const entries = Object.entries(value);
  return entries.some(([, member]) => member === secretSignature)
    ? plain((value as { value: unknown }).value)
    : Object.fromEntries(entries.map(([key, member]) => [key, plain(member)]));
}
