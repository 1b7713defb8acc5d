import { type AccessArgs, type AccessPreset } from "./accessArgs";
import {
  type AccessRule,
  debugRules,
  deployerRules,
  developRules,
  secretReadRules,
  viewRules,
} from "../../core/rbac/rules";

/** The group that may deploy in the environment unless the user of the component names others. */
export const defaultDeveloperGroup = "dev-users";

/** The preset of an entry of `access` that names none. */
export const defaultPreset: AccessPreset = "develop";

/** What others may be given: the presets, and reading secrets. */
export type AccessLevel = "viewer" | "developer" | "debugger" | "secretReader" | "deployer";

/** The rules of each level. */
export const rulesOfLevel: Readonly<Record<AccessLevel, readonly AccessRule[]>> = {
  viewer: viewRules,
  developer: developRules,
  debugger: debugRules,
  secretReader: secretReadRules,
  deployer: deployerRules,
};

/** A group or a user that the identity provider knows, or a service account of another namespace. */
export type Subject =
  | { readonly kind: "Group" | "User"; readonly name: string }
  | { readonly kind: "ServiceAccount"; readonly name: string; readonly namespace: string };

/** Everybody who is given one level. */
export interface AccessGrant {
  readonly level: AccessLevel;
  readonly subjects: readonly Subject[];
}

/** Who is let in: as the user of the component says it. */
export interface AccessWishes {
  readonly developerGroup?: string;
  readonly access?: readonly AccessArgs[];
}

const levelOfPreset: Readonly<Record<AccessPreset, AccessLevel>> = {
  view: "viewer",
  develop: "developer",
  debug: "debugger",
  deploy: "deployer",
};

/** Who is given which level: a grant for each level that has subjects. */
export function accessGrants(wishes: AccessWishes): AccessGrant[] {
  const entries = accessEntries(wishes);
  const levels = Object.keys(rulesOfLevel) as AccessLevel[];
  return levels
    .map((level) => ({
      level,
      subjects: entries.filter((entry) => levelsOf(entry).includes(level)).map(subjectOf),
    }))
    .filter(({ subjects }) => subjects.length > 0);
}

/** Whom an entry of `access` names. */
export function subjectOf({ group, user, serviceAccount }: AccessArgs): Subject {
  if (serviceAccount !== undefined) {
    return { kind: "ServiceAccount", ...serviceAccount };
  }
  return group === undefined ? { kind: "User", name: user ?? "" } : { kind: "Group", name: group };
}

function accessEntries({ access, developerGroup }: AccessWishes): readonly AccessArgs[] {
  return access ?? [{ group: developerGroup ?? defaultDeveloperGroup }];
}

function levelsOf({ preset = defaultPreset, readSecrets = false }: AccessArgs): AccessLevel[] {
  return [levelOfPreset[preset], ...(readSecrets ? (["secretReader"] as const) : [])];
}
