/** A stack as `pulumi stack export` writes it, in the parts that a recovery looks at. */
export interface Checkpoint {
  readonly deployment: {
    readonly manifest?: {
      /** When it was written: RFC 3339. */
      readonly time?: string;
    };
    readonly resources?: readonly ResourceState[];
    readonly pending_operations?: readonly PendingOperation[];
  };
}

/** A resource as the state has it. */
export interface ResourceState {
  readonly urn: string;
  readonly type: string;
  readonly parent?: string;
  /** The URNs of those that must be there before. */
  readonly dependencies?: readonly string[];
  readonly id?: string;
  readonly inputs?: ObjectState;
  readonly outputs?: ObjectState;
  /** Whether Pulumi refuses to delete it. */
  readonly protect?: boolean;
}

interface PendingOperation {
  readonly type: string;
  readonly resource: ResourceState;
}

/** The inputs of a Kubernetes object or, of a provider, its settings. */
export interface ObjectState {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: {
    readonly name?: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly context?: unknown;
  readonly cluster?: unknown;
  readonly kubeconfig?: unknown;
}

/** A Kubernetes object that a killed run may have created without knowing it. */
export interface UnconfirmedObject extends ResourceState {
  readonly id: string;
  readonly inputs: ObjectState;
}

/** The Kubernetes objects whose creation was begun and never confirmed. */
export function unconfirmedObjects({ deployment }: Checkpoint): UnconfirmedObject[] {
  return (deployment.pending_operations ?? [])
    .filter((operation) => operation.type === "creating")
    .flatMap(({ resource }) => withObjectId(resource));
}

/**
 * A resource with the identifier of its Kubernetes object, if it is one and its name is known. Patches are
 * left out: they create nothing, and the next run applies them again.
 */
export function withObjectId(resource: ResourceState): UnconfirmedObject[] {
  const { type, inputs = {} } = resource;
  const id = objectId(inputs);
  const isObject = type.startsWith("kubernetes:") && !type.endsWith("Patch");
  return isObject && id !== undefined ? [{ ...resource, id, inputs }] : [];
}

/**
 * The Kubernetes objects that the state has, each once. Patches are left out, which are parts of an
 * object, and Secrets, which cannot be read without their content.
 */
export function objectsOf({ deployment }: Checkpoint): ObjectState[] {
  const objects = (deployment.resources ?? [])
    .filter(({ type }) => type.startsWith("kubernetes:") && !type.endsWith("Patch"))
    .flatMap(({ inputs }) => (inputs?.kind === undefined ? [] : [inputs]))
    .filter((inputs) => inputs.kind !== "Secret" && typeof inputs.metadata?.name === "string");
  const keyed = objects.map((inputs) => [`${inputs.kind} ${objectId(inputs)}`, inputs] as const);
  return [...new Map(keyed).values()];
}

/**
 * The checkpoint with the resources confirmed, and with no operation pending on any of them. One that it
 * has already stays as it is: a later run has made it once more.
 */
export function withConfirmed(
  checkpoint: Checkpoint,
  confirmed: readonly ResourceState[],
): Checkpoint {
  const { resources = [], pending_operations: pending = [] } = checkpoint.deployment;
  const urns = new Set(confirmed.map(({ urn }) => urn));
  const known = new Set(resources.map(({ urn }) => urn));
  return {
    ...checkpoint,
    deployment: {
      ...checkpoint.deployment,
      resources: [...resources, ...confirmed.filter(({ urn }) => !known.has(urn))],
      pending_operations: pending.filter(({ resource }) => !urns.has(resource.urn)),
    },
  };
}

/** The checkpoint with nothing pending. */
export function withoutPending(checkpoint: Checkpoint): Checkpoint {
  return { ...checkpoint, deployment: { ...checkpoint.deployment, pending_operations: [] } };
}

/** The settings of the stack's kubernetes provider; none before its first run. */
export function providerSettings({ deployment }: Checkpoint): ObjectState {
  const providers = deployment.resources?.filter(
    ({ type }) => type === "pulumi:providers:kubernetes",
  );
  return providers?.[0]?.inputs ?? {};
}

/** The identifier that the kubernetes provider gives an object. */
function objectId(inputs: ObjectState | undefined): string | undefined {
  const { name, namespace } = inputs?.metadata ?? {};
  return namespace === undefined ? name : `${namespace}/${name}`;
}
