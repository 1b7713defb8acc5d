import { expect } from "chai";
import { KubernetesApi } from "secure-environment-sandbox";
import {
  corePath,
  createAll,
  deleteRequest,
  getRequest,
  groupPath,
  postRequest,
  rehearsal,
  send,
} from "./support/apiRequests";
import { eventually } from "../support/eventually";
import { PlatformCluster } from "./support/platformScene";
import { compliantDeployment } from "./support/workloads";
import { platformConfiguration } from "./attacks/platformArgs";
import { people, type Person } from "./ordinary/people";
import { ordinaryRequests, type OrdinaryRequest } from "./ordinary/requests";
import { ordinaryObjects, staging } from "./ordinary/staging";

describe("outside of review environments", function () {
  this.timeout(300_000);
  let cluster: PlatformCluster;
  let clients = {} as Record<Person, KubernetesApi>;
  const without = new Map<OrdinaryRequest, string>();

  before("ask for everything without the platform, and install it", async function () {
    this.timeout(300_000);
    cluster = await PlatformCluster.start();
    await createAll(cluster.api, ordinaryObjects);
    clients = await clientsOf(cluster);
    for (const request of ordinaryRequests) {
      without.set(request, await answerTo(request));
    }
    await cluster.install(platformConfiguration);
  });

  after(async () => {
    Object.values(clients).forEach((api) => api.close());
    await cluster.end();
  });

  for (const request of ordinaryRequests) {
    it(`${people[request.who].what} ${request.what}: answered as without the platform`, async () => {
      expect(await answerTo(request)).to.equal(without.get(request));
    });
  }

  it("a deployment gets its pods from the controllers, and its namespace goes with it", async () => {
    const deployment = postRequest(
      groupPath(staging, "apps", "deployments"),
      compliantDeployment("earnest"),
    );
    expect((await send(clients.editor, deployment)).status).to.equal(201);
    const pods = getRequest(corePath(staging, "pods?labelSelector=app=earnest"));
    await eventually(async () => (await send(clients.editor, pods)).body.items.length === 1);
    expect((await send(clients.operator, deleteRequest(corePath(staging)))).status).to.equal(200);
    const namespace = getRequest(corePath(staging));
    await eventually(async () => (await send(clients.operator, namespace)).status === 404);
  });

  it("much is allowed and much is not, so that either would be noticed", () => {
    const answers = [...without.values()];
    const allowed = answers.filter((answer) => /^20[01]/.test(answer));
    const forbidden = answers.filter((answer) => answer.startsWith("403"));
    expect(allowed.length).to.be.greaterThan(50);
    expect(forbidden.length).to.be.greaterThan(10);
    expect(answers.length - allowed.length - forbidden.length).to.be.lessThan(5);
  });

  async function answerTo({ who, request }: OrdinaryRequest): Promise<string> {
    const { status, body } = await send(clients[who], rehearsal(request));
    return status < 300 ? String(status) : `${status} ${body.message}`;
  }
});

async function clientsOf({ sandbox }: PlatformCluster): Promise<Record<Person, KubernetesApi>> {
  const clients: Partial<Record<Person, KubernetesApi>> = {};
  for (const [person, { user, groups }] of Object.entries(people)) {
    clients[person as Person] = new KubernetesApi(await sandbox.userKubeconfig(user, groups));
  }
  return clients as Record<Person, KubernetesApi>;
}
