import { expect } from "chai";
import fc from "fast-check";
import { meshObjects } from "#components/environment/mesh/mesh";
import { meshProblems } from "#components/environment/mesh/meshProblems";
import { type OpenHole } from "#components/environment/network/holes/openHole";
import {
  type Connection,
  holesAdmit,
  istioAdmits,
  linkerdAdmits,
} from "../../support/meshes/verdicts";

const own = "review-login";
const ports = [8080, 8443, 5432];
const labels = fc.constantFrom<Record<string, string>>(
  {},
  { app: "shop" },
  { app: "admin" },
  { app: "shop", tier: "front" },
);
const namespaces = fc.constantFrom("ingress-nginx", "monitoring");
const addressPeer = fc.constantFrom(
  { cidr: "203.0.113.0/24", except: ["203.0.113.128/25"] },
  { cidr: "198.51.100.0/24", except: [] },
  { cidr: "2001:db8::/32", except: [] },
);

const peer = fc.oneof(
  fc.record({
    podPeer: fc.record({ namespace: namespaces, podLabels: labels, meshed: fc.boolean() }),
    addressPeers: fc.constant([]),
  }),
  fc.record({ addressPeers: fc.array(addressPeer, { minLength: 1, maxLength: 2 }) }),
);

const holesOf = (meshedOnly: boolean) =>
  fc
    .array(
      fc.record({
        direction: fc.constantFrom("ingress" as const, "egress" as const),
        podLabels: labels,
        peer,
        ports: fc.array(
          fc.record({
            port: fc.constantFrom(...ports),
            protocol: fc.constantFrom("TCP" as const, "UDP" as const),
          }),
          { minLength: 1, maxLength: 2 },
        ),
      }),
      { maxLength: 4 },
    )
    .map((drafts) =>
      drafts.map(({ peer, ...draft }, index): OpenHole => ({
        ...draft,
        ...peer,
        name: `hole${index}`,
        reason: "A test.",
      })),
    )
    .filter((holes) => !meshedOnly || holes.every(({ podPeer }) => podPeer?.meshed !== false));

/** Pods have addresses of the cluster; who has no identity comes from there or from outside. */
const connection: fc.Arbitrary<Connection> = fc
  .record({
    identity: fc.constantFrom(own, "ingress-nginx", "monitoring", "staging", undefined),
    outside: fc.constantFrom("203.0.113.5", "203.0.113.200", "198.51.100.1", "2001:db8::1"),
    isOutside: fc.boolean(),
    podLabels: labels,
    port: fc.constantFrom(...ports, 9090),
  })
  .map(({ outside, isOutside, identity, ...rest }) => ({
    ...rest,
    ...(identity !== undefined && { identity }),
    address: isOutside && identity === undefined ? outside : "10.1.2.3",
  }));

describe("the authorization of a mesh", () => {
  for (const mesh of ["istio", "ambient"] as const) {
    it(`lets through in ${mesh} exactly the environment itself and who has a hole`, () => {
      fc.assert(
        fc.property(holesOf(false), connection, (holes, attempt) => {
          fc.pre(meshProblems({ mesh }, holes).length === 0);
          expect(istioAdmits(meshObjects(mesh, holes), own, attempt)).to.equal(
            attempt.identity === own || holesAdmit(holes, attempt),
          );
        }),
        { numRuns: 2000 },
      );
    });
  }

  it("lets through in linkerd, on known ports, exactly the environment itself and who has a hole, whatever the pod", () => {
    fc.assert(
      fc.property(holesOf(true), connection, (holes, attempt) => {
        const objects = meshObjects("linkerd", holes, [5432]);
        const isKnown = attempt.port === 5432 || ports.some(opensPort);
        expect(linkerdAdmits(objects, own, attempt)).to.equal(
          (attempt.identity === own && isKnown) || holesAdmit(holes, attempt, () => ({})),
        );

        function opensPort(port: number): boolean {
          return port === attempt.port && holes.some((hole) => hasIngress(hole, port));
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("lets pods without an identity through in linkerd only on the ports of their hole", () => {
    const hole: OpenHole = {
      name: "metrics",
      direction: "ingress",
      podLabels: {},
      podPeer: { namespace: "monitoring", podLabels: {}, meshed: false },
      addressPeers: [],
      ports: [{ port: 9090, protocol: "TCP" }],
      reason: "A test.",
    };
    const objects = meshObjects("linkerd", [hole], [5432]);
    const attempt = { address: "10.1.2.3", podLabels: {} };
    expect(linkerdAdmits(objects, own, { ...attempt, port: 9090 })).to.equal(true);
    expect(linkerdAdmits(objects, own, { ...attempt, port: 5432 })).to.equal(false);
  });
});

function hasIngress({ direction, ports: open }: OpenHole, port: number): boolean {
  return direction === "ingress" && open.some((one) => one.protocol === "TCP" && one.port === port);
}
