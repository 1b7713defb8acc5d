import { type PlannedObject, planned } from "../core/plan";
import { type EnvironmentObject, type EnvironmentTier, insideOf } from "./environmentObjects";
import { flowSchemaObjects } from "./flowSchema";
import { namespaceObject } from "./namespace";
import { accessObjects } from "./rbac/accessObjects";
import { type ResolvedEnvironment } from "./resolvedEnvironment";
import { wallObjects } from "./walls";

/** The values that the plan of an environment refers to, by name. */
export interface EnvironmentValues<Text = string, Registries = unknown> {
  /** The name that the namespace will have. */
  readonly namespaceName: Text;
  /** The image registries, with what logs in to them. Needed where the environment has some. */
  readonly imageRegistries?: Registries;
}

/** The plan of an environment. */
export interface EnvironmentPlan {
  readonly namespace: PlannedObject;
  /** Every object, the namespace among them, in the order in which they are made. */
  readonly objects: readonly PlannedObject[];
}

/** What stands before the objects of each tier: no subject is let in before the walls stand. */
const tiersBefore: Readonly<Record<EnvironmentTier, readonly EnvironmentTier[]>> = {
  walls: [],
  secrets: ["walls"],
  accounts: ["walls", "secrets"],
  roles: ["walls"],
  bindings: ["walls", "secrets", "accounts", "roles"],
};

/**
 * What an environment consists of. The share of the API server comes before the namespace, and so
 * goes only when the last pod is gone. It belongs to the whole cluster, so deleting the namespace
 * leaves it.
 *
 * @param name what Pulumi calls the environment, and its namespace.
 */
export function planEnvironment(name: string, environment: ResolvedEnvironment): EnvironmentPlan {
  const protect = isProtected(environment);
  const shares = flowSchemaObjects(environment).map((object) =>
    planned(`${name}-flow-schema`, object, { protect }),
  );
  const namespace = planned(name, namespaceObject(environment), { dependsOn: shares, protect });
  const inside = insideOf(namespace, environment);
  const objects = [...wallObjects(environment, inside), ...accessObjects(environment, inside)];
  return { namespace, objects: [...shares, namespace, ...planInside(namespace, objects)] };
}

/** Deleting the namespace deletes what is inside, pods first: no wall is removed on its own. */
function planInside(
  namespace: PlannedObject,
  objects: readonly EnvironmentObject[],
): PlannedObject[] {
  const plan: { readonly tier: EnvironmentTier; readonly entry: PlannedObject }[] = [];
  for (const { child, tier, action, object } of objects) {
    const before = plan.filter((earlier) => tiersBefore[tier].includes(earlier.tier));
    const entry = planned(`${namespace.logicalName}-${child}`, object, {
      action,
      dependsOn: before.map((earlier) => earlier.entry),
      deletedWith: namespace,
      protect: namespace.protect,
    });
    plan.push({ tier, entry });
  }
  return plan.map(({ entry }) => entry);
}

/**
 * A permanent environment is protected by Pulumi: no `destroy` removes it by accident. Its walls
 * are protected too, or a refused `destroy` would forget them.
 */
function isProtected({ identity }: ResolvedEnvironment): boolean {
  return identity.kind === "permanent";
}
