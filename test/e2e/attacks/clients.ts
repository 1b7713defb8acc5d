import { KubernetesApi, type Sandbox } from "secure-environment-sandbox";
import { type Attacker } from "./attackers";
import { cart, login } from "./places";

/** The API server as somebody sees it. */
export type Clients = Readonly<Record<Attacker | "administrator", KubernetesApi>>;

const shop = "secure-environment-pipeline-shop";
const blog = "secure-environment-pipeline-blog";

/** The pipelines, and the accounts that somebody made beside that of shop's. */
export async function pipelineClients(sandbox: Sandbox) {
  return {
    shopPipeline: await ofAccount(sandbox, shop, "pipeline"),
    shopIdentityProvider: await ofUser(sandbox, "repository:shop", "ci:shop"),
    secondAccount: await ofAccount(sandbox, shop, "helper"),
    almightyPipeline: await ofAccount(sandbox, shop, "almighty"),
    blogPipeline: await ofAccount(sandbox, blog, "pipeline"),
  };
}

/** Whoever is in an environment or near it, once it is there. */
export async function guestClients(sandbox: Sandbox) {
  return {
    viewer: await ofUser(sandbox, "vera", "support"),
    developer: await ofUser(sandbox, "dean", "dev-users"),
    debugger: await ofUser(sandbox, "dora", "on-call"),
    deployer: await ofAccount(sandbox, login.namespace, "deployer"),
    defaultAccount: await ofAccount(sandbox, login.namespace, "default"),
    stolenDeployer: await ofAccount(sandbox, cart.namespace, "deployer"),
    misboundAdmin: await ofUser(sandbox, "adam"),
    misboundClusterAdmin: await ofUser(sandbox, "cleo"),
    operator: await ofUser(sandbox, "olga"),
    stranger: await ofUser(sandbox, "eve"),
  };
}

async function ofUser(sandbox: Sandbox, name: string, ...groups: readonly string[]) {
  return new KubernetesApi(await sandbox.userKubeconfig(name, groups));
}

async function ofAccount(sandbox: Sandbox, namespace: string, name: string) {
  return new KubernetesApi(await sandbox.serviceAccountKubeconfig(namespace, name));
}
