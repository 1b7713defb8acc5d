import { Mesh } from "./meshArgs";
import { admitsPlainText, meshIngressHoles } from "./meshRules";
import { HoleProtocol } from "../network/networkArgs";
import { type OpenHole, type OpenPort } from "../network/holes/openHole";
import { portProblems } from "../../core/ports";
import { problem, type Problem } from "../../core/problems";

/** The part of the arguments that is about the mesh. */
export interface MeshArguments {
  readonly mesh?: Mesh;
  readonly meshPorts?: readonly number[];
  /** The holes as they are given, by which messages name them. */
  readonly holes?: readonly { readonly name: string }[];
}

/** What a mesh cannot express about one hole. The property is one of the hole. */
interface HoleProblem extends Problem {
  readonly hole: OpenHole;
}

/** Everything that the mesh cannot express, found before anything is created. */
export function meshProblems(args: MeshArguments, holes: readonly OpenHole[]): Problem[] {
  const { mesh } = args;
  const ingressHoles = mesh === undefined ? [] : meshIngressHoles(holes);
  const holeProblems = [
    ...ingressHoles.flatMap(rangeProblems),
    ...(mesh === Mesh.Istio || mesh === Mesh.Ambient ? plainTextProblems(ingressHoles) : []),
  ];
  return [...meshPortsProblems(args), ...holeProblems.map((found) => problemOf(found, args))];
}

/** What is allowed and yet worth a sentence. */
export function meshReports({
  mesh,
  meshPorts = [],
}: Pick<MeshArguments, "mesh" | "meshPorts">): string[] {
  return mesh === Mesh.Linkerd && meshPorts.length === 0
    ? [
        "Linkerd authorizes port by port and `meshPorts` names none: the environment's pods do not reach each other.",
      ]
    : [];
}

function problemOf({ hole, property, fault, remedy, found }: HoleProblem, args: MeshArguments) {
  const index = (args.holes ?? []).findIndex(({ name }) => name === hole.name);
  const ofHole = `of the hole ${hole.name} ${fault}`;
  return problem(`holes[${index}].${property}`, ofHole, remedy, found);
}

/** Linkerd authorizes port by port; the others need no list, so one would bind nothing. */
function meshPortsProblems({ mesh, meshPorts = [] }: MeshArguments): Problem[] {
  if (mesh !== Mesh.Linkerd) {
    return meshPorts.length === 0 ? [] : [uselessPorts(meshPorts)];
  }
  return meshPorts.flatMap((port, index) => portProblems(`meshPorts[${index}]`, port));
}

function uselessPorts(found: readonly number[]): Problem {
  const remedy = "Leave it out: every port is open between the environment's own pods.";
  return problem("meshPorts", "is for Linkerd only", remedy, found);
}

function rangeProblems(hole: OpenHole): HoleProblem[] {
  const fault = "is a range, and the mesh authorizes single ports";
  const remedy = "List each port on its own, without `endPort`.";
  return hole.ports
    .filter(isTcpRange)
    .map(({ port, endPort }) => ({ hole, ...problem("ports", fault, remedy, { port, endPort }) }));
}

function isTcpRange({ port, endPort = port, protocol }: OpenPort): boolean {
  return protocol === HoleProtocol.Tcp && endPort !== port;
}

/**
 * Istio takes plain text on a single port only for pods that are chosen by their labels, and of
 * several choices for one pod only the oldest counts.
 * See https://istio.io/latest/docs/reference/config/security/peer_authentication/
 */
function plainTextProblems(ingressHoles: readonly OpenHole[]): HoleProblem[] {
  const holes = ingressHoles.filter(admitsPlainText);
  const labelled = holes.filter(hasPodLabels);
  return [
    ...holes.filter((hole) => !hasPodLabels(hole)).map(missingPodLabels),
    ...labelled.flatMap((hole, index) => overlapProblems(hole, labelled.slice(0, index))),
  ];
}

function hasPodLabels({ podLabels }: OpenHole): boolean {
  return Object.keys(podLabels).length > 0;
}

function missingPodLabels(hole: OpenHole): HoleProblem {
  const fault =
    "is missing, and whoever is no part of the mesh needs ports that take plain text, which Istio opens for chosen pods only";
  const remedy = "Name labels of the pods that get the hole, such as app: shop.";
  return { hole, ...problem("podLabels", fault, remedy) };
}

function overlapProblems(hole: OpenHole, earlier: readonly OpenHole[]): HoleProblem[] {
  const other = earlier.find(({ podLabels }) => mayOverlap(hole.podLabels, podLabels));
  if (other === undefined) {
    return [];
  }
  const fault = `may choose the same pods as those of the hole ${other.name}, and Istio keeps one rule for plain text a pod`;
  const remedy = "Give both holes the same labels, or different values of one label.";
  return [{ hole, ...problem("podLabels", fault, remedy, hole.podLabels) }];
}

/** Different labels choose different pods for certain only where the values of one key differ. */
function mayOverlap(one: OpenHole["podLabels"], other: OpenHole["podLabels"]): boolean {
  const shared = Object.keys(one).filter((key) => Object.hasOwn(other, key));
  const areDifferent = shared.some((key) => one[key] !== other[key]);
  const hasAllKeys = [one, other].every((labels) => Object.keys(labels).length === shared.length);
  return !areDifferent && !hasAllKeys;
}
