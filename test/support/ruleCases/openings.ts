import { type HoleArgs, HoleDirection, HolePeer } from "secure-environment";
import { holePolicySpec } from "#components/environment/network/holes/holes";
import { postRequest, groupPath } from "../../e2e/support/apiRequests";
import { login } from "../../e2e/attacks/places";
import { type Judged, type RuleCase } from "./ruleCase";
import { environmentArguments } from "./surroundings";
import { resolvedHoles } from "../../components/support/resolvedHoles";

/** What an opening in the network may be. */

type Rule = Readonly<Record<string, unknown>>;

/** What each judge says of it: nothing, a part of its message, or why it is not asked. */
interface Verdicts {
  readonly arguments?: Verdict;
  readonly apiServer?: Verdict;
  readonly pack?: Verdict;
}
type Verdict = string | { readonly notJudged: string };

type HoleSide = Omit<HoleArgs, "name" | "direction" | "reason">;

const https = [{ port: 443 }];
const { Egress, Ingress } = HoleDirection;
const allThree = (fault: Verdict, apiServer: Verdict, pack: Verdict): Verdicts => ({
  arguments: fault,
  apiServer,
  pack,
});

/** Pods of a namespace, as arguments say it. */
const namespace = (name: string, ports: HoleArgs["ports"] = https): HoleSide => ({
  peer: HolePeer.Namespace,
  namespace: name,
  ports,
});

/** A range of addresses, as arguments say it. */
const range = (cidr: string, ports: HoleArgs["ports"] = https, ...except: string[]): HoleSide => ({
  peer: HolePeer.Cidr,
  cidr,
  ports,
  ...(except.length === 0 ? {} : { except }),
});

const noPorts = allThree("is empty", "list their peers and their ports", "is missing, or leaves");
const tunnel = allThree(
  "a tunnel for any traffic",
  "the ports of name resolution",
  "a tunnel for any traffic",
);
const closed = allThree("overlaps", "opens protected addresses", "opens");
const protectedPeer = allThree(
  "is the protected namespace",
  "leads to a protected namespace",
  "selects a protected namespace",
);
const clusterPeer = allThree(
  "is a namespace of the cluster itself",
  "to a namespace of the cluster itself",
  "a namespace of the cluster itself",
);
const onlyNames = {
  notJudged: "arguments take a namespace by its name, and know no other way",
};

/** All of them. */
export const openingCases: readonly RuleCase[] = [
  hole("pods of a namespace on a port", Egress, namespace("databases"), {}),
  hole("pods of a namespace of the cluster on a port", Ingress, namespace("kube-system"), {}),
  hole("a range of addresses on a port", Egress, range("203.0.113.0/24"), {}),
  hole("a range of callers on port 53", Ingress, range("203.0.113.0/24", [{ port: 53 }]), {}),
  hole(
    "port 53 of SCTP, which no resolver speaks",
    Egress,
    range("203.0.113.0/24", [{ port: 53, protocol: "SCTP" }]),
    {},
  ),
  hole("the internet", Egress, { peer: HolePeer.Internet, ports: https }, {}),

  hole("pods of a namespace on no port", Egress, namespace("databases", []), noPorts),
  hole("pods of a namespace, from no port", Ingress, namespace("databases", []), noPorts),
  hole("a range of addresses on no port", Egress, range("203.0.113.0/24", []), noPorts),
  hole("a port without a number", Egress, range("203.0.113.0/24", [{ protocol: "TCP" } as never]), {
    ...noPorts,
    arguments: "is missing",
  }),
  hole("the resolver of a stranger", Egress, range("8.8.8.8/32", [{ port: 53 }]), tunnel),
  hole("an encrypted resolver", Egress, range("1.1.1.1/32", [{ port: 853 }]), tunnel),
  hole(
    "ports with those of name resolution among them",
    Egress,
    range("203.0.113.0/24", [{ port: 1, endPort: 1000 }]),
    tunnel,
  ),
  hole(
    "a port of addresses by a name",
    Egress,
    range("203.0.113.0/24", [{ port: "dns" } as never]),
    {
      arguments: "holes[0].ports[0].port",
      apiServer: "list their peers and their ports, each by its number",
      pack: "a tunnel for any traffic",
    },
  ),
  hole("a port of pods by a name", Egress, namespace("databases", [{ port: "sql" } as never]), {
    arguments: "holes[0].ports[0].port",
    apiServer: "list their peers and their ports, each by its number",
    pack: { notJudged: "it judges policies of any program, and a name is one port of each pod" },
  }),

  hole("staging", Egress, namespace("staging"), protectedPeer),
  hole("production", Ingress, namespace("production"), protectedPeer),
  hole("a namespace that is listed as protected", Egress, namespace("payments"), protectedPeer),
  hole("the system of the cluster", Egress, namespace("kube-system"), clusterPeer),
  hole("the default namespace", Egress, namespace("default"), clusterPeer),

  hole("a cloud's metadata", Egress, range("169.254.169.254/32"), closed),
  hole("loopback addresses", Egress, range("127.0.0.0/8"), closed),
  hole("multicast addresses", Egress, range("224.0.0.0/8"), closed),
  hole("a protected range", Egress, range("198.51.100.128/25"), closed),
  hole("many pods by their addresses", Egress, range("10.244.0.0/20"), {
    ...closed,
    pack: "holds addresses of the cluster",
  }),
  hole("a few pods by their addresses", Egress, range("10.244.3.0/28"), {
    ...closed,
    pack: { notJudged: "so few may be those of the API server or of a resolver" },
  }),
  hole(
    "addresses of IPv6 where those of the cluster are not known",
    Egress,
    range("2001:db8:1::/48"),
    {
      arguments: "has no IPv6 range",
      apiServer: "Holes to IPv6 addresses",
      pack: { notJudged: "its setting `clusterCidrs` need not be complete" },
    },
  ),
  hole("a 128th of all callers", Ingress, range("8.0.0.0/7"), {
    arguments: "is shorter than /8",
    apiServer: "lets in everybody",
    pack: "holds so many addresses",
  }),
  hole(
    "a 128th of all addresses, private ones among them",
    Egress,
    range("10.0.0.0/7", https, "10.96.0.0/16", "10.244.0.0/16"),
    {
      arguments: "is shorter than /8",
      apiServer: "opens private ones too",
      pack: "holds so many addresses",
    },
  ),
  hole("a 128th of all addresses, all of them public", Egress, range("8.0.0.0/7"), {
    arguments: "is shorter than /8",
    apiServer: { notJudged: "the internet is a hole, and this is a part of it" },
    pack: { notJudged: "the internet is a hole, and this is a part of it" },
  }),

  {
    ...opening(
      "the API server",
      onlyNames,
      egress({ to: [{ ipBlock: { cidr: "192.0.2.1/32" } }], ports: https }),
      {
        apiServer: "opens protected addresses",
        pack: { notJudged: "so few may be those of the API server or of a resolver" },
      },
    ),
    arguments: {
      shown: {
        args: {
          ...environmentArguments,
          clusterNetwork: { ...environmentArguments.clusterNetwork!, apiServer: ["192.0.2.1"] },
          holes: [
            {
              name: "case",
              reason: "a case",
              direction: Egress,
              peer: HolePeer.ApiServer,
              ports: https,
            },
          ],
        },
      },
      refuses: "a platform lets no pipeline do so",
    },
  },
  written("everybody", { ports: https }, "list their peers and their ports", "names nobody"),
  written(
    "every namespace",
    { to: [{ namespaceSelector: {} }], ports: https },
    "anybody may forge others",
    "is empty, so it selects every namespace",
  ),
  written(
    "namespaces by a label that anybody sets",
    { to: [{ namespaceSelector: { matchLabels: { team: "shop" } } }], ports: https },
    "anybody may forge others",
    "goes by labels",
  ),
  written(
    "namespaces by a list of names",
    {
      to: [
        {
          namespaceSelector: {
            matchExpressions: [
              { key: "kubernetes.io/metadata.name", operator: "In", values: ["databases"] },
            ],
          },
        },
      ],
      ports: https,
    },
    "anybody may forge others",
    { notJudged: "it judges policies of any program, and these are names as well" },
  ),
];

