import { clusterNetworkProblems } from "./clusterNetwork";
import { dnsProblems } from "./dns";
import { holeProblems } from "./holes/problems";
import { type NetworkArguments } from "./networkArguments";
import { type Problem } from "../../core/problems";
import { protectedProblems } from "./protectedTargets";

/** Everything wrong with the network walls of an environment, found before anything is created. */
export function networkProblems(args: NetworkArguments): Problem[] {
  return [
    ...protectedProblems(args.protected),
    ...clusterNetworkProblems(args.clusterNetwork),
    ...dnsProblems(args.dns, args),
    ...holeProblems(args),
  ];
}
