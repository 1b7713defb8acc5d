import { meshIngressHoles, type MeshObject, type MeshRules, tcpPorts } from "./meshRules";
import { meshMarks } from "../../core/meshes";
import { objectNames } from "../../core/objectNames";
import { holeObjectName, type OpenHole } from "../network/holes/openHole";
import { podPeer } from "../network/networkPolicyPeers";

const group = "policy.linkerd.io";
const controlPlane = "linkerd";
const component = "linkerd.io/control-plane-component";

/**
 * Protocols in which the server speaks first: Linkerd would wait ten seconds for the client. A
 * Server replaces the list that Linkerd has for these, so it is repeated.
 * See https://linkerd.io/2/features/protocol-detection/ and `proxy.opaquePorts` of the chart.
 */
const opaquePorts: readonly number[] = [25, 587, 3306, 4444, 5432, 6379, 9300, 11211];

/**
 * Linkerd. Its proxies send everything to each other's port 4143, whatever port was asked for:
 * between meshed pods a network policy sees that port alone, so that the ports of holes are bound
 * by Linkerd's own policies. The proxies ask the control plane on the ports that follow.
 * See https://linkerd.io/2/common-errors/network-policy/,
 * https://github.com/linkerd/linkerd2/issues/15246 and the Services of the linkerd-control-plane
 * chart.
 */
export const linkerd: MeshRules = {
  namespaceLabels: {},
  namespaceAnnotations: {
    ...meshMarks.linkerd.annotations,
    "config.linkerd.io/default-inbound-policy": "deny",
  },
  policies: [
    {
      objectName: objectNames.meshControlPlane,
      spec: {
        podSelector: {},
        policyTypes: ["Egress"],
        egress: [
          {
            to: [podPeer(controlPlane, { [component]: "destination" })],
            ports: [
              { port: 8086, protocol: "TCP" },
              { port: 8090, protocol: "TCP" },
            ],
          },
          {
            to: [podPeer(controlPlane, { [component]: "identity" })],
            ports: [{ port: 8080, protocol: "TCP" }],
          },
        ],
      },
    },
  ],
  tunnelPort: 4143,
  objects: linkerdObjects,
};

/**
 * Linkerd denies by default, and authorizes by port: an AuthorizationPolicy for the namespace is
 * one for its Servers, and a Server has one port. Two Servers must not choose the same port of a
 * pod, so there is one for each port and every pod; who reaches which pods, the network policies
 * say.
 * See https://linkerd.io/2/reference/authorization-policy/
 */
function linkerdObjects(holes: readonly OpenHole[], ownPorts: readonly number[]): MeshObject[] {
  const ingressHoles = meshIngressHoles(holes);
  const ports = new Set([...ownPorts, ...ingressHoles.flatMap(tcpPorts)]);
  return [
    {
      apiVersion: `${group}/v1alpha1`,
      kind: "MeshTLSAuthentication",
      objectName: objectNames.sameEnvironment,
      specIn: (namespace) => ({ identityRefs: [{ kind: "Namespace", name: namespace }] }),
    },
    {
      apiVersion: `${group}/v1alpha1`,
      kind: "AuthorizationPolicy",
      objectName: objectNames.sameEnvironment,
      specIn: (namespace) => ({
        targetRef: { kind: "Namespace", name: namespace },
        requiredAuthenticationRefs: [
          reference("MeshTLSAuthentication", objectNames.sameEnvironment),
        ],
      }),
    },
    ...[...ports].sort((one, other) => one - other).map(server),
    ...ingressHoles.flatMap(holeObjects),
  ];
}

function server(port: number): MeshObject {
  return {
    apiVersion: `${group}/v1beta3`,
    kind: "Server",
    objectName: serverName(port),
    specIn: () => ({
      podSelector: {},
      port,
      proxyProtocol: opaquePorts.includes(port) ? "opaque" : "unknown",
      accessPolicy: "deny",
    }),
  };
}

function holeObjects(hole: OpenHole): MeshObject[] {
  return authentications(hole).flatMap((authentication) => [
    authentication,
    ...tcpPorts(hole).map((port) => authorization(hole, port, authentication.kind)),
  ]);
}

/** Who comes through the hole. Pods outside the mesh have no identity: only their way is known. */
function authentications(hole: OpenHole): MeshObject[] {
  const { podPeer, addressPeers } = hole;
  if (podPeer?.meshed === true) {
    return [
      authentication(hole, "MeshTLSAuthentication", {
        identityRefs: [{ kind: "Namespace", name: podPeer.namespace }],
      }),
    ];
  }
  const networks =
    podPeer === undefined ? addressPeers.map(network) : [{ cidr: "0.0.0.0/0" }, { cidr: "::/0" }];
  return [authentication(hole, "NetworkAuthentication", { networks })];
}

function network({ cidr, except }: OpenHole["addressPeers"][number]) {
  return except.length === 0 ? { cidr } : { cidr, except: [...except] };
}

function authentication(
  hole: OpenHole,
  kind: "MeshTLSAuthentication" | "NetworkAuthentication",
  spec: Record<string, unknown>,
): MeshObject {
  return {
    apiVersion: `${group}/v1alpha1`,
    kind,
    objectName: holeObjectName(hole),
    specIn: () => spec,
  };
}

function authorization(hole: OpenHole, port: number, kind: string): MeshObject {
  return {
    apiVersion: `${group}/v1alpha1`,
    kind: "AuthorizationPolicy",
    objectName: `${holeObjectName(hole)}-${port}`,
    specIn: () => ({
      targetRef: reference("Server", serverName(port)),
      requiredAuthenticationRefs: [reference(kind, holeObjectName(hole))],
    }),
  };
}

function serverName(port: number): string {
  return `port-${port}`;
}

function reference(kind: string, name: string) {
  return { group, kind, name };
}
