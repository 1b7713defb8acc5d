import { setTimeout as sleep } from "node:timers/promises";
import {
  createModel,
  type IsolationModel,
  nameOfEndpoint,
  type PacketCase,
  packetCases,
  type PacketResult,
  portsAtEdges,
  readObjects,
} from "#isolation/index";
import { type NetworkArguments } from "#components/environment/network/networkArguments";
import { eventually } from "../../../support/eventually";
import { createAll, deleteRequest, groupPath, postRequest } from "../apiRequests";
import { type ProducedObject, producedObjects } from "../producedObjects";
import { type Configuration, configurations } from "../reachability/configurations";
import { neighbour, otherNamespaces, podsOfEnvironment, podsOfOthers } from "../reachability/scene";
import { listenersOn } from "./outside";
import { namedPort, type PacketScene } from "./packetScene";
import {
  apiServer,
  cacheOfTheNode,
  neutral,
  outsideAddresses,
  tableCases,
  unopenedPort,
} from "./tableCases";

/** A namespace with a policy that names its port, as those of others may. */
export const byName = "review-by-name";
const policyByName = {
  metadata: { name: "by-name" },
  spec: {
    podSelector: {},
    policyTypes: ["Ingress", "Egress"],
    ingress: [{ ports: [{ port: namedPort.name }] }, { from: [{ podSelector: {} }] }],
    egress: [{ to: [{ podSelector: {} }] }],
  },
};

const namespaces = [...configurations.map(namespaceOf), byName];

/** What stands once everything is up. */
export interface AllConfigurations {
  /** All ports that pods and servers listen on. */
  readonly ports: readonly number[];
  readonly model: IsolationModel;
}

/** Brings up all configurations side by side, and waits until their policies bind. */
export async function bringUpAllConfigurations(scene: PacketScene): Promise<AllConfigurations> {
  const environments = [
    ...configurations.map((each) => objectsOf(namespaceOf(each), each.network)),
    objectsOf(neighbour, {}),
  ];
  const ports = portsOf(environments.flat());
  await scene.createEnvironments(environments);
  await scene.createNamespaces(otherNamespaces.filter((name) => name !== "kube-system"));
  await scene.createNamespaces([byName]);
  await createAll(scene.api, [postRequest(policiesOf(byName), policyByName)]);
  await scene.createPods([...podsOfOthers, ...namespaces.flatMap(podsOfEnvironment)], ports);
  await serveOutside(scene, ports);
  const model = await scene.model();
  await untilPoliciesBind(scene, model);
  return { ports, model };
}

/** All rows of all tables. */
export function casesOfAllConfigurations(model: IsolationModel): readonly PacketCase[] {
  return namespaces.flatMap((name) => tableCases(model, name));
}

/** A port that a policy names and those beside it, asked from outside of the namespace and inside. */
export function casesByName(model: IsolationModel): readonly PacketCase[] {
  const [shop, database] = [{ pod: `${byName}/shop` }, { pod: `${byName}/database` }];
  const around = [-1, 0, 1].map((beside) => namedPort.port + beside);
  const pairs = [neutral, database].map((from) => [from, shop] as const);
  const wanted = around.map((port) => ({ port, protocol: "TCP" }) as const);
  return packetCases(model, pairs, wanted);
}

/** The namespace of the environment that a configuration makes. */
export function namespaceOf({ name }: Configuration): string {
  return `review-with-${name}`;
}

export function objectsOf(stack: string, { holes = [], ...network }: NetworkArguments) {
  const args = { ...network, holes: [...holes] };
  return producedObjects({ args, origin: { pulumiProject: "review", stack } });
}

function policiesOf(namespace: string): string {
  return groupPath({ namespace }, "networking.k8s.io", "networkpolicies");
}

/** Whether one of the ends is in the namespace. */
export function isAbout(namespace: string, { from, to }: PacketCase): boolean {
  return [from, to].some((end) => nameOfEndpoint(end).startsWith(`${namespace}/`));
}

/** Whether no end is in the namespace of an environment. */
export function isBesideAll(packetCase: PacketCase): boolean {
  return !namespaces.some((name) => isAbout(name, packetCase));
}

export function textOf({ from, to, port, reason }: PacketResult): string {
  const { port: number, protocol } = port;
  return `${nameOfEndpoint(from)} to ${nameOfEndpoint(to)} on ${number}/${protocol} ${reason}`;
}

/** What came of asking, one outcome for each time. */
function outcomesOf(said: string): readonly string[] {
  const lines = said.trim().split("\n");
  return lines.map((line) => (JSON.parse(line) as { outcome: string }).outcome);
}

async function serveOutside(scene: PacketScene, ports: readonly number[]): Promise<void> {
  const listeners = listenersOn(ports);
  const addresses = outsideAddresses().filter((address) => address !== apiServer);
  await scene.serve(addresses, listeners);
  // The API server itself listens on one of the ports.
  const besideIt = listeners.filter((listener) => listener !== "tcp:6443");
  await scene.serve([apiServer], besideIt);
  await scene.serve([cacheOfTheNode], listeners, "nodes");
}

/** New pods can be reached until the network plugin has seen them. */
async function untilPoliciesBind(scene: PacketScene, model: IsolationModel): Promise<void> {
  const pods = namespaces.flatMap(podsOfEnvironment).map(({ path }) => ({ pod: path }));
  const pairs = pods.flatMap((pod) => [[neutral, pod] as const, [pod, neutral] as const]);
  const cases = packetCases(model, pairs, [{ port: unopenedPort, protocol: "TCP" }]);
  await eventually(async () => {
    const answers = await scene.answers(cases);
    return cases.every((each) => answers(each)?.open === false);
  });
}

function portsOf(objects: readonly ProducedObject[]): readonly number[] {
  const model = createModel(readObjects([...objects]).objects);
  const edges = namespaces.flatMap((namespace) => portsAtEdges(model, namespace));
  return [...new Set([...edges, unopenedPort])];
}

/** What comes of a connection that is kept, and of ones that are made anew, while a hole is closed. */
export async function outcomesWhileAHoleCloses(scene: PacketScene) {
  const from = { pod: "monitoring/prometheus" };
  const to = { pod: "review-with-monitoring/shop" };
  const target = scene.targetOf({ to, port: { port: 9090, protocol: "TCP" } });
  const asking = ["--timeout", "500ms", "--every", "50ms", "--for", "4s"];
  const kept = scene.ask(from, [target], [...asking, "--keep"]);
  const fresh = scene.ask(from, [target], asking);
  await sleep(1500);
  await createAll(scene.api, [
    deleteRequest(`${policiesOf("review-with-monitoring")}/hole-metrics`),
  ]);
  return { kept: outcomesOf(await kept), fresh: outcomesOf(await fresh) };
}
