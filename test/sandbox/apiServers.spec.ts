import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { expect } from "chai";
import {
  KubernetesApi,
  openSandbox,
  type Sandbox,
  sandboxStatus,
  startSandbox,
  stopSandbox,
} from "secure-environment-sandbox";
import { readKubeconfig } from "secure-environment-sandbox/bin/kubeconfig.js";
import { isRunning } from "secure-environment-sandbox/bin/processes.js";

import { eventually } from "../support/eventually";

const firstStart = 30 * 60_000;
const configMaps = "/api/v1/namespaces/default/configmaps";
const admissionGroup = "/apis/admissionregistration.k8s.io/v1";

describe("two API servers on one etcd", function () {
  this.timeout(300_000);
  let sandbox: Sandbox;
  const clients: KubernetesApi[] = [];

  before(async function () {
    this.timeout(firstStart);
    const folder = mkdtempSync(join(tmpdir(), "two-api-servers-"));
    sandbox = await startSandbox({
      stateDirectory: join(folder, "state"),
      apiServers: 2,
      extraApiServerArguments: ["--max-requests-inflight=123"],
    });
  });

  after(async () => {
    clients.forEach((client) => client.close());
    await stopSandbox(sandbox.stateDirectory);
    rmSync(dirname(sandbox.stateDirectory), { recursive: true });
  });

  /** The user of a kubeconfig at each of the API servers. */
  function everywhere(kubeconfig: string): KubernetesApi[] {
    const paths = sandbox.servers.map((server) => sandbox.kubeconfigAt(server, kubeconfig));
    const opened = paths.map((path) => new KubernetesApi(path));
    clients.push(...opened);
    return opened;
  }

  function statusesOf(kubeconfig: string, path: string) {
    return Promise.all(
      everywhere(kubeconfig).map(async (api) => (await api.request("GET", path)).status),
    );
  }

  it("are two processes with the same arguments, a log and an audit log each", () => {
    const { parts, running } = sandboxStatus(sandbox.stateDirectory);
    const apiServers = parts.filter(({ name }) => name.startsWith("kube-apiserver"));
    const commandLines = apiServers.map(({ pid }) => readFileSync(`/proc/${pid}/cmdline`, "utf8"));
    const argumentsOf = (name: string) =>
      commandLines.map((line) => new RegExp(`--${name}=([^\\0]*)`).exec(line)?.[1]);

    expect(running).to.equal(true);
    expect(apiServers.map(({ name }) => name)).to.deep.equal([
      "kube-apiserver",
      "kube-apiserver-2",
    ]);
    expect(new Set(apiServers.map(({ logFile }) => logFile))).to.have.property("size", 2);
    expect(new Set(argumentsOf("audit-log-path"))).to.have.property("size", 2);
    expect(new Set(argumentsOf("etcd-servers"))).to.have.property("size", 1);
    expect(argumentsOf("max-requests-inflight")).to.deep.equal(["123", "123"]);
    expect(sandbox.servers).to.deep.equal(
      argumentsOf("secure-port").map((port) => `https://127.0.0.1:${port}`),
    );
  });

  it("are found again by whoever knows the folder", async () => {
    const found = await openSandbox(sandbox.stateDirectory);

    expect(found.servers).to.deep.equal(sandbox.servers);
  });

  it("are each reached by the same user's kubeconfig", async () => {
    const kubeconfig = await sandbox.userKubeconfig("ann", ["dev-users"]);
    const paths = sandbox.servers.map((server) => sandbox.kubeconfigAt(server, kubeconfig));

    const { options } = readKubeconfig(kubeconfig);
    expect(paths.map((path) => readKubeconfig(path).server)).to.deep.equal(sandbox.servers);
    paths.forEach((path) => expect(readKubeconfig(path).options).to.deep.equal(options));
  });

  it("show each what was written at the other", async () => {
    const [first, second] = everywhere(sandbox.kubeconfig);
    const name = "shared";

    const created = await first?.request("POST", configMaps, { metadata: { name } });
    const read = await second?.request("GET", `${configMaps}/${name}`);

    expect([created?.status, read?.status]).to.deep.equal([201, 200]);
    expect(read?.body.metadata.uid).to.equal(created?.body.metadata.uid);
  });

  it("know the same users and the same service accounts", async () => {
    const namespace = "/api/v1/namespaces/default";
    const user = await sandbox.userKubeconfig("ann", []);
    const robot = await sandbox.serviceAccountKubeconfig("default", "default");

    expect(await statusesOf(user, namespace)).to.deep.equal([403, 403]);
    expect(await statusesOf(robot, namespace)).to.deep.equal([403, 403]);
    expect(await statusesOf(sandbox.kubeconfig, namespace)).to.deep.equal([200, 200]);
  });

  it("refuse both, before long, what a policy refuses that was installed at one", async () => {
    const [first, second] = everywhere(sandbox.kubeconfig);
    const name = "no-config-maps-called-refused";
    const rules = [
      { apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["configmaps"] },
    ];
    const policy = {
      matchConstraints: { resourceRules: rules },
      validations: [{ expression: "object.metadata.name != 'refused'", message: "not this name" }],
    };
    await first?.request("POST", `${admissionGroup}/validatingadmissionpolicies`, {
      metadata: { name },
      spec: policy,
    });
    await first?.request("POST", `${admissionGroup}/validatingadmissionpolicybindings`, {
      metadata: { name },
      spec: { policyName: name, validationActions: ["Deny"] },
    });

    for (const api of [first, second]) {
      await eventually(async () => {
        const attempt = { metadata: { name: "refused" } };
        const query = { dryRun: "All" };
        const answer = await api?.request("POST", configMaps, attempt, { query });
        return answer?.status === 422 && answer.body.message.includes("not this name");
      });
    }
  });

  it("leave no process and no file once they are stopped", async () => {
    const { parts } = sandboxStatus(sandbox.stateDirectory);

    await stopSandbox(sandbox.stateDirectory);

    expect(parts).to.have.length(4);
    expect(parts.some(isRunning)).to.equal(false);
    expect(readdirSync(dirname(sandbox.stateDirectory))).to.deep.equal([]);
  });
});
