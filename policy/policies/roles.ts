import {
  type AccessRule,
  debugRules,
  deployerRules,
  isDeployerKind,
  isMissing,
  isRecord,
  judgedKinds,
  objectNames,
  platformClusterRoles,
  problem,
  problemIf,
  problemUnless,
  recordOf,
  secretReadRules,
  type UnknownRecord,
  unreadable,
  withIngresses,
  withKinds,
} from "secure-environment/core";
import { riskOf, verbRiskOf } from "../accessRisks";
import {
  distinct,
  elementsOf,
  type Field,
  fieldBelow,
  isNothing,
  unknownViolation,
} from "../fields";
import { type Violation, type ResourcePolicy } from "../policy";
import { isOfKind } from "../kinds";
import { type KubernetesObject, kubernetesObject } from "../kubernetesObject";

interface RoleSettings {
  readonly platform: boolean;
  readonly deployerKinds: readonly string[];
}

/** Roles give what an environment's presets give, and nothing else. */
export const rolesAreNarrow: ResourcePolicy<RoleSettings> = {
  name: "roles-are-narrow",
  description: "Every rule of a role is in the closed list of what an environment gives.",
  threat: "Whoever holds a wide role lifts the walls, or reads what is not theirs.",
  remediation:
    "List API groups, resources and verbs, and only those of the presets `view`, `develop` and `debug`.",
  severity: "critical",
  url: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
  example: {
    bad: 'rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }]',
    good: 'rules: [{ apiGroups: ["apps"], resources: ["deployments"], verbs: ["get", "list", "watch"] }]',
  },
  settings: {
    platform: {
      type: "boolean",
      description:
        "Whether the cluster's admission guards the hosts of ingresses and HTTP routes, so that roles may write these, and disruption budgets, so that the deployer may.",
      default: false,
    },
    deployerKinds: {
      type: "array",
      description:
        "Further kinds that the deployer may write, such as `monitoring.coreos.com/servicemonitors`: those of the argument `deployerKinds` that are meant. Kinds that the argument refuses are refused here, too.",
      items: { type: "string", pattern: "^[^/]+/[^/]+$" },
      default: [],
    },
  },
  judge: (resource, settings) => {
    const object = kubernetesObject(resource);
    return object === undefined ||
      !isOfKind(object, { "rbac.authorization.k8s.io": ["Role", "ClusterRole"] })
      ? []
      : distinct([...aggregationViolations(object), ...rulesViolations(object, settings)]);
  },
};

/** Other people's rules: who labels a ClusterRole widens the one that gathers it. */
function aggregationViolations({ properties, metadata }: KubernetesObject): Violation[] {
  return [
    ...gatheringViolations(properties["aggregationRule"]),
    ...gatheredViolations(recordOf(metadata["labels"])),
  ];
}

function gatheringViolations(rule: unknown): Violation[] {
  const fault = "takes over the rules of other roles, whoever writes them";
  const remedy = "Leave it out, and list the rules.";
  return problemUnless(isMissing(rule), "aggregationRule", fault, remedy);
}

function gatheredViolations(labels: UnknownRecord): Violation[] {
  const prefix = "rbac.authorization.k8s.io/aggregate-to-";
  const isGathered = Object.keys(labels).some((key) => key.startsWith(prefix));
  const fault = "adds the rules to a role of the cluster itself";
  return problemIf(isGathered, `metadata.labels["${prefix}…"]`, fault, "Leave it out.");
}

function rulesViolations(object: KubernetesObject, settings: RoleSettings): Violation[] {
  const { platform } = settings;
  const rules = fieldBelow({ property: "", value: object.properties }, "rules");
  if (deployerRights(settings).some((rights) => isBetween(rules.value, rights))) {
    const fault = "are those of the deployer, who reads secrets, under another name";
    const remedy = `Name the role ${nameOf(object, "deployer")}: only a service account of the same namespace may be bound to that one.`;
    return problemUnless(isNamed(object, "deployer"), "rules", fault, remedy);
  }
  const unlisted = isNamed(object, "deployer") ? unlistedKinds(rules.value, settings) : [];
  if (unlisted.length > 0) {
    return [unlistedViolation(unlisted)];
  }
  const allowed = allowedRights(platform, isNamed(object, "secretReader"));
  return elementsOf(rules).flatMap((rule) => ruleViolations(rule, allowed));
}

/** Names are contracts: what may be bound to whom goes by them. */
function isNamed(object: KubernetesObject, role: "deployer" | "secretReader"): boolean {
  return object.name === nameOf(object, role);
}

function nameOf({ kind }: KubernetesObject, role: "deployer" | "secretReader"): string {
  return kind === "Role" ? objectNames[role] : platformClusterRoles[role];
}

/** A group, a resource and a verb. */
type Right = `${string}|${string}|${string}`;

function rightsOf(rules: readonly AccessRule[]): ReadonlySet<Right> {
  return new Set(
    rules.flatMap(({ apiGroups, resources, verbs }) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((resource) => verbs.map((verb): Right => `${group}|${resource}|${verb}`)),
      ),
    ),
  );
}

const people = rightsOf(debugRules);
const peopleWithIngresses = rightsOf(withIngresses(debugRules));
const secretReaders = rightsOf(secretReadRules);

/** What the deployer has, at least and at most. */
interface DeployerRights {
  readonly least: ReadonlySet<Right>;
  readonly most: ReadonlySet<Right>;
}

function deployerRights({ platform, deployerKinds }: RoleSettings): readonly DeployerRights[] {
  const listed = deployerKinds.map(objectKind).filter(isDeployerKind);
  const kinds = platform ? [...judgedKinds, ...listed] : listed;
  const lists = platform ? [deployerRules, withIngresses(deployerRules)] : [deployerRules];
  return lists.map((rules) => ({
    least: rightsOf(rules),
    most: rightsOf(withKinds(rules, kinds)),
  }));
}

