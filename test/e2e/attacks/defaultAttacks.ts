import { labels } from "#components/core/labels";
import { bent, groupPath, patchRequest } from "../support/apiRequests";
import { type Attack, type Attempt, attemptsBy } from "./attack";
import { annotationsBy } from "./annotations";
import { bindingAttacks } from "./bindings";
import { existingNamespaceAttacks } from "./existingNamespaces";
import { newIngress, newRoute } from "./guestRequests";
import { metadataAttacks } from "./metadata";
import { networkPolicyAttacks } from "./networkPolicies";
import { clusterAttacks } from "./cluster";
import { describeNamespace, newNamespace } from "./pipelineRequests";
import { aged, fresh, login, nodePool, type Place } from "./places";
import { ownersBy } from "./owners";
import { driverAttacks, podAttacks } from "./pods";
import { protectionAttacks } from "./protection";
import { fence, guardRails } from "./reasons";
import { byAccessControl, type Refusal } from "./refusal";
import { wallAttacks } from "./walls";

/**
 * Attacks on a platform of which nothing is said but whose it is: it has no domain, no node pools,
 * and knows none of the cluster's addresses.
 */

/** What is judged by the arguments that this platform has not, and why it is refused instead. */
const instead = new Map<Refusal, Refusal>([
  [fence.holeToAddresses, fence.holeToUnknown],
  [fence.holeToIpv6, fence.holeToUnknown],
  [fence.holeForEverybody, fence.holeToUnknown],
  [fence.holeToPrivate, fence.holeToUnknown],
  [fence.holeToResolvers, fence.holeToUnknown],
  [fence.poolAnnotations, fence.annotations],
]);

/** A namespace that is no environment. */
const ordinary: Place = { ...login, namespace: "ordinary" };

const harm = "whoever calls the host would get the branch";
const hosts: readonly (readonly [Attempt, elsewhere: Attempt["request"]])[] = [
  [
    {
      what: "makes an ingress",
      harm,
      request: newIngress(login),
      refusal: guardRails.ingressesOff,
    },
    newIngress(ordinary),
  ],
  [
    { what: "makes a route", harm, request: newRoute(login), refusal: guardRails.routesOff },
    newRoute(ordinary),
  ],
];

const ingress = `${groupPath(aged, "networking.k8s.io", "ingresses")}/web`;
const route = `${groupPath(aged, "gateway.networking.k8s.io", "httproutes")}/web`;
const labelled = { metadata: { labels: { tier: "web" } } };

const hostAttacks: readonly Attack[] = [
  ...hosts.flatMap(([attempt, elsewhere]) =>
    [
      ...(["misboundClusterAdmin", "operator"] as const).map((who) => ({ who, ...attempt })),
      ...(["developer", "deployer"] as const).map((who) => ({
        who,
        ...attempt,
        refusal: byAccessControl,
      })),
    ].map((attack) => ({ ...attack, twin: { by: "operator" as const, request: elsewhere } })),
  ),
  ...attemptsBy("operator", patchRequest(ingress, labelled), [
    {
      what: "moves an ingress from before the platform",
      harm,
      request: patchRequest(ingress, { spec: { rules: [{ host: "shop.example.com" }] } }),
      refusal: guardRails.ingressesOff,
    },
  ]),
  ...attemptsBy("operator", patchRequest(`${ingress}/status`, { status: {} }), [
    {
      what: "gives an ingress from before the platform a host by an annotation beside its status",
      harm,
      request: patchRequest(`${ingress}/status`, {
        metadata: { annotations: { "external-dns.alpha.kubernetes.io/hostname": "example.com" } },
      }),
      refusal: guardRails.ingressesOff,
    },
  ]),
  ...attemptsBy("operator", patchRequest(route, labelled), [
    {
      what: "moves a route from before the platform",
      harm,
      request: patchRequest(route, { spec: { hostnames: ["shop.example.com"] } }),
      refusal: guardRails.routesOff,
    },
  ]),
];

const onNoPool = bent(newNamespace(fresh), { metadata: { labels: { [labels.nodePool]: null } } });

const poolAttacks = [
  ...attemptsBy("shopPipeline", onNoPool, [
    {
      what: "makes an environment on nodes that nobody set aside",
      harm: "its pods would run beside those of others",
      request: bent(onNoPool, { metadata: { labels: { [labels.nodePool]: nodePool } } }),
      refusal: fence.pool,
    },
  ]),
  ...attemptsBy("shopPipeline", describeNamespace(login), [
    {
      what: "moves its environment to nodes that nobody set aside",
      harm: "its pods would run beside those of others",
      request: bent(describeNamespace(login), {
        metadata: { labels: { [labels.nodePool]: nodePool } },
      }),
      refusal: fence.pool,
    },
  ]),
];

const describedAs = (text: string) =>
  bent(onNoPool, { metadata: { annotations: { "secure-environment/branch": text } } });

const sizeAttacks = attemptsBy("shopPipeline", describedAs("x".repeat(60_000)), [
  {
    what: "makes a namespace with a large annotation",
    harm: "a loop of changes would fill etcd, and nobody in the cluster could write",
    request: describedAs("x".repeat(66_000)),
    refusal: fence.namespaceSize,
  },
]);

/** What is judged by settings that this platform has not. Nobody is a debugger here. */
const podRefusals: readonly Refusal[] = [
  guardRails.apiTokens,
  guardRails.projection,
  guardRails.placement,
  guardRails.reach,
  guardRails.report,
];

/** Every attack, by its class. */
export const defaultAttackClasses: Readonly<Record<string, readonly Attack[]>> = {
  "namespaces and node pools": [...existingNamespaceAttacks, ...poolAttacks, ...sizeAttacks].map(
    judgedInstead,
  ),
  "network policies": [...networkPolicyAttacks, ...wallAttacks.filter(isOnNetwork)].map(
    judgedInstead,
  ),
  "labels, annotations, owners and finalizers": metadataAttacks,
  "roles and bindings": bindingAttacks,
  hosts: hostAttacks,
  "owners that objects hold": ownersBy(["developer", "deployer", "unlistedOperator"]),
  "annotations by which others act": annotationsBy(["developer", "deployer"]),
  "volumes of drivers": driverAttacks(undefined),
  "tokens and places of pods": [...podAttacks, ...clusterAttacks].filter(
    ({ who, refusal }) => who !== "debugger" && podRefusals.includes(refusal),
  ),
  "protected namespaces and markers": protectionAttacks,
};

function isOnNetwork({ refusal }: Attack): boolean {
  return refusal === fence.networkStays;
}

function judgedInstead(attack: Attack): Attack {
  return { ...attack, refusal: instead.get(attack.refusal) ?? attack.refusal };
}