/** An opening that arguments can ask for. */
function hole(
  what: string,
  direction: HoleArgs["direction"],
  side: HoleSide,
  verdicts: Verdicts,
): RuleCase {
  const args: HoleArgs = { name: "case", reason: "a case of a rule", direction, ...side };
  const judgesArguments = judged(verdicts.arguments, {
    args: { ...environmentArguments, holes: [args] },
  });
  return opening(what, judgesArguments, specOf(args, verdicts), verdicts);
}

/** An opening that only an object can say. */
function written(what: string, rule: Rule, apiServer: Verdict, pack: Verdict): RuleCase {
  return opening(what, onlyNames, egress(rule), { apiServer, pack });
}

function opening(
  what: string,
  judgedArguments: RuleCase["arguments"],
  spec: object,
  { apiServer, pack }: Verdicts,
): RuleCase {
  const metadata = { name: "hole-case", namespace: login.namespace };
  const kind = { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy" };
  const object = { ...kind, metadata, spec };
  const path = groupPath(login, "networking.k8s.io", "networkpolicies");
  return {
    what: `an opening to ${what}`,
    arguments: judgedArguments,
    apiServer: judged(apiServer, postRequest(path, object)),
    pack: judged(pack, {
      type: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
      name: "case",
      properties: object,
    }),
  };
}

function judged<Shown>(verdict: Verdict | undefined, shown: Shown): Judged<Shown> {
  if (typeof verdict === "object") {
    return { ...verdict, shown };
  }
  return verdict === undefined ? { shown } : { shown, refuses: verdict };
}

/** What the component makes of a hole, or what somebody would write who wants the same. */
function specOf(args: HoleArgs, verdicts: Verdicts): object {
  if (verdicts.arguments === undefined) {
    const [resolved] = resolvedHoles({ ...environmentArguments, holes: [args] });
    return holePolicySpec(resolved!.hole);
  }
  const peer =
    args.cidr === undefined
      ? {
          namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": args.namespace } },
          podSelector: {},
        }
      : { ipBlock: { cidr: args.cidr, ...(args.except && { except: args.except }) } };
  return args.direction === Egress
    ? egress({ to: [peer], ports: args.ports })
    : { podSelector: {}, policyTypes: ["Ingress"], ingress: [{ from: [peer], ports: args.ports }] };
}

function egress(rule: Rule): object {
  return { podSelector: {}, policyTypes: ["Egress"], egress: [rule] };
}
