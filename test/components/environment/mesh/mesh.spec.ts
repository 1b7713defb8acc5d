import { expect } from "chai";
import {
  meshNamespaceAnnotations,
  meshNamespaceLabels,
  meshObjects,
  meshPolicySpecs,
} from "#components/environment/mesh/mesh";
import { Mesh } from "#components/environment/mesh/meshArgs";
import { type OpenHole } from "#components/environment/network/holes/openHole";
import { meshHoles } from "../../support/meshes/holes";

const everyMesh = Object.values(Mesh);
const byName = "kubernetes.io/metadata.name";

const database: OpenHole = {
  name: "database",
  direction: "egress",
  podLabels: { app: "shop" },
  podPeer: { namespace: "databases", podLabels: {}, meshed: true },
  addressPeers: [],
  ports: [{ port: 5432, protocol: "TCP" }],
  reason: "The shop reads the catalogue.",
};

describe("an environment that is part of a mesh", () => {
  it("enrols its namespace by labels and annotations that are a closed list", () => {
    expect(everyMesh.map(meshNamespaceLabels)).to.deep.equal([
      {},
      { "istio-injection": "enabled" },
      { "istio.io/dataplane-mode": "ambient" },
    ]);
    expect(everyMesh.map(meshNamespaceAnnotations)).to.deep.equal([
      { "linkerd.io/inject": "enabled", "config.linkerd.io/default-inbound-policy": "deny" },
      {},
      {},
    ]);
  });

  it("is in no mesh unless it asks for one", () => {
    expect([meshNamespaceLabels(undefined), meshNamespaceAnnotations(undefined)]).to.deep.equal([
      {},
      {},
    ]);
  });

  it("has every object once, also for a hole that names a port twice", () => {
    const [ingress] = meshHoles as [OpenHole];
    const twice = { ...ingress, ports: [...ingress.ports, ...ingress.ports] };
    for (const mesh of everyMesh) {
      expect(textsOf(meshObjects(mesh, [twice])), mesh).to.deep.equal(
        textsOf(meshObjects(mesh, [ingress])),
      );
    }
  });

  it("reaches no more of the control plane than its proxies need", () => {
    expect(meshPolicySpecs("linkerd", [])).to.deep.equal([
      {
        objectName: "mesh-control-plane",
        spec: {
          podSelector: {},
          policyTypes: ["Egress"],
          egress: [
            {
              to: [linkerdPods("destination")],
              ports: [
                { port: 8086, protocol: "TCP" },
                { port: 8090, protocol: "TCP" },
              ],
            },
            { to: [linkerdPods("identity")], ports: [{ port: 8080, protocol: "TCP" }] },
          ],
        },
      },
    ]);
    expect(meshPolicySpecs("istio", [])).to.deep.equal([
      {
        objectName: "mesh-control-plane",
        spec: {
          podSelector: {},
          policyTypes: ["Egress"],
          egress: [
            {
              to: [
                {
                  namespaceSelector: { matchLabels: { [byName]: "istio-system" } },
                  podSelector: { matchLabels: { app: "istiod" } },
                },
              ],
              ports: [{ port: 15012, protocol: "TCP" }],
            },
          ],
        },
      },
    ]);
  });

  it("admits in ambient the kubelet's probes from the addresses that istio gives them", () => {
    expect(meshPolicySpecs("ambient", [])).to.deep.equal([
      {
        objectName: "mesh-probes",
        spec: {
          podSelector: {},
          policyTypes: ["Ingress"],
          ingress: [
            {
              from: [
                { ipBlock: { cidr: "169.254.7.127/32" } },
                { ipBlock: { cidr: "fd16:9254:7127:1337:ffff:ffff:ffff:ffff/128" } },
              ],
            },
          ],
        },
      },
    ]);
  });

  for (const [mesh, port] of [
    ["linkerd", 4143],
    ["ambient", 15008],
  ] as const) {
    it(`opens port ${port} between the pods of a meshed hole in ${mesh}, in its direction`, () => {
      const policies = meshPolicySpecs(mesh, [...meshHoles, database]).slice(1);
      expect(policies).to.deep.equal([
        {
          objectName: "mesh-hole-ingress",
          spec: {
            podSelector: {},
            policyTypes: ["Ingress"],
            ingress: [
              {
                from: [
                  {
                    namespaceSelector: { matchLabels: { [byName]: "ingress-nginx" } },
                    podSelector: { matchLabels: { app: "controller" } },
                  },
                ],
                ports: [{ port, protocol: "TCP" }],
              },
            ],
          },
        },
        {
          objectName: "mesh-hole-database",
          spec: {
            podSelector: { matchLabels: { app: "shop" } },
            policyTypes: ["Egress"],
            egress: [
              {
                to: [
                  {
                    namespaceSelector: { matchLabels: { [byName]: "databases" } },
                    podSelector: {},
                  },
                ],
                ports: [{ port, protocol: "TCP" }],
              },
            ],
          },
        },
      ]);
    });

    it(`opens no tunnel in ${mesh} for who is no part of it, nor for other protocols than TCP`, () => {
      const holes: OpenHole[] = [
        { ...database, podPeer: { namespace: "databases", podLabels: {}, meshed: false } },
        { ...database, ports: [{ port: 53, protocol: "UDP" }] },
      ];
      expect(meshPolicySpecs(mesh, holes)).to.have.length(1);
    });
  }

  it("opens no tunnel in istio, whose sidecars keep the application's port", () => {
    expect(meshPolicySpecs("istio", [...meshHoles, database])).to.have.length(1);
  });

  it("says to istio: mutual TLS, the environment itself, and the holes with their ports", () => {
    expect(described("istio", meshHoles)).to.deep.equal({
      "PeerAuthentication/strict-mutual-tls": { mtls: { mode: "STRICT" } },
      "AuthorizationPolicy/same-environment": {
        action: "ALLOW",
        rules: [{ from: [{ source: { namespaces: ["review-login"] } }] }],
      },
      "PeerAuthentication/hole-tests": {
        selector: { matchLabels: { app: "shop" } },
        mtls: { mode: "STRICT" },
        portLevelMtls: { "8443": { mode: "PERMISSIVE" } },
      },
      "AuthorizationPolicy/hole-ingress": {
        action: "ALLOW",
        rules: [
          {
            from: [{ source: { namespaces: ["ingress-nginx"] } }],
            to: [{ operation: { ports: ["8080"] } }],
          },
        ],
      },
      "AuthorizationPolicy/hole-tests": {
        action: "ALLOW",
        selector: { matchLabels: { app: "shop" } },
        rules: [
          {
            from: [{ source: { ipBlocks: ["203.0.113.0/24"], notIpBlocks: ["203.0.113.128/25"] } }],
            to: [{ operation: { ports: ["8443"] } }],
          },
        ],
      },
    });
  });

  it("says the same to istio's ambient mode as to its sidecars", () => {
    expect(described("ambient", meshHoles)).to.deep.equal(described("istio", meshHoles));
  });

  it("shares one PeerAuthentication between holes for the same pods, named the same in any order", () => {
    const [, tests] = meshHoles as [OpenHole, OpenHole];
    const more = { ...tests, name: "more", ports: [{ port: 9443, protocol: "TCP" as const }] };
    for (const holes of [
      [tests, more],
      [more, tests],
    ]) {
      const objects = described("istio", holes);
      expect(objects["PeerAuthentication/hole-more"]).to.deep.include({
        portLevelMtls: { "8443": { mode: "PERMISSIVE" }, "9443": { mode: "PERMISSIVE" } },
      });
      expect(objects).not.to.have.property("PeerAuthentication/hole-tests");
    }
  });

  it("takes plain text on no other ports of a pod than those of its own holes", () => {
    const [, tests] = meshHoles as [OpenHole, OpenHole];
    const admin: OpenHole = {
      ...tests,
      name: "admin",
      podLabels: { app: "admin" },
      ports: [{ port: 9443, protocol: "TCP" }],
    };
    const objects = described("istio", [tests, admin]);
    expect(objects["PeerAuthentication/hole-tests"]).to.deep.include({
      portLevelMtls: { "8443": { mode: "PERMISSIVE" } },
    });
    expect(objects["PeerAuthentication/hole-admin"]).to.deep.include({
      portLevelMtls: { "9443": { mode: "PERMISSIVE" } },
    });
  });

  it("says to linkerd: who is the environment itself, and each port with who comes there", () => {
    const group = "policy.linkerd.io";
    const server = (port: number) => ({
      podSelector: {},
      port,
      proxyProtocol: "unknown",
      accessPolicy: "deny",
    });
    expect(described("linkerd", meshHoles)).to.deep.equal({
      "MeshTLSAuthentication/same-environment": {
        identityRefs: [{ kind: "Namespace", name: "review-login" }],
      },
      "AuthorizationPolicy/same-environment": {
        targetRef: { kind: "Namespace", name: "review-login" },
        requiredAuthenticationRefs: [
          { group, kind: "MeshTLSAuthentication", name: "same-environment" },
        ],
      },
      "Server/port-8080": server(8080),
      "Server/port-8443": server(8443),
      "MeshTLSAuthentication/hole-ingress": {
        identityRefs: [{ kind: "Namespace", name: "ingress-nginx" }],
      },
      "AuthorizationPolicy/hole-ingress-8080": {
        targetRef: { group, kind: "Server", name: "port-8080" },
        requiredAuthenticationRefs: [
          { group, kind: "MeshTLSAuthentication", name: "hole-ingress" },
        ],
      },
      "NetworkAuthentication/hole-tests": {
        networks: [{ cidr: "203.0.113.0/24", except: ["203.0.113.128/25"] }],
      },
      "AuthorizationPolicy/hole-tests-8443": {
        targetRef: { group, kind: "Server", name: "port-8443" },
        requiredAuthenticationRefs: [{ group, kind: "NetworkAuthentication", name: "hole-tests" }],
      },
    });
  });

  it("tells linkerd which ports have a server that speaks first, as a Server replaces its list", () => {
    const objects = described("linkerd", [], [3306, 8080]) as Record<string, object>;
    expect(objects["Server/port-3306"]).to.include({ proxyProtocol: "opaque" });
    expect(objects["Server/port-8080"]).to.include({ proxyProtocol: "unknown" });
  });

  it("makes no two objects of one kind and name", () => {
    const alike = meshHoles.flatMap((hole) => [hole, { ...hole, name: `${hole.name}-8080` }]);
    for (const mesh of everyMesh) {
      const objects = meshObjects(mesh, alike, [8080]);
      expect(Object.keys(described(mesh, alike, [8080]))).to.have.length(objects.length);
    }
  });

  it("has no object for a hole that the mesh does not see: out of it, or not by TCP", () => {
    const [ingress] = meshHoles as [OpenHole];
    const unseen: OpenHole[] = [database, { ...ingress, ports: [{ port: 53, protocol: "UDP" }] }];
    for (const mesh of everyMesh) {
      expect(described(mesh, unseen)).to.deep.equal(described(mesh, []));
    }
  });
});

function linkerdPods(component: string) {
  return {
    namespaceSelector: { matchLabels: { [byName]: "linkerd" } },
    podSelector: { matchLabels: { "linkerd.io/control-plane-component": component } },
  };
}

/** The specs of the mesh's objects by kind and name. */
function described(mesh: Mesh, holes: readonly OpenHole[], ownPorts: readonly number[] = []) {
  return Object.fromEntries(
    meshObjects(mesh, holes, ownPorts).map(({ kind, objectName, specIn }) => [
      `${kind}/${objectName}`,
      specIn("review-login"),
    ]),
  );
}

function textsOf(objects: ReturnType<typeof meshObjects>): string[] {
  return objects.map(({ kind, objectName, specIn }) =>
    JSON.stringify([kind, objectName, specIn("review-login")]),
  );
}
