/**
 * What a component makes, as plain data: the component is one loop that makes it, and what only
 * looks at the objects takes the plan, without an engine.
 */

/** An object for the API server. Any value in it may be a `Reference`. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: unknown;
    readonly namespace?: unknown;
    readonly labels?: Readonly<Record<string, unknown>>;
    readonly annotations?: Readonly<Record<string, unknown>>;
  };
  readonly [field: string]: unknown;
}

/** One object of a plan, and how it is made. */
export interface PlannedObject {
  /** What Pulumi calls the resource, which tells it from others of its kind. */
  readonly logicalName: string;
  /** `patch` where Kubernetes makes the object and the plan says some of its fields. */
  readonly action: "create" | "patch";
  readonly object: KubernetesObject;
  /** What must exist before this one. */
  readonly dependsOn: readonly PlannedObject[];
  /** What takes this one along when it is deleted. */
  readonly deletedWith?: PlannedObject;
  /** Whether Pulumi refuses to delete it. */
  readonly protect: boolean;
}

/** A plan's object with what most objects have filled in. */
export function planned(
  logicalName: string,
  object: KubernetesObject,
  {
    action = "create",
    dependsOn = [],
    deletedWith,
    protect = false,
  }: Partial<Omit<PlannedObject, "logicalName" | "object">> = {},
): PlannedObject {
  return { logicalName, object, action, dependsOn, deletedWith, protect };
}

/** Stands for a value that is known only while the plan is carried out. */
export class Reference {
  constructor(
    /** An object of the plan, whose name is meant, or the name of a value. */
    readonly to: PlannedObject | string,
    /** What becomes of the value. */
    readonly compute: (known: unknown) => unknown,
  ) {}
}

/** The name of an object of the plan. It is known once the object exists, so it comes before. */
export function nameOf(entry: PlannedObject): Reference {
  return new Reference(entry, (name) => name);
}

/** What is computed from a value that is handed in when the plan is carried out. */
export function valueOf<Known>(
  name: string,
  compute: (known: Known) => unknown = (known) => known,
): Reference {
  return new Reference(name, compute as (known: unknown) => unknown);
}

/** The value with everything in it that is a reference replaced. */
export function withoutReferences(
  value: unknown,
  resolve: (reference: Reference) => unknown,
): unknown {
  if (value instanceof Reference) {
    return resolve(value);
  }
  if (Array.isArray(value)) {
    return value.map((element) => withoutReferences(element, resolve));
  }
  return isPlainObject(value)
    ? Object.fromEntries(
        Object.entries(value).map(([key, member]) => [key, withoutReferences(member, resolve)]),
      )
    : value;
}

/**
 * The plan's objects as the API server gets them.
 *
 * @param values what is known only while a plan is carried out, by name.
 * @throws RangeError when one of them is missing.
 */
export function plainObjects(
  plan: readonly PlannedObject[],
  values: Readonly<Record<string, unknown>>,
): KubernetesObject[] {
  const resolve = ({ to, compute }: Reference): unknown => {
    if (typeof to !== "string") {
      return compute(withoutReferences(to.object.metadata.name, resolve));
    }
    return compute(requiredValue(to, values));
  };
  return plan.map(({ object }) => withoutReferences(object, resolve) as KubernetesObject);
}

/** @throws RangeError when the value was not handed in. */
export function requiredValue<Value>(
  name: string,
  values: Readonly<Record<string, Value>>,
): NonNullable<Value> {
  const value = values[name];
  if (value === undefined || value === null) {
    throw new RangeError(`The plan refers to ${name}, which is not known.`);
  }
  return value;
}

/** Outputs of Pulumi and other instances are values: what is in them stays as it is. */
function isPlainObject(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
}
