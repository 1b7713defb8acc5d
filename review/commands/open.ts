import { once } from "node:events";
import { annotatedAddress, type FoundIngress, ingressAddresses } from "../access/addresses";
import { openInBrowser } from "../access/browser";
import { openForward, requireForwardRight, servicePort } from "../access/forward";
import { requireSeenCluster } from "../access/seenCluster";
import { type StandingEnvironment, standingEnvironment } from "../access/standingEnvironment";
import { type Cluster, connectTo, telling } from "../cluster/cluster";
import { printable, printableJson, Progress } from "../console";
import { branchOf } from "../environment/branch";
import { type Target, targetOf } from "../environment/target";
import { exitCodes, ReviewError } from "../exitCodes";
import { listAll } from "../cluster/lists";
import { readSettings } from "../settings/reviewSettings";
import { shown } from "./reported";

/** How an environment is opened. */
export interface OpenOptions {
  /** The folder of the settings. */
  readonly settings: string;
  /** A service and its port, or whether the only one is meant. */
  readonly portForward?: string | true;
  readonly json?: boolean;
}

/** Where the environment answers, for programs that read it. */
interface OpenResult {
  readonly namespace: string;
  readonly stack: string;
  /** The first one is opened. */
  readonly addresses: readonly string[];
  /** What says so. */
  readonly source: "annotation" | "ingresses" | "port-forward";
}

/**
 * Prints where the environment of a branch answers, and on a terminal opens it in a browser; or forwards a
 * port of it to loopback, until it is stopped.
 *
 * @throws ReviewError when there is no environment, or nothing of it to open.
 */
export async function open(given: string | undefined, options: OpenOptions): Promise<void> {
  const target = targetOf(readSettings(options.settings), branchOf(given));
  const cluster = connectTo(target.settings);
  if (options.portForward !== undefined) {
    return forward(cluster, target, options);
  }
  const { addresses } = await shown(
    options,
    async (progress) => addressesOf(cluster, target, await seen(cluster, target, progress)),
    (result) => result.addresses.map(printable).join("\n"),
  );
  const [first] = addresses;
  if (first !== undefined && !options.json && process.stdout.isTTY) {
    await openInBrowser(first);
  }
}

async function seen(
  cluster: Cluster,
  target: Target,
  progress: Progress,
): Promise<StandingEnvironment> {
  progress.step(`Looking at the cluster ${cluster.server}`);
  await requireSeenCluster(cluster, target, progress);
  return standingEnvironment(cluster, target);
}

async function addressesOf(
  cluster: Cluster,
  { stack, branch }: Target,
  { namespace, found }: StandingEnvironment,
): Promise<OpenResult> {
  const annotated = found && annotatedAddress(found);
  if (annotated !== undefined) {
    return { namespace, stack, addresses: [annotated], source: "annotation" };
  }
  const ingresses = await ingressesIn(cluster, namespace);
  const addresses = ingressAddresses(ingresses ?? []);
  if (addresses.length > 0) {
    return { namespace, stack, addresses, source: "ingresses" };
  }
  const unseen = [
    ...(found === undefined ? ["the namespace"] : []),
    ...(ingresses === undefined ? ["its ingresses"] : []),
  ];
  const name = JSON.stringify(branch);
  const message =
    (unseen.length > 0
      ? `Whether ${namespace} has an address is not known: these credentials may not read ${unseen.join(" and ")}. `
      : `${namespace} has no address: neither an annotation of it nor an Ingress in it names one. `) +
    `Set one with \`review up ${name} --set url=https://…\`, or reach a port of it: review open ${name} --port-forward`;
  throw new ReviewError(message, unseen.length > 0 ? exitCodes.credentials : exitCodes.failed);
}

function ingressesIn(
  cluster: Cluster,
  namespace: string,
): Promise<readonly FoundIngress[] | undefined> {
  const path = `/apis/networking.k8s.io/v1/namespaces/${namespace}/ingresses`;
  return telling(`The list of ingresses in ${namespace}`, async () =>
    listAll<FoundIngress>(await cluster.api(), path, {}),
  );
}

/** The result is printed while the port is led there, and not once all is over. */
async function forward(
  cluster: Cluster,
  target: Target,
  { portForward, json }: OpenOptions,
): Promise<void> {
  const progress = new Progress(process.stderr);
  try {
    const { namespace } = await seen(cluster, target, progress);
    const wanted = portForward === true ? undefined : portForward;
    const chosen = await servicePort(cluster, namespace, wanted);
    await requireForwardRight(cluster, namespace, chosen);
    const tell = (line: string) => progress.say(line);
    const stop = Promise.race(stopSignals.map((signal) => once(process, signal)));
    const forwarded = await openForward(cluster, namespace, chosen, tell);
    const { address } = forwarded;
    progress.end();
    const addresses = [`http://${address}`];
    const { stack } = target;
    const result: OpenResult = { namespace, stack, addresses, source: "port-forward" };
    const { service, port } = chosen;
    console.log(json ? printableJson(result) : address);
    progress.say(`${address} leads to ${service}:${port} in ${namespace}, until Ctrl-C.`);
    await stop;
    forwarded.close();
  } finally {
    progress.end();
  }
}

const stopSignals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