/** The kinds by which these rules go beyond the deployer's, if nothing else does. */
function unlistedKinds(rules: unknown, settings: RoleSettings): readonly string[] {
  if (!areAccessRules(rules)) {
    return [];
  }
  const given = rightsOf(rules);
  const own = [...deployerRights(settings)]
    .reverse()
    .find(({ least }) => [...least].every((right) => given.has(right)));
  const others = own === undefined ? [] : [...given].filter((right) => !own.most.has(right));
  const kinds = others.map((right) => right.split("|").slice(0, 2).join("/"));
  const areOrdinary =
    others.every((right) => ordinaryVerbs.has(right.split("|")[2] ?? "")) &&
    kinds.map(objectKind).every(isDeployerKind);
  return areOrdinary ? [...new Set(kinds)] : [];
}

function unlistedViolation(kinds: readonly string[]): Violation {
  const fault = `let the deployer write ${kinds.join(", ")}, which no setting lists`;
  const remedy =
    "If that is meant, have the platform's administrators add them to the setting `deployerKinds`.";
  return problem("rules", fault, remedy);
}

function objectKind(text: string) {
  const [apiGroup = "", resource = ""] = text.split("/");
  return { apiGroup, resource };
}

/** What a role may give unless it is the deployer's: what is in any of these. */
type Allowed = readonly ReadonlySet<Right>[];

function allowedRights(platform: boolean, readsSecrets: boolean): Allowed {
  return [platform ? peopleWithIngresses : people, ...(readsSecrets ? [secretReaders] : [])];
}

/** The verbs that are allowed for anything. */
const ordinaryVerbs = new Set(debugRules.flatMap(({ verbs }) => verbs));

/** Whether the rules give all of the one and nothing beyond the other, however they are written. */
function isBetween(rules: unknown, { least, most }: DeployerRights): boolean {
  if (!areAccessRules(rules)) {
    return false;
  }
  const given = rightsOf(rules);
  return (
    [...least].every((right) => given.has(right)) && [...given].every((right) => most.has(right))
  );
}

function areAccessRules(rules: unknown): rules is readonly AccessRule[] {
  return Array.isArray(rules) && rules.every(isAccessRule);
}

function isAccessRule(rule: unknown): rule is AccessRule {
  return (
    isRecord(rule) &&
    ruleLists.every((key) => isTextList(rule[key])) &&
    isNothing(rule["resourceNames"]) &&
    isNothing(rule["nonResourceURLs"])
  );
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((element) => typeof element === "string");
}

const ruleLists = ["apiGroups", "resources", "verbs"] as const;

function ruleViolations(rule: Field, allowed: Allowed): Violation[] {
  if (rule.value === unreadable) {
    return [unknownViolation(rule.property)];
  }
  const urls = fieldBelow(rule, "nonResourceURLs");
  if (!isNothing(urls.value)) {
    const fault = "reaches addresses of the API server that belong to no namespace";
    const remedy = "Leave the rule out.";
    return [problem(urls.property, fault, remedy)];
  }
  const lists = ruleLists.map((key) => fieldBelow(rule, key));
  return [
    ...lists.flatMap(listViolations),
    ...elementsOf(fieldBelow(rule, "verbs")).flatMap(verbViolations),
    ...elementsOf(fieldBelow(rule, "resources")).flatMap((resource) =>
      resourceViolations(rule, resource, allowed),
    ),
  ];
}

function listViolations(list: Field): Violation[] {
  const elements = elementsOf(list);
  const unknown = elements.filter(({ value }) => value === unreadable);
  const wildcards = elements.filter(
    ({ value }) => typeof value === "string" && value.includes("*"),
  );
  const isWrong = !Array.isArray(list.value) || elements.some(({ value }) => !isReadable(value));
  const noList = "is no list of texts";
  const everything = "stands for everything, what is added later included";
  const remedy = "List what is meant.";
  return [
    ...problemIf(isWrong && list.value !== unreadable, list.property, noList, remedy),
    ...unknown.map(({ property }) => unknownViolation(property)),
    ...wildcards.map(({ property }) => problem(property, everything, remedy)),
  ];
}

function isReadable(value: unknown): boolean {
  return typeof value === "string" || value === unreadable;
}

/** Verbs that are refused whatever they are about. */
function verbViolations({ property, value }: Field): Violation[] {
  return typeof value === "string" && !value.includes("*") && !ordinaryVerbs.has(value)
    ? [problem(property, verbRiskOf(value), "Leave it out.")]
    : [];
}

/** What the rule gives of one resource beyond what is allowed. */
function resourceViolations(
  rule: Field,
  { property, value }: Field,
  allowed: Allowed,
): Violation[] {
  if (typeof value !== "string" || value.includes("*")) {
    return [];
  }
  const verbs = texts(rule, "verbs").filter((verb) => ordinaryVerbs.has(verb));
  const refused = texts(rule, "apiGroups").flatMap((group) =>
    verbs
      .filter((verb) => !allowed.some((rights) => rights.has(`${group}|${value}|${verb}`)))
      .map((verb) => ({ group, verb })),
  );
  const [first] = refused;
  if (first === undefined) {
    return [];
  }
  const { fault, remedy } = riskOf(first.group, value);
  const list = [...new Set(refused.map(({ verb }) => verb))].join(", ");
  return [problem(property, `${fault} (${list})`, remedy)];
}

/** The texts of a list that stand for themselves. */
function texts(rule: Field, key: string): readonly string[] {
  return elementsOf(fieldBelow(rule, key)).flatMap(({ value }) =>
    typeof value === "string" && !value.includes("*") ? [value] : [],
  );
}
