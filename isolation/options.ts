/** How what the specification leaves open is judged. */
export interface IsolationOptions {
  /**
   * Whether an `ipBlock` also matches pods by their addresses, which the specification leaves to
   * the network plugin. `true`, the wider reading and the default, is Calico's and most others';
   * `false` is Cilium's, whose ranges match neither pods nor nodes.
   * See https://docs.cilium.io/en/stable/security/policy/caveats/
   */
  readonly ipBlocksMatchPods?: boolean;
  /**
   * Where pods get their addresses from, such as `["10.244.0.0/16"]`. A pod that has none yet, as
   * in a manifest, counts as matched by every `ipBlock` that holds one of these. Without them, no
   * `ipBlock` matches it.
   */
  readonly podCidrs?: readonly string[];
}
