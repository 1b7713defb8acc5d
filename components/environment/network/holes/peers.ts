import { isLabel } from "../../../core/dnsNames";
import { type HoleArgs, HoleDirection, HolePeer } from "../networkArgs";
import { problem, problemUnless, type Problem } from "../../../core/problems";

/** What is on the other side of a hole: pods of a namespace, or addresses of some kind. */
export type HoleTarget = "pods" | "range" | "nodes" | "apiServer" | "internet";

type PeerField = "namespace" | "peerPodLabels" | "meshed" | "cidr" | "except";

/** What the peer of a hole takes. */
interface PeerRule {
  readonly directions: readonly HoleDirection[];
  readonly fields: readonly PeerField[];
  /** Fields of which exactly one is needed. */
  readonly needs: readonly PeerField[];
  readonly defaultNamespace?: string;
}

const podFields = ["namespace", "peerPodLabels", "meshed"] as const;
const rangeFields = ["cidr", "except"] as const;
const ingress = [HoleDirection.Ingress];
const egress = [HoleDirection.Egress];

const rules: Readonly<Record<HolePeer, PeerRule>> = {
  [HolePeer.IngressController]: {
    directions: ingress,
    fields: podFields,
    needs: [],
    defaultNamespace: "ingress-nginx",
  },
  [HolePeer.Monitoring]: {
    directions: ingress,
    fields: podFields,
    needs: [],
    defaultNamespace: "monitoring",
  },
  [HolePeer.TestRunner]: {
    directions: ingress,
    fields: [...podFields, ...rangeFields],
    needs: ["namespace", "cidr"],
  },
  [HolePeer.ApiServer]: { directions: egress, fields: [], needs: [] },
  [HolePeer.Namespace]: {
    directions: [...ingress, ...egress],
    fields: podFields,
    needs: ["namespace"],
  },
  [HolePeer.Cidr]: {
    directions: [...ingress, ...egress],
    fields: rangeFields,
    needs: ["cidr"],
  },
  [HolePeer.Nodes]: { directions: ingress, fields: rangeFields, needs: ["cidr"] },
  [HolePeer.Internet]: { directions: egress, fields: [], needs: [] },
};

/** What is on the other side of the hole. */
export function targetOf(hole: HoleArgs): HoleTarget {
  switch (hole.peer) {
    case HolePeer.ApiServer:
      return "apiServer";
    case HolePeer.Internet:
      return "internet";
    case HolePeer.Cidr:
      return "range";
    case HolePeer.Nodes:
      return "nodes";
    case HolePeer.TestRunner:
      return hole.cidr === undefined ? "pods" : "range";
    case HolePeer.IngressController:
    case HolePeer.Monitoring:
    case HolePeer.Namespace:
      return "pods";
  }
}

/** The namespace on the other side, for holes to pods. */
export function namespaceOf(hole: HoleArgs): string | undefined {
  return hole.namespace ?? rules[hole.peer].defaultNamespace;
}

/** Everything wrong with what a hole says about its other side, but for the addresses. */
export function peerProblems(property: string, hole: HoleArgs, hasMesh: boolean): Problem[] {
  return [
    ...directionProblems(property, hole),
    ...strangerProblems(property, hole),
    ...needProblems(property, hole),
    ...namespaceProblems(`${property}.namespace`, hole),
    ...meshProblems(`${property}.meshed`, hole, hasMesh),
  ];
}

function directionProblems(property: string, { direction, peer }: HoleArgs): Problem[] {
  const { directions } = rules[peer];
  const isValid = directions.includes(direction);
  const fault = `is impossible with the peer ${peer}`;
  const remedy = `Use ${directions.join(" or ")}, or another peer.`;
  return problemUnless(isValid, `${property}.direction`, fault, remedy, direction);
}

function strangerProblems(property: string, hole: HoleArgs): Problem[] {
  return strangersOf(hole).map((field) =>
    problem(
      `${property}.${field}`,
      `does not belong to ${describePeer(hole)}`,
      "Leave it out, or use another peer.",
      hole[field],
    ),
  );
}

/** Fields that were given and say nothing about the peer. A test runner is pods or addresses. */
function strangersOf(hole: HoleArgs): PeerField[] {
  const { fields, needs } = rules[hole.peer];
  const isAmbiguous = needs.filter((field) => hole[field] !== undefined).length > 1;
  const isTestRunner = hole.peer === HolePeer.TestRunner && !isAmbiguous;
  const chosen = targetOf(hole) === "range" ? rangeFields : podFields;
  const allowed: readonly PeerField[] = isTestRunner ? chosen : fields;
  return [...podFields, ...rangeFields].filter(
    (field) => hole[field] !== undefined && !allowed.includes(field),
  );
}

function describePeer(hole: HoleArgs): string {
  const isRange = hole.peer === HolePeer.TestRunner && targetOf(hole) === "range";
  return isRange ? `the peer ${hole.peer} by cidr` : `the peer ${hole.peer}`;
}

function needProblems(property: string, hole: HoleArgs): Problem[] {
  const { needs } = rules[hole.peer];
  const given = needs.filter((field) => hole[field] !== undefined);
  if (needs.length === 0 || given.length === 1) {
    return [];
  }
  const names = needs.join(" or ");
  const fault =
    given.length === 0
      ? `is missing for the peer ${hole.peer}`
      : `is given for the peer ${hole.peer} next to ${needs[0]}`;
  const remedy = needs.length === 1 ? `Give ${names}.` : `Give either ${names}.`;
  return [problem(`${property}.${given.at(-1) ?? needs[0]}`, fault, remedy)];
}

function namespaceProblems(property: string, { namespace }: HoleArgs): Problem[] {
  const isValid = namespace === undefined || isLabel(namespace);
  const remedy = "Write its exact name; holes know no patterns.";
  return problemUnless(isValid, property, "is not the name of a namespace", remedy, namespace);
}

function meshProblems(property: string, hole: HoleArgs, hasMesh: boolean): Problem[] {
  const isValid = hole.meshed === undefined || hasMesh || strangersOf(hole).includes("meshed");
  const fault = "is given, but the environment is in no mesh";
  const remedy = "Leave it out, or set `mesh`.";
  return problemUnless(isValid, property, fault, remedy, hole.meshed);
}
