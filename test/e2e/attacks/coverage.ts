import { attackClasses } from ".";
import { type Attack } from "./attack";
import { type Attacker } from "./attackers";

/** Who has to attack what: the empty cells of the table of identities, by the classes of attacks. */

const ofPipelines = ["shopPipeline", "blogPipeline", "secondAccount"] as const;
const ofProject = ["shopPipeline", "secondAccount"] as const;
/** Said here once more: whoever falls off the list of those who attack has to be missed. */
const guests = [
  "viewer",
  "developer",
  "debugger",
  "deployer",
  "defaultAccount",
  "stolenDeployer",
  "verifier",
] as const;
const everybody: readonly Attacker[] = [...ofPipelines, ...guests];

const required: Readonly<Record<string, readonly Attacker[]>> = {
  "a pipeline outside its environments": ofPipelines,
  "new namespaces": ofPipelines,
  "namespaces that are there": ofPipelines,
  "labels, annotations, owners and finalizers": ofProject,
  "quotas and limit ranges": ofProject,
  "network policies": ofProject,
  "roles and bindings": everybody,
  "service accounts and tokens": [...ofProject, ...guests],
  "shares of the API server": [...ofProject, ...guests],
  "what is made where walls are missing": everybody,
  "budgets of disruptions": everybody,
  "objects that fill the store": ["shopPipeline", "developer", "debugger", "deployer"],
  pods: everybody,
  "services, hosts, secrets and volumes": everybody,
  "what holds a namespace in its deletion": everybody,
  "owners that objects hold": everybody,
  "annotations by which others act": everybody,
  "changes of what is there": everybody,
  "changes of the metadata of walls": ofProject,
  "secrets, settings and code in pods": everybody,
  walls: [...ofProject, ...guests],
  "the namespace of an environment": guests,
  "protected namespaces and markers": guests,
  "a controller that was let in": ["guestAccount"],
  "the cluster and what is others'": everybody,
  impersonation: everybody,
  certificates: everybody,
  "a pipeline that RBAC lets do anything": ["almightyPipeline"],
};

/** Every cell in which an attack is missing, and every class of which nobody says who attacks. */
export function missingAttacks(): string[] {
  return Object.entries(attackClasses).flatMap(([attackClass, attacks]) => {
    const found = new Set(attacks.map(({ who }) => who));
    const wanted = required[attackClass];
    return wanted === undefined
      ? [`${attackClass}: nobody is required to attack`]
      : wanted
          .filter((who) => !found.has(who))
          .map((who) => `${attackClass}: ${who} does not attack`);
  });
}

/** How many attacks there are, a line for each class. */
export function attackTable(): string {
  return Object.entries(attackClasses)
    .map(([attackClass, attacks]) => `  ${attackClass}: ${countsOf(attacks)}`)
    .join("\n");
}

function countsOf(attacks: readonly Attack[]): string {
  const counts = new Map<Attacker, number>();
  attacks.forEach(({ who }) => counts.set(who, (counts.get(who) ?? 0) + 1));
  return [...counts].map(([who, count]) => `${who} ${count}`).join(", ");
}
