import { expect } from "chai";
import { KubernetesApi } from "secure-environment-sandbox";
import { identityLabels, podSecurityLabels } from "#components/core/metadata";
import { answeredRequests, type AuditEvent } from "./support/auditEvents";
import { platformObjects } from "./support/platformObjects";
import { platformStack, setPlatformScene } from "./support/platformScene";

const shop = { name: "shop", pipelineGroup: "ci-shop" };

/** Ten policies of the fence for three groups, and two bounds for two projects. */
const fiveRounds = 5 * (10 * 3 + 2 * 2);

describe("the platform of a cluster", function () {
  this.timeout(300_000);
  const scene = setPlatformScene({ projects: [shop, { name: "blog" }] });

  it("lets the pipelines in only when the fence has refused each of them everything", () => {
    const requests = requestsSoFar();
    const rehearsed = requests.filter(isRehearsal);
    const admitted = requests.findIndex(isCreationOf("clusterrolebindings", /-pipeline-/));
    const last = requests.findLastIndex(isRehearsal);
    expect(admitted).to.be.greaterThan(last);
    const groups = new Set(rehearsed.flatMap(({ impersonatedUser }) => impersonatedUser?.groups));
    expect([...groups]).to.include.members([
      "system:serviceaccounts:secure-environment-pipeline-shop",
      "system:serviceaccounts:secure-environment-pipeline-blog",
      "ci-shop",
    ]);
    const inARow = requests
      .slice(0, last + 1)
      .filter(isRehearsal)
      .slice(-fiveRounds);
    expect(inARow.map(({ responseStatus }) => responseStatus?.code)).to.deep.equal(
      Array<number>(fiveRounds).fill(403),
    );
  });

  it("left nothing of the rehearsal", async () => {
    expect(await statusOf("/api/v1/namespaces/rehearsal")).to.equal(404);
    const namespace = "namespaces/review-shop--rehearsal";
    for (const [path, standing] of [
      [`/apis/networking.k8s.io/v1/${namespace}/networkpolicies`, ["default-deny"]],
      [`/api/v1/${namespace}/resourcequotas`, ["bounds", "environment"]],
      [`/api/v1/${namespace}/serviceaccounts`, ["default"]],
      [`/api/v1/${namespace}/pods`, []],
      [`/apis/apps/v1/${namespace}/deployments`, []],
    ] as const) {
      const { body } = await scene.api.request("GET", path);
      const items = body.items as { metadata: { name: string } }[];
      expect(
        items.map(({ metadata }) => metadata.name),
        path,
      ).to.deep.equal(standing);
    }
  });

  it("says in its outputs what a pipeline needs, and nothing of it is secret", async () => {
    const outputs = await scene.program.outputs(platformStack);
    const kubeSystem = await scene.api.request("GET", "/api/v1/namespaces/kube-system");
    expect(outputs.clusterId).to.equal(kubeSystem.body.metadata.uid);
    expect(outputs.apiServer).to.match(/^https:\/\/127\.0\.0\.1:\d+$/);
    expect(outputs.certificateAuthority).to.match(/^-----BEGIN CERTIFICATE-----\n/);
    expect(outputs.policies).to.include("secure-environment-pipelines-make-only-environments");
    expect(JSON.stringify(outputs)).not.to.match(/PRIVATE KEY|\[secret\]/);
    const [identity] = outputs.pipelines as Record<string, string>[];
    expect(identity).to.deep.include({ project: "shop", group: "ci-shop" });
    const pipeline = await asServiceAccount(identity?.namespace, identity?.serviceAccount);
    const own = await createNamespace(pipeline, "review-shop-first");
    expect(own.status, own.body.message).to.equal(201);
    const { status, body } = await createNamespace(pipeline, "production");
    expect(status).to.equal(403);
    expect(body.message).to.contain("secure-environment-pipelines-make-only-environments");
    pipeline.close();
  });

  it("is not changed by a second `up`", async () => {
    const up = await scene.program.pulumi([
      ...["up", "--stack", platformStack, "--yes", "--refresh", "--expect-no-changes"],
    ]);
    expect(up.exitCode, up.output).to.equal(0);
  });

  it("takes the rights of a former pipeline before the fence forgets it", async () => {
    const before = requestsSoFar().length;
    await scene.program.configure(platformStack, { projects: [shop] });
    const up = await scene.program.up(platformStack);
    expect(up.exitCode, up.output).to.equal(0);
    const requests = requestsSoFar().slice(before);
    const revoked = requests.findIndex(
      isDeletionOf("clusterrolebindings", /^secure-environment-pipeline-blog$/),
    );
    const forgotten = requests.findIndex(
      ({ verb, objectRef }) =>
        verb === "patch" && objectRef?.resource === "validatingadmissionpolicies",
    );
    expect(revoked).not.to.equal(-1);
    expect(forgotten).to.be.greaterThan(revoked);
    expect(await statusOf("/api/v1/namespaces/secure-environment-pipeline-blog")).to.equal(404);
  });

  it("goes in reverse: first the rights of the pipelines, last the fence, and leaves nothing", async () => {
    const before = requestsSoFar().length;
    const destroy = await scene.program.destroy(platformStack);
    expect(destroy.exitCode, destroy.output).to.equal(0);
    const requests = requestsSoFar().slice(before);
    const rights = requests.findLastIndex(isDeletionOf("clusterrolebindings", /-pipeline-/));
    const fence = requests.findIndex(
      isDeletionOf("validatingadmissionpolicybindings", /-pipelines-/),
    );
    expect(rights).not.to.equal(-1);
    expect(fence).to.be.greaterThan(rights);
    expect(await platformObjects(scene.api)).to.deep.equal([]);
  });

  function requestsSoFar(): AuditEvent[] {
    return answeredRequests(scene.sandbox.auditLog);
  }

  async function statusOf(path: string): Promise<number> {
    return (await scene.api.request("GET", path)).status;
  }

  async function asServiceAccount(namespace = "", name = ""): Promise<KubernetesApi> {
    return new KubernetesApi(await scene.sandbox.serviceAccountKubeconfig(namespace, name));
  }
});

function isRehearsal({ impersonatedUser }: AuditEvent): boolean {
  return impersonatedUser?.username === "secure-environment-rehearsal";
}

/** Pulumi's provider creates by server-side apply, a patch; newer ones do not. */
function isCreationOf(resource: string, name: RegExp) {
  const verbs = ["create", "patch"].map((verb) => isRequest(verb, resource, name));
  return (event: AuditEvent) =>
    event.responseStatus?.code === 201 && verbs.some((isOne) => isOne(event));
}

function isDeletionOf(resource: string, name: RegExp) {
  return isRequest("delete", resource, name);
}

function isRequest(verb: string, resource: string, name: RegExp) {
  return (event: AuditEvent) =>
    event.verb === verb &&
    event.objectRef?.resource === resource &&
    name.test(event.objectRef.name ?? "");
}

function createNamespace(api: KubernetesApi, name: string) {
  const identity = { kind: "review", project: "shop", stack: "review-first" } as const;
  const labels = { ...identityLabels(identity), ...podSecurityLabels };
  return api.request("POST", "/api/v1/namespaces", { metadata: { name, labels } });
}
