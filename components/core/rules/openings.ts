/** What an opening in the network may be, whoever writes it down. */

/**
 * Ports of name resolution: plain, and encrypted (RFC 7858, RFC 9250). To addresses they are open for
 * the cluster's own resolvers alone: any other server that answers there can carry any traffic.
 */
export const nameResolutionPorts: readonly number[] = [53, 853];
