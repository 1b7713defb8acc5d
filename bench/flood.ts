import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { KubernetesApi, type Sandbox } from "secure-environment-sandbox";

import { environmentFlowSchemaSpec } from "#components/core/flowSchema";
import { pipelineNamespace } from "#components/core/platformNames";
import { platformFlowSchemas, priorityLevels } from "#components/platform/flowControl";
import { validPlatform } from "#components/platform/validPlatform";
import { BenchmarkError } from "./figures";

/** What a flood asks for. */
export interface FloodRequest {
  /** The kubeconfig with which it asks; it has a token. */
  readonly kubeconfig: string;
  /** Default `GET`. */
  readonly method?: string;
  /** `#` stands for the number of the connection; in the body `@` stands for that of the request. */
  readonly path: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Set to false for what the API server does not answer while it lasts. */
  readonly isAnswered?: boolean;
  /** How many requests are under way at any time. */
  readonly connections: number;
}

/** What a flood has got. */
export interface FloodReport {
  /** How many answers had which HTTP status. */
  answers: Record<number, number>;
  bytes: number;
}

const script = join(__dirname, "scripts", "flood.js");

/**
 * Does something while a process of its own floods the API server, so that the flood and what is
 * measured meanwhile do not wait for one another.
 */
export async function duringFlood<Result>(
  request: FloodRequest,
  work: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly report: FloodReport }> {
  const flood = fork(script, [JSON.stringify(request)]);
  const ended = new AbortController();
  flood.once("exit", () => ended.abort(new BenchmarkError("The flood ended by itself.")));
  try {
    const result = await work();
    const report = await reportOf(flood, ended.signal);
    if (request.isAnswered !== false && report.answers[200] === undefined) {
      const statuses = Object.keys(report.answers).join(", ") || "nothing";
      throw new BenchmarkError(
        `The flood was answered with ${statuses}, never with what it asked.`,
      );
    }
    return { result, report };
  } finally {
    flood.kill("SIGKILL");
  }
}

async function reportOf(flood: ChildProcess, ended: AbortSignal): Promise<FloodReport> {
  ended.throwIfAborted();
  flood.send("stop");
  const [report] = (await once(flood, "message", { signal: ended })) as [FloodReport];
  return report;
}

/**
 * The clients of a cluster: an ordinary user, two environments that flood, of which one has the
 * platform's share, and a pipeline beside each.
 */
export interface ApiClients {
  readonly user: KubernetesApi;
  /** The path of the object that the user works with. */
  readonly userObject: string;
  readonly unboundedFlood: FloodRequest;
  readonly boundedFlood: FloodRequest;
  /** The pipeline of another project where environments share with all service accounts. */
  readonly unboundedPipeline: Neighbour;
  /** The same with the platform's shares. */
  readonly boundedPipeline: Neighbour;
}

/** A client beside the environment that floods, and the path of the object that it works with. */
export interface Neighbour {
  readonly api: KubernetesApi;
  readonly object: string;
}

const namespaces = "/api/v1/namespaces";
const rbac = "/apis/rbac.authorization.k8s.io/v1/namespaces";
const flowControl = "/apis/flowcontrol.apiserver.k8s.io/v1";

const project = "bounded";
/** What a platform for two projects has. */
const platform = validPlatform({ projects: [{ name: project }, { name: "other" }] });

const userName = "ordinary";
const account = "deployer";
const role = "application";

/** Each request of a flood makes the API server write out this much: 20 objects of 100 kB. */
const largeObjects = 20;
const largeText = "x".repeat(100_000);
const connections = 64;

const longestMilliseconds = 60_000;

/** Makes the ordinary user and both environments, and waits until the share is in force. */
export async function prepareApiClients(sandbox: Sandbox, abort: AbortSignal): Promise<ApiClients> {
  const admin = new KubernetesApi(sandbox.kubeconfig);
  try {
    await makeNamespace(admin, "everyday", { kind: "User", name: userName });
    await makeConfigMap(admin, "everyday", "small", "text");
    const unboundedFlood = await prepareFlood(sandbox, admin, "review-unbounded");
    const boundedFlood = await prepareFlood(sandbox, admin, "review-bounded");
    await giveShares(admin, abort);
    const unboundedPipeline = await prepareNeighbour(sandbox, admin, "pipeline-unbounded");
    const boundedPipeline = await prepareNeighbour(sandbox, admin, pipelineNamespace("other"));
    const user = new KubernetesApi(await sandbox.userKubeconfig(userName, []));
    const userObject = `${namespaces}/everyday/configmaps/small`;
    return {
      user,
      userObject,
      unboundedFlood,
      boundedFlood,
      unboundedPipeline,
      boundedPipeline,
    };
  } finally {
    admin.close();
  }
}

