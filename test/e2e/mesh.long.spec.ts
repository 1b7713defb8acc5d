import { expect } from "chai";
import { meshObjects, meshPolicySpecs } from "#components/environment/mesh/mesh";
import { Mesh } from "#components/environment/mesh/meshArgs";
import { eventually } from "../support/eventually";
import { meshDefinitions } from "./support/meshes/definitions";
import { clusterNetwork, holes, meshHoles } from "../components/support/meshes/holes";
import { injectedPods } from "./support/meshes/injectedPods";
import { defineMeshes } from "./support/meshes/installation";
import { type Configuration } from "./support/reviewProgram";
import { setScene } from "./support/scene";

const definitionsPath = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

const walls: Readonly<Record<Mesh, readonly string[]>> = {
  linkerd: [
    "NetworkPolicy/mesh-control-plane",
    "NetworkPolicy/mesh-hole-ingress",
    "MeshTLSAuthentication/same-environment",
    "AuthorizationPolicy/same-environment",
    "Server/port-5432",
    "Server/port-8080",
    "Server/port-8443",
    "MeshTLSAuthentication/hole-ingress",
    "AuthorizationPolicy/hole-ingress-8080",
    "NetworkAuthentication/hole-tests",
    "AuthorizationPolicy/hole-tests-8443",
  ],
  istio: [
    "NetworkPolicy/mesh-control-plane",
    "PeerAuthentication/strict-mutual-tls",
    "AuthorizationPolicy/same-environment",
    "PeerAuthentication/hole-tests",
    "AuthorizationPolicy/hole-ingress",
    "AuthorizationPolicy/hole-tests",
  ],
  ambient: [
    "NetworkPolicy/mesh-probes",
    "NetworkPolicy/mesh-hole-ingress",
    "PeerAuthentication/strict-mutual-tls",
    "AuthorizationPolicy/same-environment",
    "PeerAuthentication/hole-tests",
    "AuthorizationPolicy/hole-ingress",
    "AuthorizationPolicy/hole-tests",
  ],
};

