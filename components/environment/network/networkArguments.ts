import { type Mesh } from "../mesh/meshArgs";
import {
  type ClusterNetworkArgs,
  type DnsArgs,
  type HoleArgs,
  type ProtectedArgs,
} from "./networkArgs";

/** The part of the arguments that defines the network walls of an environment. */
export interface NetworkArguments {
  readonly holes?: readonly HoleArgs[];
  /** The present instant, against which the expiry of holes is judged. */
  readonly now?: string;
  readonly dns?: DnsArgs;
  readonly protected?: ProtectedArgs;
  readonly clusterNetwork?: ClusterNetworkArgs;
  readonly mesh?: Mesh;
}
