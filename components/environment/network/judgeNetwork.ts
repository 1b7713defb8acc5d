import { hasPassed } from "../../core/metadata";
import { type Problem } from "../../core/problems";
import { addressPeersOf } from "./holes/addresses";
import { type ResolvedHole } from "./holes/holes";
import { type OpenHole } from "./holes/openHole";
import { namespaceOf, targetOf } from "./holes/peers";
import { resolvePorts } from "./holes/ports";
import { type HoleArgs } from "./networkArgs";
import { type NetworkArguments } from "./networkArguments";
import { networkProblems } from "./networkProblems";

/** Either the holes that arguments ask for, or everything wrong with the arguments. */
export type NetworkJudgement =
  | { readonly holes: readonly ResolvedHole[]; readonly problems: readonly [] }
  | { readonly holes?: undefined; readonly problems: readonly Problem[] };

/** Judges the arguments of the network walls, and resolves the holes if nothing is wrong. */
export function judgeNetwork(args: NetworkArguments): NetworkJudgement {
  const problems = networkProblems(args);
  return problems.length > 0 ? { problems } : { holes: resolveHoles(args), problems: [] };
}

function resolveHoles(args: NetworkArguments): ResolvedHole[] {
  return (args.holes ?? []).map((hole) => ({
    hole: resolveHole(hole, args),
    state: hasExpired(hole, args.now) ? "expired" : "open",
  }));
}

function resolveHole(hole: HoleArgs, args: NetworkArguments): OpenHole {
  const { name, direction, podLabels = {}, reason, expiresAt } = hole;
  return {
    name,
    direction,
    podLabels,
    ...podPeerOf(hole, args),
    addressPeers: addressPeersOf(hole, args),
    ports: resolvePorts(hole.ports),
    reason,
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
}

function podPeerOf(hole: HoleArgs, { mesh }: NetworkArguments): Pick<OpenHole, "podPeer"> {
  const namespace = targetOf(hole) === "pods" ? namespaceOf(hole) : undefined;
  if (namespace === undefined) {
    return {};
  }
  const meshed = mesh !== undefined && (hole.meshed ?? true);
  return { podPeer: { namespace, podLabels: hole.peerPodLabels ?? {}, meshed } };
}

function hasExpired({ expiresAt }: HoleArgs, now: string | undefined): boolean {
  return expiresAt !== undefined && now !== undefined && hasPassed(expiresAt, now);
}
