import { expect } from "chai";
import { KubernetesApi } from "secure-environment-sandbox";
import {
  bent,
  corePath,
  createAll,
  deleteRequest,
  groupPath,
  patchRequest,
  postRequest,
  send,
} from "./support/apiRequests";
import { eventually } from "../support/eventually";
import { PlatformCluster } from "./support/platformScene";
import { sendSlowBodies } from "./support/slowBodies";
import { compliantDeployment } from "./support/workloads";
import { buildEnvironment } from "./attacks/environments";
import { type Place } from "./attacks/places";

const login = placeOf("shop", "login");
const cart = placeOf("shop", "cart");
const post = placeOf("blog", "post");
/** An environment from before projects had shares of their own. */
const former = placeOf("blog", "former");
const formerLevel = "secure-environment-review";
const configMaps = corePath(login, "configmaps");

/** More than the seats of any share. */
const connections = 40;

/**
 * What is asked of the API server. A request waits for a seat for a quarter of its time at most, and
 * is answered with 429 then.
 */
const version = { path: "/version", query: { timeout: "8s" } };
const tooMany = 429;

/** Somebody who asks the API server for something. */
type Person = keyof typeof descriptions;

const descriptions = {
  administrator: "an administrator",
  shopPipeline: "shop's pipeline",
  blogPipeline: "blog's pipeline",
  shopDeployer: "the deployer of an environment of shop",
  blogDeployer: "the deployer of blog's environment",
  formerDeployer: "the deployer of an environment of blog from before projects had shares",
  shopDeveloper: "a developer of shop",
  otherShopDeveloper: "another developer of shop",
  blogDeveloper: "a developer of blog",
  visitor: "a developer who is listed by name",
} as const;

const everybody = Object.keys(descriptions) as Person[];

/** Who holds seats, and who of the others shares them. */
const holders: readonly { readonly who: Person; readonly sharers: readonly Person[] }[] = [
  { who: "shopDeveloper", sharers: ["otherShopDeveloper"] },
  { who: "visitor", sharers: ["formerDeployer"] },
  { who: "shopDeployer", sharers: [] },
  { who: "formerDeployer", sharers: ["visitor"] },
  { who: "blogPipeline", sharers: [] },
];

