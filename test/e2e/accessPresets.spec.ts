import { expect } from "chai";
import { KubernetesApi } from "secure-environment-sandbox";
import { isAllowed } from "./support/accessReviews";
import { attempt, escalations } from "./support/escalations";
import { statusAsAdministrator } from "./support/impersonation";
import { setScene } from "./support/scene";
import { compliantPod } from "./support/workloads";

const own = "review-presets";
const foreign = "review-presets-neighbour";
const readVerbs = ["get", "list", "watch"];
const changeVerbs = ["create", "update", "patch", "delete"];
const everyVerb = [...readVerbs, ...changeVerbs, "deletecollection"];
const applicationKinds = [
  "pods",
  "configmaps",
  "services",
  "persistentvolumeclaims",
  "deployments",
  "statefulsets",
  "jobs",
  "cronjobs",
  "horizontalpodautoscalers",
];

/** Who may do it; the others may not. Whoever reads secrets has the preset `view` as well. */
type Row = readonly [
  verbs: readonly string[],
  resources: readonly string[],
  who: readonly string[],
];

const viewer = ["view", "develop", "debug"];
const developer = ["develop", "debug"];
const table: readonly Row[] = [
  [readVerbs, applicationKinds, viewer],
  [changeVerbs, applicationKinds, developer],
  [["deletecollection"], applicationKinds, []],
  [["get"], ["pods/log"], viewer],
  [readVerbs, ["events", "endpoints", "endpointslices", "replicasets", "serviceaccounts"], viewer],
  [readVerbs, ["resourcequotas", "limitranges", "networkpolicies"], viewer],
  [[...changeVerbs, "deletecollection"], ["resourcequotas", "limitranges", "networkpolicies"], []],
  [changeVerbs, ["events", "endpoints", "endpointslices", "serviceaccounts"], []],
  [["get", "update", "patch"], ["deployments/scale", "statefulsets/scale"], developer],
  [["create"], ["pods/exec", "pods/attach", "pods/portforward"], ["debug"]],
  [["get"], ["pods/exec", "pods/attach", "pods/portforward"], []],
  [["patch", "update"], ["pods/ephemeralcontainers"], ["debug"]],
  [["get", "create"], ["pods/proxy", "services/proxy"], []],
  [["create"], ["pods/eviction", "pods/binding", "serviceaccounts/token"], []],
  [["patch", "update"], ["pods/status", "services/status", "resourcequotas/status"], []],
  [readVerbs, ["secrets"], ["secrets"]],
  [changeVerbs, ["secrets"], []],
  [readVerbs, ["ingresses", "httproutes"], viewer],
  [changeVerbs, ["ingresses", "httproutes", "daemonsets", "poddisruptionbudgets"], []],
  [everyVerb, ["roles", "rolebindings", "nodes", "persistentvolumes"], []],
  [["get"], ["namespaces"], viewer],
  [["list", "watch", ...changeVerbs, "deletecollection"], ["namespaces"], []],
  [["get", "update", "patch"], ["namespaces/status", "namespaces/finalize"], []],
  [["bind", "escalate"], ["roles", "clusterroles"], []],
  [["impersonate"], ["users", "groups", "serviceaccounts"], []],
];

const users: readonly (readonly [person: string, user: string, groups: readonly string[]])[] = [
  ["view", "vera", ["support"]],
  ["develop", "dean", ["shop"]],
  ["debug", "dora", []],
  ["secrets", "sam", []],
  ["stranger", "eve", ["dev-users", "developers"]],
];

