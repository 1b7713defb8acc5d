/**
 * One end of a connection: a pod by `namespace/name`, or an address. The address of a single pod
 * among the objects stands for that pod; every other one is outside the cluster.
 */
export type Endpoint = { readonly pod: string } | { readonly address: string };

/** A port of the target, by its number. */
export interface TargetPort {
  readonly port: number;
  readonly protocol: "TCP" | "UDP" | "SCTP";
}

/** What one side of a connection says. */
export interface SideVerdict {
  readonly allowed: boolean;
  /**
   * The rules that allow it, such as `review-a/dns egress[0]`. Without policies that select the
   * pod, or for an address outside, there are none and it is allowed. When it is refused, these
   * are the policies that isolate the pod in this direction, such as `review-a/default-deny`.
   */
  readonly by: readonly string[];
}

/** Whether one end can reach the other: both sides must allow it. */
export interface Verdict {
  readonly allowed: boolean;
  readonly egress: SideVerdict;
  readonly ingress: SideVerdict;
}
