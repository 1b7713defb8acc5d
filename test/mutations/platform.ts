import { setTimeout as sleep } from "node:timers/promises";
import { type KubernetesApi } from "secure-environment-sandbox";
import { type AdmissionObjects } from "#components/platform/admission/validatingAdmissionPolicy";
import { attackClasses } from "../e2e/attacks";
import { type Attack } from "../e2e/attacks/attack";
import { type AttackScene, setAttackScene } from "../e2e/attacks/attackScene";
import { defaultAttackClasses } from "../e2e/attacks/defaultAttacks";
import { defaultPolicies, fullPolicies } from "../e2e/attacks/judgedPolicies";
import { defaultSetting, fullSetting, type Setting } from "../e2e/attacks/settings";
import { Trial } from "../e2e/attacks/trial";
import { type Checked, checkedUnits, hashOf, writeCheckedUnits } from "./checked";
import { type PolicyChange, policyChanges, validationChanges } from "./policyChanges";
import {
  description,
  runCheck,
  select,
  type Selected,
  type Selection,
  type Unit,
} from "./selection";

const prefix = "secure-environment-";
const policyPath = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies";

/** API servers obey a changed policy within a second, on a busy machine in some. */
const patienceMilliseconds = 20_000;
const pauseMilliseconds = 100;

/** Policies, where they are tried, and what they have to refuse there. */
interface Ground {
  readonly name: string;
  readonly setting: Setting;
  readonly policies: readonly AdmissionObjects[];
  readonly attackClasses: Readonly<Record<string, readonly Attack[]>>;
}

/** A ground that is set. */
interface Stage {
  readonly clients: AttackScene["clients"];
  readonly attacks: readonly Attack[];
}

const grounds: readonly Ground[] = [
  { name: "everything", setting: fullSetting, policies: fullPolicies, attackClasses },
  {
    name: "defaults",
    setting: defaultSetting,
    policies: defaultPolicies,
    attackClasses: defaultAttackClasses,
  },
];

/**
 * Takes parts of the platform's admission policies out, and rehearses the attacks that the policy
 * has to refuse: a part that no attack misses is a survivor. Ends with 1 when there is one. These are
 * the parts of policies that have changed since they were checked, or whose attacks have, and a random
 * twentieth of the others; all of them with `--all`. `--update` writes what was checked. Arguments are
 * names of policies to keep to, such as `pipelines-keep-quotas`.
 */
async function main(selection: Selection): Promise<number> {
  let count = 0;
  let survivors = 0;
  for (const ground of grounds) {
    const units = unitsOf(ground);
    const chosen = select(units, selection);
    console.log(`Policies of a ${listOf(ground)}: ${description(chosen, selection)}.`);
    const surviving = await survivorsOn(ground, chosen);
    count += chosen.flatMap(({ parts }) => parts).length;
    survivors += surviving;
    if (selection.update && surviving === 0) {
      const names = units.map(({ name }) => name);
      writeCheckedUnits(listOf(ground), names, checkedNow(ground, chosen));
    }
  }
  console.log(`${count} parts of policies taken out, ${survivors} survivors`);
  return survivors === 0 && count > 0 ? 0 : 1;
}

function unitsOf(ground: Ground): Unit<PolicyChange>[] {
  const checked = checkedUnits(listOf(ground));
  return ground.policies.map((objects) => {
    const name = objects.name.slice(prefix.length);
    const parts = partsOf(objects, ground);
    return { name, parts, isChecked: checked[name]?.sha256 === hashWith(ground, { name, parts }) };
  });
}

/** What a policy is asked about is tried where it is asked about the same on a platform with everything. */
function partsOf(objects: AdmissionObjects, { policies }: Ground): PolicyChange[] {
  const isTriedElsewhere =
    policies !== fullPolicies &&
    fullPolicies.some((other) => other.name === objects.name && isAskedTheSame(objects, other));
  return isTriedElsewhere ? validationChanges(objects) : policyChanges(objects);
}

function isAskedTheSame(
  { policy }: AdmissionObjects,
  { policy: other }: AdmissionObjects,
): boolean {
  return JSON.stringify(policy.matchConstraints) === JSON.stringify(other.matchConstraints);
}

function checkedNow(
  ground: Ground,
  chosen: readonly Selected<PolicyChange>[],
): Record<string, Checked> {
  const entries = chosen
    .filter(({ isWhole }) => isWhole)
    .map((unit) => [unit.name, { sha256: hashWith(ground, unit) }]);
  return Object.fromEntries(entries) as Record<string, Checked>;
}

