/** Who holds the environment's pods on their nodes. */
export const NodePoolEnforcement = {
  /** The admission plugins PodNodeSelector and PodTolerationRestriction, told by annotations. */
  AdmissionPlugins: "admissionPlugins",
  /** The platform's admission policy, told by the namespace's label. */
  Platform: "platform",
  /** Both. */
  Both: "both",
} as const;
export type NodePoolEnforcement = (typeof NodePoolEnforcement)[keyof typeof NodePoolEnforcement];

/** The nodes on which the environment's pods run: those with the pool's label and taint. */
export interface NodePoolArgs {
  /**
   * The pool, as the value of its nodes' label and taint: a shared one such as `review`.
   *
   * Defaults to none; then `dedicated` has to be true.
   */
  name?: string;
  /**
   * Whether the environment has a pool to itself, named like its namespace.
   *
   * Defaults to false.
   */
  dedicated?: boolean;
  /**
   * Key of the label and of the taint (`NoSchedule`) that the pool's nodes have.
   *
   * Defaults to `secure-environment/node-pool`.
   */
  nodeLabel?: string;
  /**
   * Who enforces it.
   *
   * Defaults to `both`.
   */
  enforcement?: NodePoolEnforcement;
}
