import { resolve } from "node:path";
import { type PublicCluster } from "secure-environment-kubernetes";
import { deployerToken, requireTokenLife } from "../access/deployerToken";
import {
  defaultKubeconfigFile,
  developerUser,
  kubeconfigContent,
  requireOwnFile,
  writeKubeconfig,
} from "../access/kubeconfigFile";
import { publicEntry } from "../access/publicEntry";
import { requireSeenCluster } from "../access/seenCluster";
import { standingEnvironment } from "../access/standingEnvironment";
import { requireTaken } from "../access/takenToken";
import { type Cluster, connectTo } from "../cluster/cluster";
import { type Progress } from "../console";
import { durationOf } from "../duration";
import { branchOf } from "../environment/branch";
import { requireCluster } from "../environment/standing";
import { type Target, targetOf } from "../environment/target";
import { exitCodes, ReviewError } from "../exitCodes";
import { type Developers } from "../settings/developers";
import { readSettings } from "../settings/reviewSettings";
import { shellWord } from "../shellWord";
import { shown } from "./reported";

/** What kind of kubeconfig is written, and where. */
export interface KubeconfigOptions {
  /** The folder of the settings. */
  readonly settings: string;
  readonly file?: string;
  /** How long the deployer's token is good, such as `1h`. */
  readonly duration: string;
  /** Whether it is for a developer, who signs in as the settings say. */
  readonly developer?: boolean;
  readonly json?: boolean;
}

/** What was written, for programs that read it. */
interface KubeconfigResult {
  readonly file: string;
  readonly user: "deployer" | "developer";
  readonly namespace: string;
  readonly stack: string;
  readonly server: string;
  /** When the deployer's token ends. */
  readonly expiresAt?: string;
}

/** A cluster, and what is known of it without credentials. */
interface ShownCluster {
  readonly cluster: Cluster;
  readonly entry: PublicCluster;
}

/**
 * Writes a kubeconfig for the environment of a branch, in a file of its own that has nothing of these
 * credentials: with a short-lived token of the deployer, or for a developer, who signs in at the identity
 * provider. Prints the line that has a shell use it.
 *
 * @throws ReviewError when there is no environment, or no token of it.
 */
export async function kubeconfig(
  given: string | undefined,
  options: KubeconfigOptions,
): Promise<void> {
  const target = targetOf(readSettings(options.settings), branchOf(given));
  const asked = { ...options, file: options.file && resolve(options.file) };
  await shown(
    options,
    async (progress) => {
      const result = options.developer
        ? await forDeveloper(target, asked, progress)
        : await forDeployer(target, asked, progress);
      const { file, user, namespace, expiresAt } = result;
      const until = expiresAt === undefined ? "" : `, until ${expiresAt}`;
      progress.say(`${file} is for the ${user} of ${namespace}${until}.`);
      return result;
    },
    ({ file }) => `export KUBECONFIG=${shellWord(file)}`,
  );
}

async function forDeployer(
  target: Target,
  { duration, file: given }: KubeconfigOptions,
  progress: Progress,
): Promise<KubeconfigResult> {
  const life = durationOf(duration, "--duration");
  requireTokenLife(life);
  const { cluster, entry } = await shownCluster(target, given, progress);
  await requireCluster(cluster, target);
  const { namespace } = await standingEnvironment(cluster, target);
  const file = given ?? defaultKubeconfigFile(cluster.server, namespace, "deployer");
  requireOwnFile(file);
  progress.step(`Asking for a token of the deployer of ${namespace}`);
  const { token, expiresAt } = await deployerToken(cluster, namespace, life);
  const content = kubeconfigContent(entry, "deployer", { token }, namespace);
  await requireTaken(cluster.server, content, token);
  writeKubeconfig(file, content);
  const { stack } = target;
  return { file, user: "deployer", namespace, stack, server: cluster.server, expiresAt };
}

async function forDeveloper(
  target: Target,
  { file: given }: KubeconfigOptions,
  progress: Progress,
): Promise<KubeconfigResult> {
  const developers = developersOf(target);
  const { cluster, entry } = await shownCluster(target, given, progress);
  await requireSeenCluster(cluster, target, progress);
  const { namespace, found } = await standingEnvironment(cluster, target);
  if (found === undefined) {
    progress.say(
      `warning: These credentials may not read the namespace ${namespace}, so whether it stands is not known.`,
    );
  }
  const file = given ?? defaultKubeconfigFile(cluster.server, namespace, "developer");
  writeKubeconfig(
    file,
    kubeconfigContent(entry, "developer", developerUser(developers), namespace),
  );
  progress.say(`To sign in, kubectl oidc-login will lead to ${developers.issuer}.`);
  return { file, user: "developer", namespace, stack: target.stack, server: cluster.server };
}

function developersOf({ settings }: Target): Developers {
  if (settings.developers === undefined) {
    const message =
      "The settings do not say how developers sign in. Add it to review.yaml, such as " +
      "`developers: { issuer: https://accounts.example.com, clientId: kubernetes, scopes: [groups] }`, or let them use the kubeconfig that " +
      "the cluster's administrator gives them.";
    throw new ReviewError(message, exitCodes.usage);
  }
  return settings.developers;
}

/** What can be wrong with files is told before the cluster is asked for anything. */
async function shownCluster(
  { settings }: Target,
  file: string | undefined,
  progress: Progress,
): Promise<ShownCluster> {
  if (file !== undefined) {
    requireOwnFile(file);
  }
  const cluster = connectTo(settings);
  progress.step(`Looking at the cluster ${cluster.server}`);
  const entry = await publicEntry(cluster);
  if (entry["insecure-skip-tls-verify"]) {
    progress.say(
      "warning: The kubeconfig does not verify who the API server is, and neither will the new one.",
    );
  }
  return { cluster, entry };
}
