import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { symlinkSync, writeFileSync } from "node:fs";
import { get, type RequestOptions } from "node:https";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";

import { expect } from "chai";
import { type Access } from "secure-environment-kubernetes";
import {
  ensureToolchain,
  KubernetesApi,
  openSandbox,
  type Sandbox,
  sandboxStatus,
  startSandbox,
  stopSandbox,
} from "secure-environment-sandbox";
import { createAuthority, issueCertificate } from "secure-environment-sandbox/bin/certificates.js";
import { readKubeconfig } from "secure-environment-sandbox/bin/kubeconfig.js";
import { onFreePort, PortTakenError } from "secure-environment-sandbox/bin/ports.js";
import { endProcesses, isRunning, referenceTo } from "secure-environment-sandbox/bin/processes.js";
import { readRecord } from "secure-environment-sandbox/bin/state.js";

import { eventually } from "../support/eventually";
import { sharedSandbox } from "../support/sandbox";
import { beginSandbox, runSandbox } from "./support/sandboxCommand";

const firstStart = 30 * 60_000;
const namespaces = "/api/v1/namespaces";

describe("the control plane", function () {
  this.timeout(180_000);
  let sandbox: Sandbox;
  let admin: KubernetesApi;
  let folder: string;

  before(async function () {
    this.timeout(firstStart);
    sandbox = await sharedSandbox();
    admin = new KubernetesApi(sandbox.kubeconfig);
    folder = mkdtempSync(join(tmpdir(), "control-plane-"));
  });

  after(() => {
    admin.close();
    rmSync(folder, { recursive: true });
  });

  /** Asks with another way in than the administrator's. */
  async function askWith(change: RequestOptions, path = namespaces) {
    const { server, options } = readKubeconfig(sandbox.kubeconfig);
    return ask({ server, options: { ...options, ...change } }, path);
  }

  it("is verified by the authority in the kubeconfig, and by no other", async () => {
    const { certificate } = await createAuthority("somebody else");

    const outcome = await askWith({ ca: certificate }).catch((error: Error) => error);

    expect(outcome).to.be.an("error").with.property("message").that.contains("certificate");
  });

  it("refuses whoever does not say who they are", async () => {
    const { server, options } = readKubeconfig(sandbox.kubeconfig);

    const statuses = await Promise.all(
      ["/version", "/readyz", namespaces].map((path) => anonymousStatus(server, options.ca, path)),
    );

    expect(statuses).to.deep.equal([401, 401, 401]);
  });

  it("refuses a token that it has not given", async () => {
    const headers = { authorization: "Bearer made.up.token" };

    expect((await askWith({ cert: undefined, key: undefined, headers })).status).to.equal(401);
  });

  it("refuses an administrator's certificate of another authority", async () => {
    const request = { commonName: "admin", organizations: ["system:masters"] };
    const stranger = await createAuthority("sandbox client authority");
    const { certificate, key } = await issueCertificate(stranger, {
      ...request,
      usages: ["client"],
    });

    expect((await askWith({ cert: certificate, key })).status).to.equal(401);
  });

  it("knows users and their groups by their certificates, whatever their names", async () => {
    const groups = ["dev-users", 'odd "group", O=x/ü'];
    const kubeconfig = await sandbox.userKubeconfig("ann@example.com", groups);

    const { username, groups: seen } = await whoAmI(kubeconfig);

    expect(username).to.equal("ann@example.com");
    expect(seen).to.have.members([...groups, "system:authenticated"]);
  });

  it("lets a user do nothing that nobody allowed", async () => {
    const { status } = await ask(await sandbox.userKubeconfig("nobody", []), namespaces);

    expect(status).to.equal(403);
  });

  it("gives service accounts tokens that work", async () => {
    await make(namespaces, { metadata: { name: "with-account" } });
    await make(`${namespaces}/with-account/serviceaccounts`, { metadata: { name: "robot" } });

    const kubeconfig = await sandbox.serviceAccountKubeconfig("with-account", "robot");

    const { username, groups } = await whoAmI(kubeconfig);
    expect(username).to.equal("system:serviceaccount:with-account:robot");
    expect(groups).to.include("system:serviceaccounts:with-account");
  });

  it("says so when the service account for a token does not exist", async () => {
    const attempt = sandbox.serviceAccountKubeconfig("default", "missing");

    const error = await attempt.catch((reason: Error) => reason);
    expect(error).to.have.property("name", "SandboxError");
    expect(error).to.have.property("message").that.contains('"missing" not found');
  });

  it("fills the status of a quota", async () => {
    const quotas = `${namespaces}/with-quota/resourcequotas`;
    await make(namespaces, { metadata: { name: "with-quota" } });
    await make(quotas, { metadata: { name: "pods" }, spec: { hard: { pods: "3" } } });

    await eventually(async () => {
      const { body } = await admin.request<{ status: object }>("GET", `${quotas}/pods`);
      return JSON.stringify(body.status) === '{"hard":{"pods":"3"},"used":{"pods":"0"}}';
    });
  });

  it("removes a namespace that was deleted", async () => {
    await make(namespaces, { metadata: { name: "short-lived" } });

    await admin.request("DELETE", `${namespaces}/short-lived`);

    await eventually(
      async () => (await admin.request("GET", `${namespaces}/short-lived`)).status === 404,
    );
  });

  it("answers on the same connection after a deletion with options", async () => {
    const configMaps = "/api/v1/namespaces/default/configmaps";
    await make(configMaps, { metadata: { name: "short-lived" } });
    const options = { propagationPolicy: "Background" };
    const deleted = await admin.request("DELETE", `${configMaps}/short-lived`, options);
    const next = await admin.request("GET", configMaps);
    expect([deleted.status, next.status]).to.deep.equal([200, 200]);
  });

  it("writes each request with its user into the audit log", async () => {
    const kubeconfig = await sandbox.userKubeconfig("audited", []);
    await ask(kubeconfig, `${namespaces}/default/secrets`);

    await eventually(() => {
      const events = readFileSync(sandbox.auditLog, "utf8").split("\n").slice(0, -1);
      return events
        .map((line) => JSON.parse(line) as { user: { username: string }; requestURI: string })
        .some(
          ({ user, requestURI }) =>
            user.username === "audited" && requestURI === `${namespaces}/default/secrets`,
        );
    });
  });

  it("lets no Kubernetes user into etcd, not even the administrator", async () => {
    const { options } = readKubeconfig(sandbox.kubeconfig);
    const ca = readFileSync(join(sandbox.stateDirectory, "pki/etcd-authority.crt"), "utf8");
    const server = /https:\/\/127\.0\.0\.1:[1-9]\d+/.exec(
      readFileSync(etcdLog(sandbox), "utf8"),
    )?.[0];
    const access = { server: server ?? "", options: { ...options, ca } };

    const outcome = await ask(access, "/version").catch((error: Error) => error);

    expect(outcome).to.be.an("error").with.property("message").that.contains("alert");
  });

  it("keeps its folder and every key in it to this user", () => {
    const keys = ["pki", "kubeconfigs"].flatMap((name) =>
      filesIn(join(sandbox.stateDirectory, name)),
    );

    expect(keys).not.to.be.empty;
    [sandbox.stateDirectory, ...keys].forEach((path) =>
      expect(statSync(path).mode & 0o077, path).to.equal(0),
    );
  });

  it("says how to get a node where one is asked for, as it has none", () => {
    const message = "This sandbox has no node. Start one with `sandbox up --node`.";
    expect(() => sandbox.probeImage()).to.throw(message);
    expect(() => sandbox.enter()).to.throw(message);
  });

  it("is found again by whoever knows the folder", async () => {
    const found = await openSandbox(sandbox.stateDirectory);

    expect(found.environment).to.deep.equal(sandbox.environment);
    expect((await ask(found.kubeconfig, "/readyz")).status).to.equal(200);
  });

  it("is not started a second time in the same folder, and goes on undisturbed", async () => {
    const attempt = startSandbox({ stateDirectory: sandbox.stateDirectory });

    const error = await attempt.catch((reason: Error) => reason);
    expect(error).to.have.property("message").that.contains("runs in").and.contains("already");
    expect((await admin.request("GET", "/readyz")).status).to.equal(200);
  });

  async function make(path: string, object: object): Promise<void> {
    const { status, body } = await admin.request<{ message?: string }>("POST", path, object);
    expect(status, body.message).to.equal(201);
  }
});

