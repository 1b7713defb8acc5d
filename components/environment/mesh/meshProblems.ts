import { Mesh } from "./meshArgs";
import { admitsPlainText, meshIngressHoles } from "./meshRules";
import { HoleProtocol } from "../network/networkArgs";
import { type OpenHole, type OpenPort } from "../network/holes/openHole";
import { portProblems } from "../../core/ports";
import { type Problem } from "../../core/problems";

/** The part of the arguments that is about the mesh. */
export interface MeshArguments {
  readonly mesh?: Mesh;
  readonly meshPorts?: readonly number[];
  /** The holes as they are given, by which messages name them. */
  readonly holes?: readonly { readonly name: string }[];
}

/** What a mesh cannot express about one hole. */
interface HoleFault {
  readonly hole: OpenHole;
  readonly property: "ports" | "podLabels";
  readonly found?: unknown;
  readonly fault: string;
  readonly remedy: string;
}

/** Everything that the mesh cannot express, found before anything is created. */
export function meshProblems(args: MeshArguments, holes: readonly OpenHole[]): Problem[] {
  const { mesh } = args;
  const ingressHoles = mesh === undefined ? [] : meshIngressHoles(holes);
  const faults = [
    ...ingressHoles.flatMap(rangeFaults),
    ...(mesh === Mesh.Istio || mesh === Mesh.Ambient ? plainTextFaults(ingressHoles) : []),
  ];
  return [...meshPortsProblems(args), ...faults.map((fault) => problemOf(fault, args))];
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

function problemOf({ hole, property, fault, ...rest }: HoleFault, args: MeshArguments): Problem {
  const index = (args.holes ?? []).findIndex(({ name }) => name === hole.name);
  return {
    property: `holes[${index}].${property}`,
    fault: `of the hole ${hole.name} ${fault}`,
    ...rest,
  };
}

/** Linkerd authorizes port by port; the others need no list, so one would bind nothing. */
function meshPortsProblems({ mesh, meshPorts = [] }: MeshArguments): Problem[] {
  if (mesh !== Mesh.Linkerd) {
    return meshPorts.length === 0 ? [] : [uselessPorts(meshPorts)];
  }
  return meshPorts.flatMap((port, index) => portProblems(`meshPorts[${index}]`, port));
}

function uselessPorts(found: readonly number[]): Problem {
  return {
    property: "meshPorts",
    found,
    fault: "is for Linkerd only",
    remedy: "Leave it out: every port is open between the environment's own pods.",
  };
}

function rangeFaults(hole: OpenHole): HoleFault[] {
  return hole.ports.filter(isTcpRange).map(({ port, endPort }) => ({
    hole,
    property: "ports",
    found: { port, endPort },
    fault: "is a range, and the mesh authorizes single ports",
    remedy: "List each port on its own, without `endPort`.",
  }));
}

function isTcpRange({ port, endPort = port, protocol }: OpenPort): boolean {
  return protocol === HoleProtocol.Tcp && endPort !== port;
}

/**
 * Istio takes plain text on a single port only for pods that are chosen by their labels, and of
 * several choices for one pod only the oldest counts.
 * See https://istio.io/latest/docs/reference/config/security/peer_authentication/
 */
function plainTextFaults(ingressHoles: readonly OpenHole[]): HoleFault[] {
  const holes = ingressHoles.filter(admitsPlainText);
  const labelled = holes.filter(hasPodLabels);
  return [
    ...holes.filter((hole) => !hasPodLabels(hole)).map(missingPodLabels),
    ...labelled.flatMap((hole, index) => overlapFaults(hole, labelled.slice(0, index))),
  ];
}

function hasPodLabels({ podLabels }: OpenHole): boolean {
  return Object.keys(podLabels).length > 0;
}

function missingPodLabels(hole: OpenHole): HoleFault {
  return {
    hole,
    property: "podLabels",
    fault:
      "is missing, and whoever is no part of the mesh needs ports that take plain text, which Istio opens for chosen pods only",
    remedy: "Name labels of the pods that get the hole, such as app: shop.",
  };
}

function overlapFaults(hole: OpenHole, earlier: readonly OpenHole[]): HoleFault[] {
  const other = earlier.find(({ podLabels }) => mayOverlap(hole.podLabels, podLabels));
  return other === undefined
    ? []
    : [
        {
          hole,
          property: "podLabels",
          found: hole.podLabels,
          fault: `may choose the same pods as those of the hole ${other.name}, and Istio keeps one rule for plain text a pod`,
          remedy: "Give both holes the same labels, or different values of one label.",
        },
      ];
}

/** Different labels choose different pods for certain only where the values of one key differ. */
function mayOverlap(one: OpenHole["podLabels"], other: OpenHole["podLabels"]): boolean {
  const shared = Object.keys(one).filter((key) => Object.hasOwn(other, key));
  const areDifferent = shared.some((key) => one[key] !== other[key]);
  const hasAllKeys = [one, other].every((labels) => Object.keys(labels).length === shared.length);
  return !areDifferent && !hasAllKeys;
}