describe("the presets of access", function () {
  this.timeout(300_000);
  const scene = setScene();
  const kubeconfigs: Record<string, string> = {};
  const people: Record<string, KubernetesApi> = {};

  before(async () => {
    await scene.program.createStack(own, {
      branch: "presets",
      "access[0].group": "support",
      "access[0].preset": "view",
      "access[1].group": "shop",
      "access[1].preset": "develop",
      "access[2].user": "dora",
      "access[2].preset": "debug",
      "access[3].user": "sam",
      "access[3].preset": "view",
      "access[3].readSecrets": "true",
    });
    const up = await scene.program.up(own);
    expect(up.exitCode, up.output).to.equal(0);
    for (const [person, user, groups] of users) {
      kubeconfigs[person] = await scene.sandbox.userKubeconfig(user, groups);
      people[person] = new KubernetesApi(kubeconfigs[person]);
    }
    await createSecretsIn(own, foreign);
  });

  after(async () => {
    Object.values(people).forEach((api) => api.close());
    await scene.program.destroy(own);
    await scene.api.request("DELETE", `/api/v1/namespaces/${foreign}`);
  });

  for (const [verbs, resources, who] of table) {
    const whom = who.length === 0 ? "nobody" : who.join(", ");
    it(`let ${whom} ${verbs.join(", ")} ${resources.join(", ")}`, async () => {
      const found = await allowedTriples(verbs, resources, own);
      const allowed = who.includes("view") ? [...who, "secrets"] : who;
      const wanted = resources.flatMap((resource) =>
        verbs.flatMap((verb) => allowed.map((person) => `${person}: ${verb} ${resource}`)),
      );
      expect(found).to.have.members(wanted);
    });
  }

  it("give nothing in another namespace", async () => {
    const resources = [...applicationKinds, "secrets", "pods/log", "pods/exec"];
    expect(await allowedTriples(["get", "create", "delete"], resources, foreign)).to.deep.equal([]);
  });

  it("show the environment's own namespace, and neither another one nor which there are", async () => {
    const stranger = "stranger";
    for (const [person, api] of Object.entries(people)) {
      const namespace = await api.request("GET", `/api/v1/namespaces/${own}`);
      expect(namespace.status, person).to.equal(person === stranger ? 403 : 200);
      for (const path of [`/${foreign}`, "", `?fieldSelector=metadata.name%3D${own}`]) {
        const { status } = await api.request("GET", `/api/v1/namespaces${path}`);
        expect(status, `${person}: ${path}`).to.equal(403);
      }
    }
    const found = await people.view?.request("GET", `/api/v1/namespaces/${own}`);
    expect(found?.body.metadata.annotations).to.include({ "secure-environment/branch": "presets" });
  });

  for (const escalation of escalations(own, foreign)) {
    it(`let nobody ${escalation.attempt}, which an administrator may`, async () => {
      for (const [person, api] of Object.entries(people)) {
        const { status, body } = await attempt(api, escalation);
        expect([status, body.reason], person).to.deep.equal([403, "Forbidden"]);
      }
      const { status } = await attempt(scene.api, escalation, true);
      expect(status).to.be.oneOf([200, 201]);
    });
  }

  it("let nobody act for an administrator, as an administrator may", async () => {
    const secrets = "/api/v1/secrets";
    for (const [person, kubeconfig] of Object.entries(kubeconfigs)) {
      expect(await statusAsAdministrator(kubeconfig, secrets), person).to.equal(403);
    }
    expect(await statusAsAdministrator(scene.sandbox.kubeconfig, secrets)).to.equal(200);
  });

  it("let secrets be read by those alone who are to read them", async () => {
    const secret = `/api/v1/namespaces/${own}/secrets/password`;
    const answers: Record<string, number> = {};
    for (const [person, api] of Object.entries(people)) {
      answers[person] = (await api.request("GET", secret)).status;
    }
    expect(answers).to.deep.equal({
      view: 403,
      develop: 403,
      debug: 403,
      secrets: 200,
      stranger: 403,
    });
  });

  it("let debug run commands by POST, and nobody by the GET of a WebSocket", async () => {
    const pods = `/api/v1/namespaces/${own}/pods`;
    expect((await people.develop!.request("POST", pods, compliantPod("shop"))).status).to.equal(
      201,
    );
    const command = { query: { command: "id", stdout: "true" } };
    for (const [person, api] of Object.entries(people)) {
      const get = await api.request("GET", `${pods}/shop/exec`, undefined, command);
      expect(get.status, `${person}: GET`).to.equal(403);
      const post = await api.request("POST", `${pods}/shop/exec`, undefined, command);
      const isRefused = post.status === 403 && post.body.reason === "Forbidden";
      expect(isRefused, `${person}: POST ${post.status}`).to.equal(person !== "debug");
    }
  });

  it("let debug attach a restricted container to a running pod, and no privileged one", async () => {
    const pod = `/api/v1/namespaces/${own}/pods/shop/ephemeralcontainers`;
    const [container] = compliantPod("debugger").spec.containers;
    const strategic = { contentType: "application/strategic-merge-patch+json" };
    const patch = (securityContext: unknown) => ({
      spec: { ephemeralContainers: [{ ...container, name: "debugger", securityContext }] },
    });
    const privileged = patch({ privileged: true });
    const debug = people.debug!;
    const refused = await debug.request("PATCH", pod, privileged, strategic);
    expect(refused.status).to.equal(403);
    expect(refused.body.message).to.contain("violates PodSecurity");
    const compliant = patch(container.securityContext);
    expect((await people.develop!.request("PATCH", pod, compliant, strategic)).status).to.equal(
      403,
    );
    expect((await debug.request("PATCH", pod, compliant, strategic)).status).to.equal(200);
  });

  async function allowedTriples(
    verbs: readonly string[],
    resources: readonly string[],
    namespace: string,
  ): Promise<string[]> {
    const allowed: string[] = [];
    for (const [person, api] of Object.entries(people)) {
      for (const resource of resources) {
        for (const verb of verbs) {
          if (await isAllowed(api, { verb, resource, namespace })) {
            allowed.push(`${person}: ${verb} ${resource}`);
          }
        }
      }
    }
    return allowed;
  }

  async function createSecretsIn(...namespaces: string[]): Promise<void> {
    await scene.api.request("POST", "/api/v1/namespaces", { metadata: { name: foreign } });
    const secret = { metadata: { name: "password" }, stringData: { password: "hunter2" } };
    for (const namespace of namespaces) {
      const path = `/api/v1/namespaces/${namespace}/secrets`;
      expect((await scene.api.request("POST", path, secret)).status).to.equal(201);
    }
  }
});