describe("in a cluster that two projects share", function () {
  this.timeout(300_000);
  let cluster: PlatformCluster;
  let clients: Readonly<Record<Person, KubernetesApi>>;

  before("set the scene with two projects", async function () {
    this.timeout(300_000);
    cluster = await PlatformCluster.start();
    await cluster.install({
      projects: [{ name: "shop" }, { name: "blog" }],
      developers: { groups: ["shop-developers", "blog-developers"], users: ["vera"] },
    });
    const shopPipeline = await ofAccount("secure-environment-pipeline-shop", "pipeline");
    const blogPipeline = await ofAccount("secure-environment-pipeline-blog", "pipeline");
    await buildEnvironment(shopPipeline, login, [{ group: "shop-developers" }], {});
    await buildEnvironment(shopPipeline, cart, [{ group: "shop-developers" }], {});
    await buildEnvironment(blogPipeline, post, [{ group: "blog-developers" }], {});
    await buildEnvironment(blogPipeline, former, [{ group: "blog-developers" }], {});
    await moveFormer(cluster.api, formerLevel);
    clients = {
      administrator: cluster.api,
      shopPipeline,
      blogPipeline,
      shopDeployer: await ofAccount(login.namespace, "deployer"),
      blogDeployer: await ofAccount(post.namespace, "deployer"),
      formerDeployer: await ofAccount(former.namespace, "deployer"),
      shopDeveloper: await ofUser("dean", "shop-developers"),
      otherShopDeveloper: await ofUser("dina", "shop-developers"),
      blogDeveloper: await ofUser("bela", "blog-developers"),
      visitor: await ofUser("vera"),
    };
  });

  after("stop the sandbox", async function () {
    this.timeout(300_000);
    Object.values(clients).forEach((api) => api.close());
    await cluster.end();
  });

  for (const { who, sharers } of holders) {
    it(`${descriptions[who]} who holds all seats of the own share starves nobody else`, async () => {
      const starved = await duringSlowBodies(who, () => starvedAmong(everybody));
      expect(starved).to.have.members([who, ...sharers]);
    });
  }

  it("an environment that holds all its seats keeps no pipeline from unmaking another", async () => {
    const { shopPipeline } = clients;
    await duringSlowBodies("shopDeployer", async () => {
      const { status } = await send(shopPipeline, deleteRequest(corePath(cart)));
      expect(status).to.equal(200);
      await eventually(
        async () => (await cluster.api.request("GET", corePath(cart))).status === 404,
      );
    });
  });

  it("an old environment shares with those of its project once its pipeline has updated it", async () => {
    await moveFormer(clients.blogPipeline, "secure-environment-review-blog");
    const starved = await duringSlowBodies("formerDeployer", () => starvedAmong(everybody));
    expect(starved).to.have.members(["formerDeployer", "blogDeployer"]);
  });

  it("nobody fills etcd with large objects, however many they may have", async () => {
    const { shopDeveloper, administrator } = clients;
    const paths = [0, 1, 2, 3].map((index) => `${configMaps}/large-${index}`);
    await createAll(
      shopDeveloper,
      paths.map((path) => postRequest(configMaps, named(path))),
    );
    const changes = paths.flatMap((path) =>
      [1, 2, 3].map((count) =>
        patchRequest(path, { data: { text: String(count).repeat(1_000_000) } }),
      ),
    );
    const answers = await Promise.all(changes.map((change) => send(shopDeveloper, change)));
    for (const { status, body } of answers) {
      expect(status, body.message as string).to.be.oneOf([403, 422]);
      expect(body.message).to.contain("take at most 256Ki each");
    }
    const stored = await Promise.all(paths.map((path) => administrator.request("GET", path)));
    expect(stored.map(({ body }) => body.data as unknown)).to.deep.equal(
      paths.map(() => undefined),
    );
  });

  it("a release of Helm and its upgrades are stored", async () => {
    const { shopDeployer } = clients;
    const release = { type: "helm.sh/release.v1", ...named("sh.helm.release.v1.shop.v1") };
    const data = { release: Buffer.alloc(150_000).toString("base64") };
    await createAll(shopDeployer, [postRequest(corePath(login, "secrets"), { ...release, data })]);
    const path = corePath(login, `secrets/${release.metadata.name}`);
    const upgrade = patchRequest(path, { metadata: { labels: { status: "superseded" } } });
    expect((await send(shopDeployer, upgrade)).status).to.equal(200);
  });

  it("the pods of a Deployment that is just small enough run", async () => {
    const { shopDeveloper, administrator } = clients;
    const deployment = compliantDeployment("large");
    const template = { metadata: { annotations: { note: "x".repeat(60_000) } } };
    const path = groupPath(login, "apps", "deployments");
    await createAll(shopDeveloper, [bent(postRequest(path, deployment), { spec: { template } })]);
    await eventually(async () => {
      const { body } = await administrator.request("GET", corePath(login, "pods"));
      return (body.items as { metadata: { name: string } }[]).some(({ metadata }) =>
        metadata.name.startsWith("large-"),
      );
    });
  });

  /** Does something while somebody holds as many seats as there are for them. */
  async function duringSlowBodies<Result>(
    who: Person,
    work: () => Promise<Result>,
  ): Promise<Result> {
    const holder = await anew(who);
    sendSlowBodies(holder, connections);
    try {
      await eventually(async () => (await starvedAmong([who])).length > 0);
      return await work();
    } finally {
      holder.close();
      await eventually(async () => (await starvedAmong(everybody)).length === 0);
    }
  }

  async function starvedAmong(people: readonly Person[]): Promise<Person[]> {
    const statuses = await Promise.all(
      people.map((who) =>
        clients[who].request("GET", version.path, undefined, { query: version.query }),
      ),
    );
    return people.filter((_, index) => statuses[index]!.status === tooMany);
  }

  /** Whoever holds seats does so by a client of their own. */
  function anew(who: Person): Promise<KubernetesApi> {
    const accounts: Partial<Record<Person, readonly [string, string]>> = {
      blogPipeline: ["secure-environment-pipeline-blog", "pipeline"],
      shopDeployer: [login.namespace, "deployer"],
      formerDeployer: [former.namespace, "deployer"],
    };
    const account = accounts[who];
    if (account !== undefined) {
      return ofAccount(...account);
    }
    return who === "visitor" ? ofUser("vera") : ofUser("dean", "shop-developers");
  }

  async function ofUser(name: string, ...groups: readonly string[]): Promise<KubernetesApi> {
    return new KubernetesApi(await cluster.sandbox.userKubeconfig(name, groups));
  }

  async function ofAccount(namespace: string, name: string): Promise<KubernetesApi> {
    return new KubernetesApi(await cluster.sandbox.serviceAccountKubeconfig(namespace, name));
  }
});

function named(path: string) {
  return { metadata: { name: path.slice(path.lastIndexOf("/") + 1) } };
}

/** Puts the accounts of the old environment into a share. */
async function moveFormer(api: KubernetesApi, level: string): Promise<void> {
  const path = `/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas/${former.namespace}`;
  const spec = { priorityLevelConfiguration: { name: level } };
  const { status, body } = await send(api, patchRequest(path, { spec }));
  expect(status, body.message as string).to.equal(200);
}

function placeOf(project: string, slug: string): Place {
  return { namespace: `review-${project}-${slug}`, project, stack: `review-${slug}` };
}