describe("a control plane of its own", function () {
  this.timeout(180_000);
  let stateDirectory: string;

  beforeEach(() => {
    stateDirectory = join(mkdtempSync(join(tmpdir(), "it's a sandbox ")), "state");
  });

  afterEach(async () => {
    await stopSandbox(stateDirectory);
    rmSync(dirname(stateDirectory), { recursive: true });
  });

  it("runs extra admission plugins when asked for", async () => {
    const { kubeconfig } = await startSandbox({
      stateDirectory,
      extraAdmissionPlugins: ["AlwaysPullImages"],
    });
    const admin = new KubernetesApi(kubeconfig);
    const spec = await admittedPodSpec(admin, {});

    expect(spec.containers[0].imagePullPolicy).to.equal("Always");
    admin.close();
  });

  it("holds pods on the nodes that their namespace's annotations name, and no others", async () => {
    const { kubeconfig } = await startSandbox({ stateDirectory });
    const admin = new KubernetesApi(kubeconfig);
    const toleration = { key: "pool", operator: "Equal", value: "review", effect: "NoSchedule" };
    const fenced = await admittedPodSpec(admin, {
      "scheduler.alpha.kubernetes.io/node-selector": "pool=review",
      "scheduler.alpha.kubernetes.io/defaultTolerations": JSON.stringify([toleration]),
    });
    const free = await admittedPodSpec(admin, {});

    expect(fenced.nodeSelector).to.deep.equal({ pool: "review" });
    expect(fenced.tolerations).to.deep.include(toleration);
    expect(free).to.not.have.property("nodeSelector");
    expect(free.tolerations.map(({ key }: { key: string }) => key)).to.deep.equal([
      "node.kubernetes.io/not-ready",
      "node.kubernetes.io/unreachable",
    ]);
    admin.close();
  });

  /** The specification that a pod comes out with which is created in a new namespace. */
  async function admittedPodSpec(admin: KubernetesApi, annotations: Record<string, string>) {
    const { body } = await admin.request("POST", namespaces, {
      metadata: { generateName: "fenced-", annotations },
    });
    const namespace = `${namespaces}/${body.metadata.name}`;
    await admin.request("POST", `${namespace}/serviceaccounts`, { metadata: { name: "runner" } });
    const spec = { serviceAccountName: "runner", containers: [{ name: "main", image: "none" }] };
    const pod = await admin.request("POST", `${namespace}/pods`, {
      metadata: { name: "pod" },
      spec,
    });
    expect(pod.status, pod.body.message).to.equal(201);
    return pod.body.spec;
  }

  it("leaves no process and no file once it is stopped", async () => {
    await startSandbox({ stateDirectory });
    const { parts } = sandboxStatus(stateDirectory);
    expect(parts.map(({ name }) => name)).to.deep.equal([
      "etcd",
      "kube-apiserver",
      "kube-controller-manager",
    ]);
    expect(parts.every(isRunning)).to.equal(true);

    await stopSandbox(stateDirectory);

    expect(parts.some(isRunning)).to.equal(false);
    expect(readdirSync(dirname(stateDirectory))).to.deep.equal([]);
  });

  it("reports a part that was killed, with the last lines of its log", async () => {
    await startSandbox({ stateDirectory });
    const { parts } = sandboxStatus(stateDirectory);
    const etcd = parts.find(({ name }) => name === "etcd");
    const lastLine = readFileSync(etcd?.logFile ?? "", "utf8")
      .trimEnd()
      .split("\n")
      .at(-1);
    process.kill(etcd?.pid ?? 0, "SIGKILL");
    await eventually(() => !sandboxStatus(stateDirectory).running);

    const { exitCode, stdout } = await runSandbox(["status", "--state", stateDirectory]);
    const error = await openSandbox(stateDirectory).catch((reason: Error) => reason);

    expect(exitCode).to.equal(1);
    expect(stdout).to.match(/etcd +has ended/);
    expect(stdout).to.contain(lastLine);
    expect(error)
      .to.have.property("message")
      .that.contains("etcd has ended")
      .and.contains(lastLine);
  });

  it("that cannot start names the part with its last lines, and leaves nothing", async () => {
    const assets = await assetsWithBrokenApiServer(dirname(stateDirectory));

    const { exitCode, stderr } = await runSandbox(["up", "--state", stateDirectory], {
      KUBEBUILDER_ASSETS: assets,
    });

    expect(exitCode).to.equal(1);
    expect(stderr).to.match(/^error: kube-apiserver ended \(exit code 3\).*\n {2}no such flag\n$/);
    expect(existsSync(stateDirectory)).to.equal(false);
    expect(processesWith(stateDirectory)).to.deep.equal([]);
  });

  for (const started of [0, 1, 2, 3]) {
    it(`leaves nothing when its start is interrupted with ${started} parts running`, async () => {
      const run = await interrupt("SIGTERM", started);

      expect((await run.end).signal).to.equal("SIGTERM");
      expect(existsSync(stateDirectory)).to.equal(false);
      expect(processesWith(stateDirectory)).to.deep.equal([]);
    });
  }

  it("is cleared away by `down` when its start was killed", async () => {
    const run = await interrupt("SIGKILL", 2);
    await run.end;
    expect(processesWith(stateDirectory)).to.have.length(2);

    const { exitCode } = await runSandbox(["down", "--state", stateDirectory]);

    expect(exitCode).to.equal(0);
    expect(existsSync(stateDirectory)).to.equal(false);
    expect(processesWith(stateDirectory)).to.deep.equal([]);
  });

  async function interrupt(signal: NodeJS.Signals, startedParts: number) {
    const run = beginSandbox(["up", "--state", stateDirectory]);
    const hasStarted = () =>
      existsSync(stateDirectory) &&
      (readRecord(stateDirectory)?.parts.length ?? -1) >= startedParts;
    await eventually(hasStarted);
    run.process.kill(signal);
    return run;
  }
});