async function prepareFlood(
  sandbox: Sandbox,
  admin: KubernetesApi,
  namespace: string,
): Promise<FloodRequest> {
  await makeNamespace(admin, namespace, { kind: "ServiceAccount", name: account, namespace });
  await makeObject(admin, `${namespaces}/${namespace}/serviceaccounts`, {
    metadata: { name: account },
  });
  for (let index = 0; index < largeObjects; index++) {
    await makeConfigMap(admin, namespace, `large-${index}`, largeText);
  }
  const kubeconfig = await sandbox.serviceAccountKubeconfig(namespace, account);
  return { kubeconfig, path: `${namespaces}/${namespace}/configmaps`, connections };
}

async function prepareNeighbour(
  sandbox: Sandbox,
  admin: KubernetesApi,
  namespace: string,
): Promise<Neighbour> {
  await makeNamespace(admin, namespace, { kind: "ServiceAccount", name: account, namespace });
  await makeObject(admin, `${namespaces}/${namespace}/serviceaccounts`, {
    metadata: { name: account },
  });
  await makeConfigMap(admin, namespace, "small", "text");
  const api = new KubernetesApi(await sandbox.serviceAccountKubeconfig(namespace, account));
  return { api, object: `${namespaces}/${namespace}/configmaps/small` };
}

/** Makes a namespace in which one subject may do everything with config maps and deployments. */
async function makeNamespace(admin: KubernetesApi, name: string, subject: object): Promise<void> {
  const apiGroup = "rbac.authorization.k8s.io";
  await makeObject(admin, namespaces, { metadata: { name } });
  await makeObject(admin, `${rbac}/${name}/roles`, {
    metadata: { name: role },
    rules: [
      { apiGroups: [""], resources: ["configmaps"], verbs: ["*"] },
      { apiGroups: ["apps"], resources: ["deployments"], verbs: ["*"] },
    ],
  });
  await makeObject(admin, `${rbac}/${name}/rolebindings`, {
    metadata: { name: role },
    roleRef: { apiGroup, kind: "Role", name: role },
    subjects: [subject],
  });
}

function makeConfigMap(
  admin: KubernetesApi,
  namespace: string,
  name: string,
  text: string,
): Promise<void> {
  const path = `${namespaces}/${namespace}/configmaps`;
  return makeObject(admin, path, { metadata: { name }, data: { text } });
}

/** Gives the one environment and the other project's pipeline the shares that the platform gives. */
async function giveShares(admin: KubernetesApi, abort: AbortSignal): Promise<void> {
  for (const [name, spec] of Object.entries(priorityLevels(platform))) {
    await makeObject(admin, `${flowControl}/prioritylevelconfigurations`, {
      metadata: { name },
      spec,
    });
  }
  const environment = "review-bounded";
  const flowSchemas = {
    ...platformFlowSchemas(platform),
    [environment]: environmentFlowSchemaSpec(environment, project),
  };
  for (const [name, spec] of Object.entries(flowSchemas)) {
    await makeObject(admin, `${flowControl}/flowschemas`, { metadata: { name }, spec });
  }
  const signal = AbortSignal.any([abort, AbortSignal.timeout(longestMilliseconds)]);
  while (!(await isInForce(admin, environment))) {
    await sleep(100, undefined, { signal });
  }
}

/** The API server says in the status of a FlowSchema that it goes by it. */
async function isInForce(admin: KubernetesApi, flowSchema: string): Promise<boolean> {
  const { body } = await admin.request<{
    status: { conditions?: readonly { readonly type: string; readonly status: string }[] };
  }>("GET", `${flowControl}/flowschemas/${flowSchema}`);
  const conditions = body.status.conditions ?? [];
  return conditions.some(({ type, status }) => type === "Dangling" && status === "False");
}

/** @throws BenchmarkError when the API server does not make the object. */
export async function makeObject(
  admin: KubernetesApi,
  path: string,
  object: object,
): Promise<void> {
  const { status, body } = await admin.request<{ message?: string }>("POST", path, object);
  if (status !== 201) {
    throw new BenchmarkError(`POST ${path} answered ${status}: ${body.message}`);
  }
}
