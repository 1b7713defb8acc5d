import { expect } from "chai";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  createModel,
  type IsolationModel,
  type IsolationOptions,
  readObjects,
} from "#isolation/index";
import { type Configuration, configurations } from "./support/reachability/configurations";
import { type OpenPorts, PortProbe } from "./support/reachability/openPorts";
import {
  type Actor,
  actors,
  actorsIn,
  environment,
  fixedObjects,
  metadata,
  neighbour,
  untouchables,
} from "./support/reachability/scene";
import { reachabilityTable } from "./support/reachability/table";
import { setScene } from "./support/scene";
import { settingsOf } from "./support/settings";

const folder = join(__dirname, "../../../test/e2e/reachability");
const neighbourTable = "the-other-environment";
const environments = [environment, neighbour];
const onPurpose = "after a change on purpose, write the tables anew with UPDATE_TABLES=1";
const directions = ["Ingress", "Egress"] as const;

describe("who reaches whom by the network policies of an environment", function () {
  this.timeout(300_000);
  const scene = setScene();
  /** What the API server had of both environments, by the name of the configuration. */
  const created = new Map<string, readonly unknown[]>();

  before("bring up the other environment", async () => {
    await scene.program.createStack(neighbour);
    const up = await scene.program.up(neighbour);
    expect(up.exitCode, up.output).to.equal(0);
    await scene.program.createStack(environment);
  });

  for (const configuration of configurations) {
    const { name } = configuration;

    it(`is as the table ${name} says`, async () => {
      await bringUp(configuration);
      created.set(name, await readEnvironments());
      const table = heading(configuration) + tableOf(name, environment);
      expect(table, onPurpose).to.equal(committedTable(name, table));
    });
  }

  it("has a table for every configuration and no other", () => {
    const names = [...configurations.map(({ name }) => name), neighbourTable];
    expect(readdirSync(folder)).to.have.members(names.map((name) => `${name}.txt`));
  });

  it("is the same for the other environment all the while", () => {
    const promise = "What one environment is brought up with changes nothing for the other one.";
    forEachConfiguration((name) => {
      const table = `${promise}\n\n${tableOf(name, neighbour)}`;
      expect(table, `${name}; ${onPurpose}`).to.equal(committedTable(neighbourTable, table));
    });
  });

  it("does not depend on whether a network plugin finds pods by ranges of addresses", () => {
    forEachConfiguration((name) => {
      const table = tableOf(name, environment, { ipBlocksMatchPods: false });
      expect(table, name).to.equal(tableOf(name, environment));
    });
  });

  it("is decided by objects that the model understands to the last word", () => {
    forEachConfiguration((name) => {
      expect(modelOf(name).doubts, name).to.deep.equal([]);
      expect(readObjects(created.get(name) ?? []).doubts, name).to.deep.equal([]);
    });
  });

  it("is nobody by default, in both directions, for any pod that may ever come", () => {
    forEachConfiguration((name) => {
      for (const direction of directions) {
        const { denies, by } = modelOf(name).deniesByDefault(environment, direction);
        expect(denies, `${name}, ${direction}`).to.be.true;
        expect(by, name).to.include(`${environment}/default-deny`);
      }
    });
  });

  it("is never another environment, staging, production, a node or what is protected", () => {
    forEachConfiguration((name) => {
      for (const actor of untouchables) {
        expect(openPorts(name, actor), `${name}: ${actor.name}`).to.deep.equal([]);
      }
    });
  });

  it("is never the metadata service, but for names where they come from there", () => {
    const open = configurations.flatMap(({ name }) =>
      metadata.flatMap((actor) =>
        openPorts(name, actor).map((ports) => ({ name, actor: actor.name, ...ports })),
      ),
    );
    const dns = {
      name: "dns-on-the-metadata-address",
      actor: "169.254.169.254 (metadata)",
      first: 53,
      last: 53,
      by: "dns",
    };
    const ofOnePod = [
      { ...dns, protocol: "TCP" },
      { ...dns, protocol: "UDP" },
    ];
    expect(open).to.deep.equal([...ofOnePod, ...ofOnePod]);
  });

  it("is nobody again after all of that, once the configuration is empty again", async () => {
    const [first] = configurations;
    await bringUp(first);
    created.set("again", await readEnvironments());
    expect(tableOf("again", environment)).to.equal(tableOf(first.name, environment));
  });

  it("leaves nothing behind", async () => {
    await Promise.all(
      environments.map(async (namespace) => {
        const destroy = await scene.program.destroy(namespace);
        expect(destroy.exitCode, destroy.output).to.equal(0);
        const { status } = await scene.api.request("GET", `/api/v1/namespaces/${namespace}`);
        expect(status, namespace).to.equal(404);
      }),
    );
  });

  async function bringUp({ network }: Configuration): Promise<void> {
    const file = join(scene.program.folder, "settings.yaml");
    writeFileSync(file, settingsOf("review", network));
    const up = await scene.program.up(environment, "--config-file", file);
    expect(up.exitCode, up.output).to.equal(0);
  }

  /** The namespaces and the network policies of both environments, as the API server has them. */
  async function readEnvironments(): Promise<unknown[]> {
    const paths = environments.flatMap((namespace) => [
      `/api/v1/namespaces/${namespace}`,
      `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`,
    ]);
    const answers = await Promise.all(paths.map((path) => scene.api.request("GET", path)));
    return answers.map(({ status, body }, index) => {
      expect(status, paths[index]).to.equal(200);
      return body as unknown;
    });
  }

  function forEachConfiguration(check: (name: string) => void): void {
    for (const { name } of configurations) {
      check(name);
    }
  }

  function modelOf(name: string, options?: IsolationOptions): IsolationModel {
    const objects = created.get(name);
    if (objects === undefined) {
      throw new Error(`The environment never came up with the configuration ${name}.`);
    }
    return createModel([...readObjects(objects).objects, ...fixedObjects], options);
  }

  function probeOf(name: string, options?: IsolationOptions): PortProbe {
    return new PortProbe(modelOf(name, options), environments);
  }

  function tableOf(name: string, namespace: string, options?: IsolationOptions): string {
    return reachabilityTable(namespace, actors, probeOf(name, options));
  }

  /** What is open between any pod of the environment and somebody, in both directions. */
  function openPorts(name: string, actor: Actor): OpenPorts[] {
    const probe = probeOf(name);
    return actorsIn(environment).flatMap((own) =>
      directions.flatMap((direction) => probe.openPorts(own, direction, actor)),
    );
  }
});

function heading({ promise, network }: Configuration): string {
  return `${promise}\n\n${settingsOf("review", network)}\n`;
}

/** The table as it is committed, once it is written anew if that was asked for. */
function committedTable(name: string, table: string): string {
  const file = join(folder, `${name}.txt`);
  if (process.env.UPDATE_TABLES === "1") {
    writeFileSync(file, table);
  }
  return readFileSync(file, "utf8");
}
