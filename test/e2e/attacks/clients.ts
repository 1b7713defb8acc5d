import { KubernetesApi, type Sandbox } from "secure-environment-sandbox";
import { type Attacker } from "./attackers";
import { cart, guestAccount, login, operatorAccounts } from "./places";

/** The API server as somebody sees it. */
export type Clients = Readonly<Record<Attacker | "administrator", KubernetesApi>>;

const shop = "secure-environment-pipeline-shop";
const blog = "secure-environment-pipeline-blog";

/** One of the API servers of a sandbox. */
export interface Door {
  readonly sandbox: Sandbox;
  readonly server: string;
}

/** An administrator, whose client also stands for those for whom only an administrator may act. */
export function administratorClients(door: Door) {
  const administrator = open(door, door.sandbox.kubeconfig);
  return {
    administrator,
    replicaSetController: administrator,
    statefulSetController: administrator,
  };
}

/** The pipelines, and the accounts that somebody made beside that of shop's. */
export async function pipelineClients(door: Door) {
  return {
    shopPipeline: await ofAccount(door, shop, "pipeline"),
    shopIdentityProvider: await ofUser(door, "repository:shop", "ci:shop"),
    secondAccount: await ofAccount(door, shop, "helper"),
    almightyPipeline: await ofAccount(door, shop, "almighty"),
    blogPipeline: await ofAccount(door, blog, "pipeline"),
  };
}

/** Whoever is in an environment or near it, once it is there. */
export async function guestClients(door: Door) {
  return {
    viewer: await ofUser(door, "vera", "support"),
    developer: await ofUser(door, "dean", "dev-users"),
    debugger: await ofUser(door, "dora", "on-call"),
    deployer: await ofAccount(door, login.namespace, "deployer"),
    defaultAccount: await ofAccount(door, login.namespace, "default"),
    stolenDeployer: await ofAccount(door, cart.namespace, "deployer"),
    verifier: await ofAccount(door, "secure-environment-platform", "verifier"),
    misboundAdmin: await ofUser(door, "adam"),
    misboundClusterAdmin: await ofUser(door, "cleo"),
    operator: await ofUser(door, "olga"),
    listedOperator: await ofAccount(door, "operators", operatorAccounts.listed),
    unlistedOperator: await ofAccount(door, "operators", operatorAccounts.unlisted),
    guestAccount: await ofAccount(door, guestAccount.namespace, guestAccount.name),
    scheduler: await ofAccount(door, "operators", operatorAccounts.scheduler),
    stranger: await ofUser(door, "eve"),
  };
}

async function ofUser(door: Door, name: string, ...groups: readonly string[]) {
  return open(door, await door.sandbox.userKubeconfig(name, groups));
}

async function ofAccount(door: Door, namespace: string, name: string) {
  return open(door, await door.sandbox.serviceAccountKubeconfig(namespace, name));
}

function open({ sandbox, server }: Door, kubeconfig: string): KubernetesApi {
  return new KubernetesApi(sandbox.kubeconfigAt(server, kubeconfig));
}
