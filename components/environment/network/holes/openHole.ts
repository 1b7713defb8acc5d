import { type HoleDirection, type HoleProtocol } from "../networkArgs";

/** A hole as it is made: everything that was left out is filled in. */
export interface OpenHole {
  readonly name: string;
  readonly direction: HoleDirection;
  /** Labels of the environment's own pods that get the hole; none means every pod. */
  readonly podLabels: Readonly<Record<string, string>>;
  /** Pods on the other side; `podLabels` without an entry means every pod of the namespace. */
  readonly podPeer?: {
    readonly namespace: string;
    readonly podLabels: Readonly<Record<string, string>>;
    /** Whether they are part of the service mesh. */
    readonly meshed: boolean;
  };
  /** Addresses on the other side. */
  readonly addressPeers: readonly { readonly cidr: string; readonly except: readonly string[] }[];
  readonly ports: readonly OpenPort[];
  readonly reason: string;
  readonly expiresAt?: string;
}

/** A port or a range of ports of a hole. */
export interface OpenPort {
  readonly port: number;
  readonly endPort?: number;
  readonly protocol: HoleProtocol;
}

/** The name of a hole's NetworkPolicy and of what a mesh has for the hole. */
export function holeObjectName({ name }: Pick<OpenHole, "name">): string {
  return `hole-${name}`;
}
