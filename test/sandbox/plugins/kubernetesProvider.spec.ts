import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { KubernetesApi } from "secure-environment-sandbox";
import {
  type Properties,
  Secret,
  secretTexts,
  Unknown,
  withoutSecrets,
} from "secure-environment-sandbox/bin/plugins/properties";
import { eventually } from "../../support/eventually";
import { sharedSandbox } from "../../support/sandbox";
import { OperationError, ProviderProcess, type ResourceUnderTest, urnOf } from "./providerProcess";

const namespaceType = "kubernetes:core/v1:Namespace";
const configMapType = "kubernetes:core/v1:ConfigMap";
const serviceType = "kubernetes:core/v1:Service";
const quotaType = "kubernetes:core/v1:ResourceQuota";
const roleBindingType = "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding";
const secretType = "kubernetes:core/v1:Secret";

const definitionsPath = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

const closedPort = `
apiVersion: v1
kind: Config
clusters: [{name: gone, cluster: {server: "https://127.0.0.1:1"}}]
users: [{name: nobody, user: {token: a-token}}]
contexts: [{name: gone, context: {cluster: gone, user: nobody}}]
current-context: gone
`;

describe("stand-in for the Kubernetes provider", function () {
  this.timeout(60_000);

  let api: KubernetesApi;
  let kubeconfig: string;
  let provider: ProviderProcess;
  let namespace: string;

  before(async function () {
    this.timeout(180_000);
    kubeconfig = (await sharedSandbox()).kubeconfig;
    api = new KubernetesApi(kubeconfig);
    provider = await ProviderProcess.kubernetes({ kubeconfig });
  });

  after(() => provider.stop());

  beforeEach(async () => {
    namespace = uniqueName();
    await api.request("POST", "/api/v1/namespaces", {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: namespace },
    });
  });

  afterEach(async () => {
    await api.request("DELETE", `/api/v1/namespaces/${namespace}`);
  });

  describe("create", () => {
    it("refuses an object that exists, and changes nothing of it", async () => {
      await postConfigMap("taken", { owner: "somebody else" });
      const before = await getConfigMap("taken");

      const error = await failureOf(
        provider.create(configMapType, configMap("taken", { owner: "me" })),
      );

      expect(error.message).to.include('configmaps "taken" already exists');
      expect(error.message).to.include("pulumi import");
      expect(await getConfigMap("taken")).to.deep.equal(before);
    });

    it("makes up a name that preview and update agree on, and keeps it", async () => {
      const inputs = { metadata: { namespace }, data: { a: "b" } };
      const preview = await provider.create(configMapType, inputs, { preview: true, name: "web" });
      const created = await provider.create(configMapType, inputs, { name: "web" });
      const { changed } = await provider.diff(created, inputs);

      expect(nameOf(created)).to.match(/^web-[0-9a-f]{8}$/);
      expect(nameOf(created)).to.equal(nameOf(preview));
      expect(created.id).to.equal(`${namespace}/${nameOf(created)}`);
      expect(changed).to.equal(false);
    });

    it("creates nothing in a preview, and shows what the API server would make of it", async () => {
      const inputs = service({ selector: { app: "web" } });
      const preview = await provider.create(serviceType, inputs, { preview: true });

      expect(preview.id).to.equal("");
      expect(preview.state["spec"]).to.include({ type: "ClusterIP", sessionAffinity: "None" });
      expect(preview.state).not.to.have.property("status");
      const { status } = await api.request("GET", `/api/v1/namespaces/${namespace}/services/web`);
      expect(status).to.equal(404);
    });

    it("previews what lies in a namespace that is not there yet", async () => {
      const inputs = configMap("early", {});
      const missing = { ...inputs, metadata: { name: "early", namespace: "not-there-yet" } };
      const preview = await provider.create(configMapType, missing, { preview: true });
      expect(preview.state["data"]).to.deep.equal({});
    });

    it("previews inputs that are not known yet as they are", async () => {
      const unknown = new Unknown("04da6b54-80e4-46f7-96ec-b56ff0331ba9");
      const inputs = { metadata: { name: unknown, namespace }, data: { a: "b" } };
      const preview = await provider.create(configMapType, inputs, { preview: true });
      expect(metadataOf(preview)["name"]).to.be.instanceOf(Unknown);
    });

    it("repeats what the API server says is wrong", async () => {
      const error = await failureOf(
        provider.create(configMapType, { metadata: { name: "Not Valid", namespace } }),
      );
      expect(error.message).to.include("was not successfully created");
      expect(error.message).to.include('Invalid value: "Not Valid"');
    });

    it("waits until a quota counts", async () => {
      const quota = await provider.create(quotaType, quotaInputs({ pods: "10" }));
      const status = quota.state["status"] as Properties;
      expect(status["hard"]).to.deep.equal({ pods: "10" });
    });

    it("takes the namespace of the configuration for an object without one", async () => {
      const defaulting = await ProviderProcess.kubernetes({ kubeconfig, namespace });
      const created = await defaulting.create(configMapType, { metadata: { name: "plain" } });
      await defaulting.stop();
      expect(created.id).to.equal(`${namespace}/plain`);
    });

    it("finds kinds that were defined after it started", async () => {
      const group = `${namespace}.example.com`;
      const definition = await provider.create(
        "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition",
        crontabDefinition(group),
      );
      const crontab = await provider.create(`kubernetes:${group}/v1:CronTab`, {
        apiVersion: `${group}/v1`,
        kind: "CronTab",
        metadata: { name: "nightly", namespace },
        spec: { schedule: "0 3 * * *" },
      });

      expect(crontab.id).to.equal(`${namespace}/nightly`);
      await provider.delete(crontab);
      await api.request("DELETE", `${definitionsPath}/${definition.id}`);
    });
  });

  describe("diff", () => {
    it("sees no difference in fields that the API server filled in", async () => {
      const inputs = service({ selector: { app: "web" } });
      const created = await provider.create(serviceType, inputs);
      expect(await provider.diff(created, inputs)).to.include({ changed: false });
    });

    it("sees no difference in a quantity that is written in another way", async () => {
      const inputs = quotaInputs({ "requests.cpu": "1000m", pods: "5" });
      const created = await provider.create(quotaType, inputs);
      const { hard } = created.state["spec"] as Properties;

      expect(hard).to.deep.equal({ "requests.cpu": "1", pods: "5" });
      expect(await provider.diff(created, inputs)).to.include({ changed: false });
    });

    it("sees no difference in empty lists that the API server leaves out", async () => {
      const inputs = {
        metadata: { name: "deny", namespace },
        spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"], ingress: [], egress: [] },
      };
      const type = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
      const created = await provider.create(type, inputs);
      expect(await provider.diff(created, inputs)).to.include({ changed: false });
    });

    it("sees no difference in text that became the data of a Secret", async () => {
      const inputs = { metadata: { name: "token", namespace }, stringData: { token: "abcdefgh" } };
      const created = await provider.create(secretType, inputs);
      expect(await provider.diff(created, inputs)).to.include({ changed: false });
    });

    it("names every property that differs", async () => {
      const created = await provider.create(
        configMapType,
        configMap("web", { changed: "old", removed: "x", "with.dot": "old" }),
      );
      const answer = await provider.diff(
        created,
        configMap("web", { changed: "new", added: "x", "with.dot": "new" }),
      );
      expect(answer.details).to.deep.equal({
        "data.changed": "UPDATE",
        "data.removed": "DELETE",
        "data.added": "ADD",
        'data["with.dot"]': "UPDATE",
      });
      expect(answer.replaces).to.deep.equal([]);
    });

    it("leaves ignored properties out", async () => {
      const created = await provider.create(configMapType, configMap("web", { a: "1", b: "1" }));
      const wanted = configMap("web", { a: "2", b: "2" });
      const answer = await provider.diff(created, wanted, ["data.a"]);
      expect(answer.details).to.deep.equal({ "data.b": "UPDATE" });
    });

    it("replaces an object when the API server refuses to change a field of it", async () => {
      const created = await provider.create(roleBindingType, roleBinding("view"));
      const answer = await provider.diff(created, roleBinding("edit"));

      expect(answer.replaces).to.deep.equal(["roleRef.name"]);
      expect(answer.details).to.deep.equal({ "roleRef.name": "UPDATE_REPLACE" });
      expect(answer.deleteBeforeReplace).to.equal(true);
    });

    it("changes in place what the API server lets change beside an immutable field", async () => {
      const created = await provider.create(roleBindingType, roleBinding("view"));
      const wanted = { ...roleBinding("view"), subjects: [subject("others")] };
      const answer = await provider.diff(created, wanted);
      expect(answer.details).to.deep.equal({ "subjects[0].name": "UPDATE" });
      expect(answer.replaces).to.deep.equal([]);
    });

    it("replaces an object that gets another name or namespace", async () => {
      const created = await provider.create(configMapType, configMap("web", {}));
      const renamed = await provider.diff(created, configMap("other", {}));
      const moved = await provider.diff(created, {
        metadata: { name: "web", namespace: "default" },
        data: {},
      });

      expect(renamed.replaces).to.deep.equal(["metadata.name"]);
      expect(renamed.deleteBeforeReplace).to.equal(false);
      expect(moved.replaces).to.deep.equal(["metadata.namespace"]);
      expect(moved.deleteBeforeReplace).to.equal(false);
    });
  });

  describe("update", () => {
    it("keeps the fields of others and drops what is not wanted any more", async () => {
      const created = await provider.create(configMapType, configMap("web", { a: "1", b: "1" }));
      await applyConfigMap("web", { theirs: "kept" }, "somebody-else");

      await provider.update(created, configMap("web", { a: "2" }));

      expect((await getConfigMap("web")).data).to.deep.equal({ a: "2", theirs: "kept" });
    });

    it("reports a conflict over a field that another manager has, and changes nothing", async () => {
      const created = await provider.create(configMapType, configMap("web", { a: "1", b: "1" }));
      await applyConfigMap("web", { a: "theirs" }, "somebody-else");

      const error = await failureOf(provider.update(created, configMap("web", { a: "2", b: "2" })));

      expect(error.message).to.include("server-side apply field conflict detected");
      expect(error.message).to.include('conflict with "somebody-else"');
      expect((await getConfigMap("web")).data).to.deep.equal({ a: "theirs", b: "1" });
      expect(error.state?.["data"]).to.deep.equal({ a: "theirs", b: "1" });
    });

    it("takes a field by force when the object says so", async () => {
      const created = await provider.create(configMapType, configMap("web", { a: "1" }));
      await applyConfigMap("web", { a: "theirs" }, "somebody-else");
      const forcing = configMap("web", { a: "2" }, { "pulumi.com/patchForce": "true" });

      await provider.update(created, forcing);

      expect((await getConfigMap("web")).data).to.deep.equal({ a: "2" });
    });

    it("leaves an ignored field to the manager that has it", async () => {
      const created = await provider.create(configMapType, configMap("web", { a: "1", b: "1" }));
      await applyConfigMap("web", { a: "theirs" }, "somebody-else");
      const wanted = configMap("web", { a: "2", b: "2" });

      const updated = provider.update(created, wanted, { ignored: ["data.a"] });

      await updated;
      expect((await getConfigMap("web")).data).to.deep.equal({ a: "theirs", b: "2" });
    });

    it("changes nothing in a preview", async () => {
      const created = await provider.create(configMapType, configMap("web", { a: "1" }));
      const preview = await provider.update(created, configMap("web", { a: "2" }), {
        preview: true,
      });
      expect(preview.state["data"]).to.deep.equal({ a: "2" });
      expect((await getConfigMap("web")).data).to.deep.equal({ a: "1" });
    });

    it("says that the object is not there any more", async () => {
      const created = await provider.create(configMapType, configMap("web", { a: "1" }));
      await api.request("DELETE", configMapPath("web"));
      const error = await failureOf(provider.update(created, configMap("web", { a: "2" })));
      expect(error.message).to.include('configmaps "web" not found');
      expect(error.state).to.equal(undefined);
    });
  });

  describe("patch", () => {
    const patchType = "kubernetes:core/v1:ConfigMapPatch";

    it("sets one field, keeps it on a second run and gives it back when it is deleted", async () => {
      await postConfigMap("shared", { theirs: "kept" });
      const inputs = { ...configMap("shared", { ours: "set" }), kind: "ConfigMap" };

      const patch = await provider.create(patchType, inputs);
      expect((await getConfigMap("shared")).data).to.deep.equal({ theirs: "kept", ours: "set" });
      expect(await provider.diff(patch, inputs)).to.include({ changed: false });

      await provider.delete(patch);
      expect((await getConfigMap("shared")).data).to.deep.equal({ theirs: "kept" });
    });

    it("takes a field from its manager only when it is told to", async () => {
      await applyConfigMap("shared", { a: "theirs" }, "somebody-else");
      const inputs = { ...configMap("shared", { a: "ours" }), kind: "ConfigMap" };
      const forced = configMap("shared", { a: "ours" }, { "pulumi.com/patchForce": "true" });

      const error = await failureOf(provider.create(patchType, inputs));
      expect(error.message).to.include('conflict with "somebody-else"');
      expect((await getConfigMap("shared")).data).to.deep.equal({ a: "theirs" });

      await provider.create(patchType, { ...forced, kind: "ConfigMap" });
      expect((await getConfigMap("shared")).data).to.deep.equal({ a: "ours" });
    });

    it("needs a name", async () => {
      const nameless = { kind: "ConfigMap", metadata: { namespace }, data: {} };
      const error = await failureOf(provider.create(patchType, nameless));
      expect(error.message).to.include("patch resources require the `.metadata.name` field");
    });
  });

  describe("read", () => {
    it("finds that an object is gone", async () => {
      const created = await provider.create(configMapType, configMap("web", {}));
      await api.request("DELETE", configMapPath("web"));
      expect(await provider.read(created)).to.equal(undefined);
    });

    it("takes over what was changed behind its back, in wanted fields only", async () => {
      const created = await provider.create(configMapType, configMap("web", { a: "1" }));
      await applyConfigMap("web", { a: "theirs", more: "x" }, "somebody-else");

      const read = await provider.read(created);

      expect(read?.inputs["data"]).to.deep.equal({ a: "theirs" });
      expect(read?.state["data"]).to.deep.equal({ a: "theirs", more: "x" });
      const answer = await provider.diff(read ?? created, configMap("web", { a: "1" }));
      expect(answer.details).to.deep.equal({ "data.a": "UPDATE" });
    });

    it("imports an object by namespace and name, without what the API server decides", async () => {
      await postConfigMap("found", { a: "1" });
      const read = await provider.read({
        id: `${namespace}/found`,
        urn: urnOf(configMapType),
      });
      expect(read?.inputs).to.deep.equal({
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "found", namespace },
        data: { a: "1" },
      });
    });
  });

  describe("delete", () => {
    it("waits as long as a finalizer holds the object", async () => {
      const created = await provider.create(configMapType, configMap("held", {}));
      await setFinalizers("held", ["example.com/hold"]);
      let deleted = false;
      const deletion = provider.delete(created).then(() => (deleted = true));

      await eventually(async () => "deletionTimestamp" in (await getConfigMap("held")).metadata);
      await sleep(200);
      expect(deleted).to.equal(false);

      await setFinalizers("held", []);
      await deletion;
      const { status } = await api.request("GET", configMapPath("held"));
      expect(status).to.equal(404);
    });

    it("names what holds a namespace back, and keeps it in the state", async () => {
      const held = await provider.create(namespaceType, { metadata: { name: uniqueName() } });
      const path = `/api/v1/namespaces/${held.id}/configmaps`;
      await api.request("POST", path, {
        metadata: { name: "held", finalizers: ["example.com/hold"] },
      });

      const error = await failureOf(provider.delete(held, 10));

      expect(error.message).to.include("timed out waiting for the condition");
      expect(error.message).to.include("configmaps. has 1 resource instances");
      expect(error.message).to.include("example.com/hold in 1 resource instances");
      expect(provider.messages.join("\n")).to.include("NamespaceFinalizersRemaining");
      expect(error.state?.["metadata"]).to.include({ name: held.id });

      await setFinalizersAt(`${path}/held`, []);
      await provider.delete(held);
    });

    it("is content when the object is gone already", async () => {
      const created = await provider.create(configMapType, configMap("web", {}));
      await api.request("DELETE", configMapPath("web"));
      await provider.delete(created);
    });

    it("is content when the object's kind is gone", async () => {
      const created = await provider.create(configMapType, configMap("web", {}));
      const state = { ...created.state, apiVersion: "gone.example.com/v1" };
      await provider.delete({ ...created, state });
    });

    it("does not wait for a namespace when the object says so", async () => {
      const annotations = { "pulumi.com/skipAwait": "true" };
      const created = await provider.create(namespaceType, {
        metadata: { name: uniqueName(), annotations },
      });
      await provider.delete(created);
      const { body } = await api.request("GET", `/api/v1/namespaces/${created.id}`);
      expect(body.status.phase).to.equal("Terminating");
    });

    it("stops waiting when it is cancelled", async () => {
      const cancelled = await ProviderProcess.kubernetes({ kubeconfig });
      const created = await cancelled.create(configMapType, configMap("held", {}));
      await setFinalizers("held", ["example.com/hold"]);
      const deletion = failureOf(cancelled.delete(created));
      await eventually(async () => "deletionTimestamp" in (await getConfigMap("held")).metadata);

      await cancelled.cancel();

      expect((await deletion).message).to.include("cancelled");
      await cancelled.stop();
      await setFinalizers("held", []);
    });
  });

  describe("secrets", () => {
    const token = "correct horse battery staple";

    it("stay secret in the state", async () => {
      const created = await provider.create(secretType, {
        metadata: { name: "token", namespace },
        stringData: { token },
      });
      const read = await provider.read(created);

      for (const state of [created.state, read?.state ?? {}]) {
        expect(state["data"]).to.be.instanceOf(Secret);
        expect((state["__inputs"] as Properties)["data"]).to.be.instanceOf(Secret);
        expect(withoutSecrets(state)["data"]).to.deep.equal({
          token: Buffer.from(token).toString("base64"),
        });
        expectHidden(state, token);
      }
    });

    it("stay secret in objects of other kinds", async () => {
      const created = await provider.create(configMapType, {
        metadata: { name: "mixed", namespace },
        data: { open: "public value", hidden: new Secret(token) },
      });
      expect(secretTexts(created.state)).to.include(token);
      expectHidden(created.state, token);
      expect(created.state["data"]).to.deep.include({ open: "public value" });
    });

    it("are taken out of what the API server says", async () => {
      const error = await failureOf(
        provider.create(configMapType, {
          metadata: { name: "mixed", namespace, labels: { hidden: new Secret(token) } },
        }),
      );
      expect(error.message).to.include("metadata.labels");
      expect(error.message).not.to.include(token);
    });
  });

  describe("without a cluster", () => {
    let offline: ProviderProcess;

    beforeEach(async () => {
      offline = await ProviderProcess.kubernetes({ kubeconfig: closedPort });
    });

    afterEach(() => offline.stop());

    it("previews with the inputs alone", async () => {
      const inputs = configMap("web", { a: "1" });
      const preview = await offline.create(configMapType, inputs, { preview: true });
      expect(preview.state["data"]).to.deep.equal({ a: "1" });
    });

    it("compares with what the state knows", async () => {
      const created = await provider.create(configMapType, configMap("web", { a: "1" }));
      const answer = await offline.diff(created, configMap("web", { a: "2" }));
      expect(answer.details).to.deep.equal({ "data.a": "UPDATE" });
    });

    it("names the server when an object is to be created or changed", async () => {
      const created = await provider.create(configMapType, configMap("web", { a: "1" }));
      const failures = [
        await failureOf(offline.create(configMapType, configMap("other", {}))),
        await failureOf(offline.update(created, configMap("web", { a: "2" }))),
      ];
      for (const { message } of failures) {
        expect(message).to.include("configured Kubernetes cluster is unreachable");
        expect(message).to.include("https://127.0.0.1:1");
      }
    });

    it("gives up objects only when it is told to", async () => {
      const created = await provider.create(configMapType, configMap("web", { a: "1" }));
      const deletion = await failureOf(offline.delete(created));
      expect(deletion.message).to.include("PULUMI_K8S_DELETE_UNREACHABLE");
      const refresh = await failureOf(offline.read(created));
      expect(refresh.message).to.include("PULUMI_K8S_DELETE_UNREACHABLE");

      const forgetful = await ProviderProcess.kubernetes({
        kubeconfig: closedPort,
        deleteUnreachable: "true",
      });
      await forgetful.delete(created);
      expect(await forgetful.read(created)).to.equal(undefined);
      await forgetful.stop();
    });
  });

  describe("configuration", () => {
    it("is taken from the content of a kubeconfig", async () => {
      const content = readFileSync(kubeconfig, "utf8");
      const configured = await ProviderProcess.kubernetes({ kubeconfig: content });
      const created = await configured.create(configMapType, configMap("web", {}));
      await configured.stop();
      expect(created.id).to.equal(`${namespace}/web`);
    });

    it("is taken from KUBECONFIG when nothing else is said", async () => {
      const configured = await ProviderProcess.start("pulumi-resource-kubernetes", {
        KUBECONFIG: kubeconfig,
      });
      await configured.configure("kubernetes", {});
      const created = await configured.create(configMapType, configMap("web", {}));
      await configured.stop();
      expect(created.id).to.equal(`${namespace}/web`);
    });

    it("refuses a context that does not exist", async () => {
      const configured = await ProviderProcess.kubernetes({ kubeconfig, context: "elsewhere" });
      const error = await failureOf(configured.create(configMapType, configMap("web", {})));
      await configured.stop();
      expect(error.message).to.include('context "elsewhere" does not exist');
    });
  });

  function configMap(
    name: string,
    data: { [key: string]: string },
    annotations?: { [key: string]: string },
  ): Properties {
    return {
      metadata: { name, namespace, ...(annotations === undefined ? {} : { annotations }) },
      data,
    };
  }

  function service(spec: Properties): Properties {
    return { metadata: { name: "web", namespace }, spec: { ports: [{ port: 80 }], ...spec } };
  }

  function quotaInputs(hard: { [resource: string]: string }): Properties {
    return { metadata: { name: "quota", namespace }, spec: { hard } };
  }

  function roleBinding(role: string): Properties {
    return {
      metadata: { name: "binding", namespace },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
      subjects: [subject("people")],
    };
  }

  function subject(group: string): Properties {
    return { apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: group };
  }

  function configMapPath(name: string): string {
    return `/api/v1/namespaces/${namespace}/configmaps/${name}`;
  }

  async function getConfigMap(name: string) {
    return (await api.request("GET", configMapPath(name))).body as {
      metadata: object;
      data: object;
    };
  }

  async function postConfigMap(name: string, data: object): Promise<void> {
    await api.request("POST", `/api/v1/namespaces/${namespace}/configmaps`, {
      metadata: { name },
      data,
    });
  }

  async function applyConfigMap(name: string, data: object, manager: string): Promise<void> {
    const object = { apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data };
    await api.request("PATCH", configMapPath(name), object, {
      contentType: "application/apply-patch+yaml",
      query: { fieldManager: manager, force: "true" },
    });
  }

  function setFinalizers(name: string, finalizers: string[]): Promise<void> {
    return setFinalizersAt(configMapPath(name), finalizers);
  }

  async function setFinalizersAt(path: string, finalizers: string[]): Promise<void> {
    const change = { metadata: { finalizers } };
    await api.request("PATCH", path, change, { contentType: "application/merge-patch+json" });
  }
});

function uniqueName(): string {
  return `plugin-test-${randomBytes(4).toString("hex")}`;
}

function metadataOf(resource: ResourceUnderTest): Properties {
  return resource.state["metadata"] as Properties;
}

function nameOf(resource: ResourceUnderTest): string {
  return metadataOf(resource)["name"] as string;
}

async function failureOf(operation: Promise<unknown>): Promise<OperationError> {
  try {
    await operation;
  } catch (error) {
    expect(error).to.be.instanceOf(OperationError);
    return error as OperationError;
  }
  throw new Error("the operation succeeded");
}

/** Everything outside of secrets, as text. */
function expectHidden(state: Properties, text: string): void {
  const open = JSON.stringify(state, (_, value: unknown) =>
    value instanceof Secret ? "hidden" : value,
  );
  expect(open).not.to.include(text);
  expect(open).not.to.include(Buffer.from(text).toString("base64"));
}

function crontabDefinition(group: string): Properties {
  const schema = { type: "object", x_kubernetes_preserve_unknown_fields: true };
  return {
    metadata: { name: `crontabs.${group}` },
    spec: {
      group,
      scope: "Namespaced",
      names: { plural: "crontabs", singular: "crontab", kind: "CronTab" },
      versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: schema } }],
    },
  };
}