describe("ending processes", () => {
  let child: ChildProcess;

  beforeEach(() => {
    child = spawn("sleep", ["600"]);
  });

  afterEach(() => {
    child.kill("SIGKILL");
  });

  it("ends exactly the one that is meant", async () => {
    const reference = referenceTo(child.pid ?? 0);

    await endProcesses(reference === undefined ? [] : [reference]);

    expect(reference).not.to.equal(undefined);
    expect(referenceTo(child.pid ?? 0)).to.equal(undefined);
  });

  it("leaves alone a later process that got the number of one that is gone", async () => {
    await endProcesses([{ pid: child.pid ?? 0, identity: "of an earlier process" }]);

    // Had it been killed before, it would not end by this signal.
    child.kill("SIGTERM");
    const [, signal] = (await once(child, "exit")) as [null, string];
    expect(signal).to.equal("SIGTERM");
  });
});

describe("a port that somebody else took in the meantime", () => {
  const ports = () => {
    let next = 1;
    return () => Promise.resolve(next++);
  };
  const takenUpTo = (last: number) => (port: number) =>
    port <= last ? Promise.reject(new PortTakenError(`${port} is taken`)) : Promise.resolve(port);

  it("is replaced by another one", async () => {
    expect(await onFreePort(takenUpTo(4), ports())).to.equal(5);
  });

  it("is an error when it happens five times in a row", async () => {
    const error = await onFreePort(takenUpTo(5), ports()).catch((reason: Error) => reason);

    expect(error).to.have.property("message", "5 is taken");
  });

  it("is told apart from other failures, which are not tried again", async () => {
    let attempts = 0;
    const attempt = () => {
      attempts += 1;
      return Promise.reject(new Error("bad flag"));
    };

    await onFreePort(attempt, ports()).catch(() => undefined);

    expect(attempts).to.equal(1);
  });
});

