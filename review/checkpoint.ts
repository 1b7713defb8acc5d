import { labels } from "secure-environment/labels";

/** A stack as `pulumi stack export` writes it, in the parts that a recovery looks at. */
export interface Checkpoint {
  readonly deployment: {
    readonly resources?: readonly ResourceState[];
    readonly pending_operations?: readonly PendingOperation[];
  };
}

/** A resource as the state has it. */
export interface ResourceState {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly inputs?: ObjectState;
  readonly outputs?: ObjectState;
}

interface PendingOperation {
  readonly type: string;
  readonly resource: ResourceState;
}

interface ObjectState {
  readonly metadata?: {
    readonly name?: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
}

/**
 * The Kubernetes objects whose creation was begun and never confirmed, as resources: a killed run
 * may have created them without knowing it. Patches are left out: they create nothing, and the
 * next run applies them again.
 */
export function unconfirmedObjects({ deployment }: Checkpoint): ResourceState[] {
  return (deployment.pending_operations ?? [])
    .filter((operation) => operation.type === "creating")
    .map((operation) => operation.resource)
    .filter(({ type }) => type.startsWith("kubernetes:") && !type.endsWith("Patch"))
    .flatMap((resource) => {
      const id = objectId(resource.inputs);
      return id === undefined ? [] : [{ ...resource, id }];
    });
}

/**
 * The checkpoint with the resources in it, so that a refresh finds out which of them exist, and
 * with no operation pending.
 */
export function withResources(
  checkpoint: Checkpoint,
  resources: readonly ResourceState[],
): Checkpoint {
  const known = checkpoint.deployment.resources ?? [];
  return {
    ...checkpoint,
    deployment: {
      ...checkpoint.deployment,
      resources: [...known, ...resources],
      pending_operations: [],
    },
  };
}

/**
 * Those of the resources whose object in the cluster does not say what it was to say: which stack
 * of which project made it.
 */
export function foreignResources(
  { deployment }: Checkpoint,
  expected: readonly ResourceState[],
): string[] {
  const found = new Map(deployment.resources?.map((resource) => [resource.urn, resource]));
  return expected
    .filter(({ urn }) => found.has(urn))
    .filter(({ urn, inputs }) => originOf(found.get(urn)?.outputs) !== originOf(inputs))
    .map(({ urn }) => urn);
}

function originOf(object: ObjectState | undefined): string {
  const found = object?.metadata?.labels;
  return JSON.stringify([found?.[labels.project], found?.[labels.stack]]);
}

/** The identifier that the kubernetes provider gives an object. */
function objectId(inputs: ObjectState | undefined): string | undefined {
  const { name, namespace } = inputs?.metadata ?? {};
  return namespace === undefined ? name : `${namespace}/${name}`;
}
