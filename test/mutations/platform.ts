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
import { type PolicyChange, policyChanges } from "./policyChanges";

const prefix = "secure-environment-";
const policyPath = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies";

/** API servers obey a changed policy within a second, on a busy machine in some. */
const patienceMilliseconds = 20_000;
const pauseMilliseconds = 100;

/** Policies, where they are tried, and what they have to refuse there. */
interface Ground {
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
  { setting: fullSetting, policies: fullPolicies, attackClasses },
  { setting: defaultSetting, policies: defaultPolicies, attackClasses: defaultAttackClasses },
];

/**
 * Takes each part of the platform's admission policies out, and rehearses the attacks that the policy
 * has to refuse: a part that no attack misses is a survivor. Ends with 1 when there is one. Arguments
 * are names of policies to keep to, such as `pipelines-keep-quotas`.
 */
async function main(wanted: readonly string[]): Promise<number> {
  let count = 0;
  let survivors = 0;
  for (const ground of grounds) {
    const policies = ground.policies.filter(
      ({ name }) => wanted.length === 0 || wanted.includes(name.slice(prefix.length)),
    );
    if (policies.length > 0) {
      count += policies.flatMap(policyChanges).length;
      survivors += await survivorsOn({ ...ground, policies });
    }
  }
  console.log(`${count} parts of policies taken out, ${survivors} survivors`);
  return survivors === 0 && count > 0 ? 0 : 1;
}

async function survivorsOn({ setting, policies, attackClasses }: Ground): Promise<number> {
  const scene = await setAttackScene(setting);
  try {
    const stage = { clients: scene.clients, attacks: Object.values(attackClasses).flat() };
    const original = new Map(policies.map(({ name, policy }) => [name, policy as object]));
    let survivors = 0;
    for (const round of rounds(policies.flatMap(policyChanges))) {
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

main(process.argv.slice(2)).then(
  (exitCode) => (process.exitCode = exitCode),
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