async function ask(access: Access | string, path: string) {
  const api = new KubernetesApi(access);
  try {
    return await api.request("GET", path);
  } finally {
    api.close();
  }
}

async function whoAmI(kubeconfig: string) {
  const api = new KubernetesApi(kubeconfig);
  try {
    const { body } = await api.request<{
      status: { userInfo: { username: string; groups: string[] } };
    }>("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", {
      apiVersion: "authentication.k8s.io/v1",
      kind: "SelfSubjectReview",
    });
    return body.status.userInfo;
  } finally {
    api.close();
  }
}

function anonymousStatus(server: string, ca: RequestOptions["ca"], path: string) {
  return new Promise<number | undefined>((resolve, reject) => {
    get(new URL(path, server), { ca }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on("error", reject);
  });
}

function etcdLog(sandbox: Sandbox): string {
  return join(sandbox.stateDirectory, "logs", "etcd.log");
}

function filesIn(directory: string): string[] {
  return readdirSync(directory).map((name) => join(directory, name));
}

/** Numbers of the processes that carry a text in their command line. */
function processesWith(text: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => commandLine(pid).includes(text))
    .map(Number);
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}

async function assetsWithBrokenApiServer(parent: string): Promise<string> {
  const assets = mkdtempSync(join(parent, "assets "));
  const { etcd, kubeControllerManager } = await ensureToolchain();
  [etcd, kubeControllerManager].forEach(({ path }) =>
    symlinkSync(path, join(assets, basename(path))),
  );
  const script =
    '#!/bin/sh\n[ "$1" = --version ] && echo Kubernetes v1.2.3 && exit 0\necho no such flag\nexit 3\n';
  writeFileSync(join(assets, "kube-apiserver"), script, { mode: 0o755 });
  return assets;
}