describe("an environment in a service mesh", function () {
  this.timeout(300_000);
  const scene = setScene();

  before("install the meshes' definitions", async () => {
    await defineMeshes(scene.api);
  });

  after("remove the meshes' definitions", async () => {
    for (const { metadata } of meshDefinitions) {
      await scene.api.request("DELETE", `${definitionsPath}/${metadata.name}`);
    }
    await eventually(async () => {
      const { body } = await scene.api.request("GET", "/apis");
      const served = (body.groups as { name: string }[]).map(({ name }) => name);
      return meshDefinitions.every(({ spec }) => !served.includes(spec.group));
    });
  });

  for (const mesh of Object.values(Mesh)) {
    const stack = `review-${mesh}`;

    it(`has every wall of ${mesh} as it was meant, with no workload there yet`, async () => {
      await scene.program.createStack(stack, configurationOf(mesh));
      const up = await scene.program.up(stack);
      expect(up.exitCode, up.output).to.equal(0);
      const meant = meantObjects(mesh, stack);
      expect(meant.map(({ kind, name }) => `${kind}/${name}`)).to.deep.equal(walls[mesh]);
      for (const { kind, name, path, spec } of meant) {
        const { status, body } = await scene.api.request("GET", `${path}/${name}`);
        expect(status, `${kind}/${name}`).to.equal(200);
        expect(body.spec, `${kind}/${name}`).to.deep.equal(spec);
      }
    });

    it(`is not changed by a second \`up\` in ${mesh}`, async () => {
      const up = await scene.program.pulumi([
        ...["up", "--stack", stack, "--yes", "--refresh", "--expect-no-changes"],
      ]);
      expect(up.exitCode, up.output).to.equal(0);
    });
  }

  it("is enrolled by its namespace", async () => {
    const linkerd = await namespaceOf("review-linkerd");
    expect(linkerd.annotations).to.include({
      "linkerd.io/inject": "enabled",
      "config.linkerd.io/default-inbound-policy": "deny",
    });
    const istio = await namespaceOf("review-istio");
    expect(istio.labels).to.include({ "istio-injection": "enabled" });
    const ambient = await namespaceOf("review-ambient");
    expect(ambient.labels).to.include({ "istio.io/dataplane-mode": "ambient" });
  });

  for (const mesh of [Mesh.Linkerd, Mesh.Istio] as const) {
    const pods = `/api/v1/namespaces/review-${mesh}/pods?dryRun=All`;

    it(`refuses the pods of ${mesh} without its CNI plugin: they ask for NET_ADMIN`, async () => {
      const { status, body } = await scene.api.request(
        "POST",
        pods,
        injectedPods[mesh].withoutPlugin,
      );
      expect(status).to.equal(403);
      expect(body.message).to.match(/violates PodSecurity "restricted:latest".*NET_ADMIN/);
    });

    it(`admits the pods of ${mesh} with its CNI plugin`, async () => {
      const { status, body } = await scene.api.request("POST", pods, injectedPods[mesh].withPlugin);
      expect(status, JSON.stringify(body)).to.equal(201);
    });
  }

  it("refuses the pods of istio that set the seccomp profile for their own container only", async () => {
    const pod = structuredClone(injectedPods.istio.withPlugin);
    const { seccompProfile, ...podContext } = pod.spec.securityContext;
    pod.spec.securityContext = podContext;
    pod.spec.containers[0].securityContext.seccompProfile = seccompProfile;
    const { status, body } = await scene.api.request(
      "POST",
      "/api/v1/namespaces/review-istio/pods?dryRun=All",
      pod,
    );
    expect(status).to.equal(403);
    expect(body.message).to.match(/seccompProfile.*istio-validation/);
  });

  it("is judged by definitions that refuse what the meshes refuse", async () => {
    const path = "/apis/security.istio.io/v1/namespaces/review-istio/peerauthentications";
    expect(await answerTo(path, { mtls: { mode: "strict" } })).to.equal(422);
    expect(await answerTo(path, { mutualTls: { mode: "STRICT" } })).to.equal(400);
    const portLevelMtls = { "8080": { mode: "PERMISSIVE" } };
    expect(await answerTo(path, { portLevelMtls })).to.equal(422);
    expect(
      await answerTo(path, { portLevelMtls, selector: { matchLabels: { app: "shop" } } }),
    ).to.equal(201);
  });

  it("leaves nothing behind", async () => {
    for (const mesh of Object.values(Mesh)) {
      const destroy = await scene.program.destroy(`review-${mesh}`);
      expect(destroy.exitCode, destroy.output).to.equal(0);
    }
    for (const { spec } of meshDefinitions) {
      const path = `/apis/${spec.group}/${spec.versions[0]?.name}/${spec.names.plural}`;
      const { body } = await scene.api.request("GET", path);
      expect(body.items, path).to.deep.equal([]);
    }
  });

  async function namespaceOf(name: string) {
    const { body } = await scene.api.request("GET", `/api/v1/namespaces/${name}`);
    return body.metadata as { labels: object; annotations: object };
  }

  /** The answer to a PeerAuthentication with this spec, which is not kept. */
  async function answerTo(path: string, spec: object): Promise<number> {
    const { status } = await scene.api.request(
      "POST",
      `${path}?dryRun=All&fieldValidation=Strict`,
      {
        apiVersion: "security.istio.io/v1",
        kind: "PeerAuthentication",
        metadata: { name: "tried" },
        spec,
      },
    );
    return status;
  }
});

function configurationOf(mesh: Mesh): Configuration {
  return {
    mesh,
    holes,
    clusterNetwork,
    ...(mesh === Mesh.Linkerd && { meshPorts: [5432] }),
  };
}

function meantObjects(mesh: Mesh, namespace: string) {
  const policies = meshPolicySpecs(mesh, meshHoles).map(({ objectName, spec }) => ({
    kind: "NetworkPolicy",
    name: objectName,
    path: `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`,
    spec,
  }));
  const ownPorts = mesh === Mesh.Linkerd ? [5432] : [];
  const objects = meshObjects(mesh, meshHoles, ownPorts).map((object) => ({
    kind: object.kind,
    name: object.objectName,
    path: `/apis/${object.apiVersion}/namespaces/${namespace}/${pluralOf(object.kind)}`,
    spec: object.specIn(namespace),
  }));
  return [...policies, ...objects];
}

function pluralOf(kind: string): string | undefined {
  return meshDefinitions.find(({ spec }) => spec.names.kind === kind)?.spec.names.plural;
}