/** Of a policy, of the parts that are taken out of it, and of the attacks that judge it. */
function hashWith(
  { policies, attackClasses }: Ground,
  { name, parts }: Pick<Unit<PolicyChange>, "name" | "parts">,
): string {
  const policy = policies.find((objects) => objects.name === prefix + name);
  return hashOf([policy, parts, attacksIn(attackClasses).filter(isOn(prefix + name))]);
}

function listOf({ name }: Ground): string {
  return `platform with ${name}`;
}

function attacksIn(attackClasses: Ground["attackClasses"]): readonly Attack[] {
  return Object.values(attackClasses).flat();
}

async function survivorsOn(
  { setting, policies, attackClasses }: Ground,
  chosen: readonly Selected<PolicyChange>[],
): Promise<number> {
  if (chosen.length === 0) {
    return 0;
  }
  const scene = await setAttackScene(setting);
  try {
    const stage = { clients: scene.clients, attacks: attacksIn(attackClasses) };
    const original = new Map(policies.map(({ name, policy }) => [name, policy as object]));
    let survivors = 0;
    for (const round of rounds(chosen.flatMap(({ parts }) => parts))) {
      survivors += await survivorsAmong(round, original, stage);
    }
    return survivors;
  } finally {
    await scene.end();
  }
}

/** Changes of different policies are tried beside each other: each policy has attacks of its own. */
function rounds(changes: readonly PolicyChange[]): PolicyChange[][] {
  const found: PolicyChange[][] = [];
  for (const change of changes) {
    const round = found.find((others) => others.every(({ policy }) => policy !== change.policy));
    if (round === undefined) {
      found.push([change]);
    } else {
      round.push(change);
    }
  }
  return found;
}

async function survivorsAmong(
  round: readonly PolicyChange[],
  original: ReadonlyMap<string, object>,
  stage: Stage,
): Promise<number> {
  for (const { policy, spec } of round) {
    await write(stage.clients.administrator, policy, spec);
  }
  const end = Date.now() + patienceMilliseconds;
  let surviving = [...round];
  while (surviving.length > 0 && Date.now() < end) {
    surviving = await filtered(surviving, async ({ policy }) => {
      return (await firstFaults(policy, stage)).length === 0;
    });
    await sleep(pauseMilliseconds);
  }
  surviving.forEach(({ policy, what }) => console.log(`survives: ${policy} without ${what}`));
  await restore(round, original, stage);
  return surviving.length;
}

async function restore(
  round: readonly PolicyChange[],
  original: ReadonlyMap<string, object>,
  stage: Stage,
): Promise<void> {
  for (const { policy } of round) {
    await write(stage.clients.administrator, policy, original.get(policy) ?? {});
  }
  const end = Date.now() + patienceMilliseconds;
  for (const { policy } of round) {
    for (let faults = await firstFaults(policy, stage); faults.length > 0;) {
      if (Date.now() > end) {
        throw new Error(`${policy} is wrong without any change: ${faults.join("; ")}`);
      }
      await sleep(pauseMilliseconds);
      faults = await firstFaults(policy, stage);
    }
  }
}

/** The first of what is wrong with the policy: an attack that it lets through, or refuses what it must not. */
async function firstFaults(policy: string, { clients, attacks }: Stage): Promise<string[]> {
  const trial = new Trial(clients);
  for (const attack of attacks.filter(isOn(policy))) {
    const faults = await trial.faultsInRehearsal(attack);
    if (faults.length > 0) {
      return [attack.what, ...faults];
    }
  }
  return [];
}

function isOn(policy: string): (attack: Attack) => boolean {
  return ({ refusal }) => refusal.by.split(" or ").some((name) => prefix + name === policy);
}

async function write(api: KubernetesApi, policy: string, spec: object): Promise<void> {
  const patch = [{ op: "replace", path: "/spec", value: spec }];
  const contentType = "application/json-patch+json";
  const { status, body } = await api.request("PATCH", `${policyPath}/${policy}`, patch, {
    contentType,
  });
  if (status !== 200) {
    throw new Error(`${policy} was not changed: ${body.message}`);
  }
}

async function filtered<Item>(
  items: readonly Item[],
  isKept: (item: Item) => Promise<boolean>,
): Promise<Item[]> {
  const kept: Item[] = [];
  for (const item of items) {
    if (await isKept(item)) {
      kept.push(item);
    }
  }
  return kept;
}

runCheck(main);
