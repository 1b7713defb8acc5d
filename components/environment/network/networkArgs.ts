/** Which way a hole lets traffic through, seen from the environment. */
export const HoleDirection = {
  /** From outside into the environment. */
  Ingress: "ingress",
  /** From the environment to the outside. */
  Egress: "egress",
} as const;
export type HoleDirection = (typeof HoleDirection)[keyof typeof HoleDirection];

/** Who is on the other side of a hole. */
export const HolePeer = {
  /** The pods of the ingress controller. Ingress only. */
  IngressController: "ingressController",
  /** The pods that collect metrics. Ingress only. */
  Monitoring: "monitoring",
  /** Tests from outside: pods of another namespace, or a range of addresses. Ingress only. */
  TestRunner: "testRunner",
  /** The cluster's API server, at the addresses of `clusterNetwork.apiServer`. Egress only. */
  ApiServer: "apiServer",
  /** The pods of another namespace. */
  Namespace: "namespace",
  /** A range of addresses outside the cluster. */
  Cidr: "cidr",
  /**
   * An ingress controller on the network of its nodes: at most 256 addresses of `clusterNetwork.nodes`.
   * Whatever else has the address of these nodes comes in too. Ingress only.
   */
  Nodes: "nodes",
  /** Every public IPv4 address that is not protected and not part of the cluster. Egress only. */
  Internet: "internet",
} as const;
export type HolePeer = (typeof HolePeer)[keyof typeof HolePeer];

/** Protocols that a network policy can tell apart. */
export const HoleProtocol = {
  /** TCP. */
  Tcp: "TCP",
  /** UDP. */
  Udp: "UDP",
  /** SCTP. */
  Sctp: "SCTP",
} as const;
export type HoleProtocol = (typeof HoleProtocol)[keyof typeof HoleProtocol];

/** Ports of a hole. */
export interface HolePortArgs {
  /** The port, or the first one of a range: 1 to 65535. */
  port: number;
  /**
   * The last port of a range.
   *
   * Defaults to `port`.
   */
  endPort?: number;
  /**
   * The protocol.
   *
   * Defaults to `TCP`.
   */
  protocol?: HoleProtocol;
}

/** An opening in the network isolation, made on purpose. It becomes one NetworkPolicy. */
export interface HoleArgs {
  /** Names the hole and, as `hole-<name>`, its NetworkPolicy: at most 50 of `a-z`, `0-9` and `-`. */
  name: string;
  /** Which way it lets traffic through. */
  direction: HoleDirection;
  /** Who is on the other side. */
  peer: HolePeer;
  /**
   * The namespace of the other side, by its name, for the peers `ingressController`, `monitoring`,
   * `testRunner` and `namespace`.
   *
   * Defaults to `ingress-nginx` for the ingress controller and to `monitoring` for monitoring.
   */
  namespace?: string;
  /**
   * Labels of the pods on the other side.
   *
   * Defaults to every pod of that namespace.
   */
  peerPodLabels?: Record<string, string>;
  /**
   * The range of addresses on the other side, such as `203.0.113.0/24`, for the peers `cidr`,
   * `nodes` and `testRunner`. It needs `clusterNetwork`, so that it is certain that it holds no pod.
   */
  cidr?: string;
  /**
   * Ranges inside `cidr` that stay closed.
   *
   * Defaults to none.
   */
  except?: string[];
  /** The ports: of the environment's pods for ingress, of the other side for egress. */
  ports: HolePortArgs[];
  /**
   * Labels of the environment's own pods that get the hole.
   *
   * Defaults to every pod of the environment.
   */
  podLabels?: Record<string, string>;
  /**
   * Whether the pods on the other side are part of the service mesh, for environments with `mesh`.
   *
   * Defaults to true for pods; addresses never are.
   */
  meshed?: boolean;
  /** Why the hole is there, for whoever finds it. */
  reason: string;
  /**
   * When the hole closes, with the first run after it: RFC 3339 in UTC, such as
   * `2027-01-31T18:00:00Z`. It needs `now`.
   *
   * Defaults to none: it stays as long as the environment.
   */
  expiresAt?: string;
}

/** How the cluster resolves names. */
export const DnsProfile = {
  /** Pods `k8s-app: kube-dns` in `kube-system`: CoreDNS and kube-dns. */
  KubeDns: "kubeDns",
  /** NodeLocal DNSCache on 169.254.20.10, and the pods behind it. */
  NodeLocalDnsCache: "nodeLocalDnsCache",
  /** A managed resolver on the metadata address 169.254.169.254, port 53 only: GKE Cloud DNS. */
  MetadataResolver: "metadataResolver",
  /** Pods or single addresses that are given here. */
  Custom: "custom",
} as const;
export type DnsProfile = (typeof DnsProfile)[keyof typeof DnsProfile];

/** Where names are resolved. */
export interface DnsArgs {
  /** How the cluster resolves names. */
  profile: DnsProfile;
  /**
   * Single addresses of resolvers, for `custom`, and of the DNS Service, for `nodeLocalDnsCache`.
   *
   * Defaults to none.
   */
  addresses?: string[];
  /**
   * Namespace of the resolver's pods, for `custom`, such as `openshift-dns`.
   *
   * Defaults to none: only addresses count.
   */
  namespace?: string;
  /** Labels of the resolver's pods, for `custom` with a namespace. */
  podLabels?: Record<string, string>;
  /**
   * Port of the resolver's pods and addresses, over UDP and TCP, for `custom`.
   *
   * Defaults to 53.
   */
  port?: number;
}

/** What no hole may reach, besides what is always closed. */
export interface ProtectedArgs {
  /**
   * Namespaces that no hole may name: names, or patterns in which `*` stands for any text. The
   * namespaces `staging`, `stage`, `production` and `prod` always are.
   *
   * Defaults to none.
   */
  namespaces?: string[];
  /**
   * Ranges of addresses that no hole may overlap, such as those of production or of an office.
   *
   * Defaults to none.
   */
  cidrs?: string[];
}

/** The cluster's own addresses, so that no hole to addresses opens them by accident. */
export interface ClusterNetworkArgs {
  /** Ranges of the pods, IPv4 and IPv6. */
  pods: string[];
  /** Ranges of the Services, IPv4 and IPv6. */
  services: string[];
  /** Ranges of the nodes, IPv4 and IPv6. */
  nodes: string[];
  /**
   * Addresses of the API server, for holes to it: those of its endpoints and of its Service, since
   * network plugins differ in which of the two they judge.
   *
   * Defaults to none.
   */
  apiServer?: string[];
}
