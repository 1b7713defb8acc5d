import {
  admitsPlainText,
  meshIngressHoles,
  type MeshObject,
  type MeshRules,
  tcpPorts,
} from "./meshRules";
import { meshMarks } from "../../core/meshes";
import { objectNames } from "../../core/objectNames";
import { holeObjectName, type OpenHole } from "../network/holes/openHole";
import { podPeer } from "../network/networkPolicyPeers";
import { probeAddresses } from "../../core/specialAddresses";

const apiVersion = "security.istio.io/v1";

/**
 * Istio with sidecars. They keep the application's port, so network policies bind it as ever, and
 * ask istiod on port 15012.
 * See https://istio.io/latest/docs/ops/deployment/application-requirements/#ports-used-by-istio
 */
export const istio: MeshRules = {
  namespaceLabels: meshMarks.istio.labels,
  namespaceAnnotations: {},
  policies: [
    {
      objectName: objectNames.meshControlPlane,
      spec: {
        podSelector: {},
        policyTypes: ["Egress"],
        egress: [
          {
            to: [podPeer("istio-system", { app: "istiod" })],
            ports: [{ port: 15012, protocol: "TCP" }],
          },
        ],
      },
    },
  ],
  objects: istioObjects,
};

/**
 * Istio's ambient mode. Meshed pods reach each other on port 15008, whatever port was asked for:
 * between them a network policy sees that port alone, so that the ports of holes are bound by
 * Istio's own policies. The node's ztunnel speaks with istiod, the pods do not. The kubelet's
 * probes come from addresses that Istio sets, which some network plugins do not take for the node.
 * See https://istio.io/latest/docs/ambient/usage/networkpolicy/ and, for IPv6, the defaults of
 * `HOST_PROBE_V6_SNAT_ADDRESS` in istio-cni.
 */
export const ambient: MeshRules = {
  namespaceLabels: meshMarks.ambient.labels,
  namespaceAnnotations: {},
  policies: [
    {
      objectName: objectNames.meshProbes,
      spec: {
        podSelector: {},
        policyTypes: ["Ingress"],
        ingress: [{ from: probeAddresses.map((cidr) => ({ ipBlock: { cidr } })) }],
      },
    },
  ],
  tunnelPort: 15008,
  objects: istioObjects,
};

/**
 * An AuthorizationPolicy without a selector holds for every pod of the namespace, and with one in
 * force, traffic that none of them allows is denied.
 * See https://istio.io/latest/docs/reference/config/security/authorization-policy/
 */
function istioObjects(holes: readonly OpenHole[]): MeshObject[] {
  const ingressHoles = meshIngressHoles(holes);
  return [
    {
      apiVersion,
      kind: "PeerAuthentication",
      objectName: objectNames.strictMutualTls,
      specIn: () => ({ mtls: { mode: "STRICT" } }),
    },
    {
      apiVersion,
      kind: "AuthorizationPolicy",
      objectName: objectNames.sameEnvironment,
      specIn: (namespace) => ({
        action: "ALLOW",
        rules: [{ from: [{ source: { namespaces: [namespace] } }] }],
      }),
    },
    ...plainTextObjects(ingressHoles),
    ...ingressHoles.map(authorization),
  ];
}

function authorization(hole: OpenHole): MeshObject {
  const ports = tcpPorts(hole).map(String);
  return {
    apiVersion,
    kind: "AuthorizationPolicy",
    objectName: holeObjectName(hole),
    specIn: () => ({
      action: "ALLOW",
      ...selecting(hole.podLabels),
      rules: [
        {
          from: sources(hole).map((source) => ({ source })),
          to: [{ operation: { ports } }],
        },
      ],
    }),
  };
}

/** Who comes through the hole. Pods outside the mesh are those without an identity. */
function sources({ podPeer, addressPeers }: OpenHole): Record<string, string[]>[] {
  if (podPeer !== undefined) {
    return [podPeer.meshed ? { namespaces: [podPeer.namespace] } : { notPrincipals: ["*"] }];
  }
  return addressPeers.map(({ cidr, except }): Record<string, string[]> =>
    except.length === 0 ? { ipBlocks: [cidr] } : { ipBlocks: [cidr], notIpBlocks: [...except] },
  );
}

/**
 * Who is no part of the mesh speaks no mutual TLS: the ports of these holes take both. Of several
 * PeerAuthentications that choose a pod only the oldest counts, so holes for the same pods share
 * one.
 * See https://istio.io/latest/docs/reference/config/security/peer_authentication/
 */
function plainTextObjects(ingressHoles: readonly OpenHole[]): MeshObject[] {
  const plainTextHoles = ingressHoles.filter(admitsPlainText);
  const groups = new Map(plainTextHoles.map((hole) => [podsKey(hole), hole.podLabels]));
  return [...groups].map(([pods, podLabels]) =>
    plainText(
      podLabels,
      plainTextHoles.filter((hole) => podsKey(hole) === pods),
    ),
  );
}

function plainText(podLabels: OpenHole["podLabels"], holes: readonly OpenHole[]): MeshObject {
  const ports = holes.flatMap(tcpPorts);
  return {
    apiVersion,
    kind: "PeerAuthentication",
    objectName: smallest(holes.map(holeObjectName)),
    specIn: () => ({
      ...selecting(podLabels),
      mtls: { mode: "STRICT" },
      portLevelMtls: Object.fromEntries(ports.map((port) => [port, { mode: "PERMISSIVE" }])),
    }),
  };
}

/** The same name whatever the order in which holes are written. */
function smallest(names: readonly string[]): string {
  return names.reduce((one, other) => (other < one ? other : one));
}

function podsKey({ podLabels }: OpenHole): string {
  return JSON.stringify(Object.entries(podLabels).sort());
}

function selecting(podLabels: Readonly<Record<string, string>>) {
  return Object.keys(podLabels).length === 0 ? {} : { selector: { matchLabels: { ...podLabels } } };
}
