import { isSubdomain } from "../core/dnsNames";
import { isPort } from "../core/ports";
import { problem, problemIf, problemUnless, type Problem } from "../core/problems";

/** A registry and who pulls from it, all of it known. */
export interface RegistryCredentials {
  readonly host: string;
  readonly username: string;
  readonly password: string;
}

/** A registry as it is given; what is not known yet is judged where it is used. */
export interface RegistryWish {
  readonly host: string;
  readonly username: unknown;
  readonly password: unknown;
}

/** Docker Hub has two names, and its credentials are kept under a third. */
const dockerHub: readonly string[] = ["docker.io", "index.docker.io"];
const dockerHubKey = "https://index.docker.io/v1/";

const portSuffix = /:([1-9]\d{0,4})$/;

/**
 * The content of a Secret of the type `kubernetes.io/dockerconfigjson`, as `kubectl create secret
 * docker-registry` writes it.
 * See https://kubernetes.io/docs/tasks/configure-pod-container/pull-image-private-registry/
 */
export function dockerConfigJson(registries: readonly RegistryCredentials[]): string {
  const entries = registries.map(({ host, username, password }) => {
    const auth = Buffer.from(`${username}:${password}`).toString("base64");
    return [registryKey(host), { username, password, auth }];
  });
  return JSON.stringify({ auths: Object.fromEntries(entries) as object });
}

/** Everything wrong with the registries. No message shows a password, not even one in a host. */
export function imageRegistryProblems(registries: readonly RegistryWish[]): Problem[] {
  return registries.flatMap((registry, index) => [
    ...hostProblems(registry, index, registries),
    ...usernameProblems(registry.username, index),
    ...passwordProblems(registry.password, index),
  ]);
}

function hostProblems(
  { host }: RegistryWish,
  index: number,
  registries: readonly RegistryWish[],
): Problem[] {
  const property = `imageRegistries[${index}].host`;
  if (!isHost(host)) {
    const remedy =
      "Use the host alone, in lower case, with its port if it has one, such as registry.example.com:5000. Docker Hub is docker.io.";
    return [problem(property, "is not a registry's host", remedy)];
  }
  const first = registries.findIndex((other) => registryKey(other.host) === registryKey(host));
  const fault = `is the same registry as imageRegistries[${first}]`;
  const remedy = "Keep one of the two: a registry has one password here.";
  return problemUnless(first === index, property, fault, remedy, host);
}

function usernameProblems(username: unknown, index: number): Problem[] {
  const property = `imageRegistries[${index}].username`;
  if (typeof username !== "string") {
    return [];
  }
  if (username.trim() === "") {
    return [problem(property, "is empty", "Give the user that pulls.")];
  }
  const remedy = "Give the user alone; the password has a property of its own.";
  return problemIf(username.includes(":"), property, "holds a colon", remedy);
}

function passwordProblems(password: unknown, index: number): Problem[] {
  const property = `imageRegistries[${index}].password`;
  const remedy = "Give the user's password or token, as a secret.";
  return problemIf(password === "", property, "is empty", remedy);
}

function isHost(host: string): boolean {
  const port = portSuffix.exec(host)?.[1];
  return isSubdomain(host.replace(portSuffix, "")) && (port === undefined || isPort(Number(port)));
}

function registryKey(host: string): string {
  return dockerHub.includes(host) ? dockerHubKey : host;
}
