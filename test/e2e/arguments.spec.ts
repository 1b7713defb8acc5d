import { expect } from "chai";
import fc from "fast-check";
import { type NetworkPolicy } from "#isolation/index";
import { anyArguments, type Given } from "../components/support/arbitraryArguments";
import { anyMutatedArguments } from "../components/support/argumentMutations";
import { eventually } from "../support/eventually";
import { meshDefinitions } from "./support/meshes/definitions";
import {
  isPatch,
  type ProducedObject,
  production,
  type Production,
} from "./support/producedObjects";
import { propertyRuns } from "../support/propertyRuns";
import { refusalFaults } from "../components/support/refusals";
import { setScene } from "./support/scene";
import {
  capacityFaults,
  type CapacityWalls,
  networkFaults,
} from "../components/support/wallFaults";

const definitionsPath = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const namespace = "arguments";
const runs = propertyRuns(60);
/** A search that takes longer is broken off, so that what was found is told. */
const longest = 100_000 + runs * 1000;

describe("an environment of any arguments", function () {
  this.timeout(longest + 30_000);
  const scene = setScene();

  before("make a namespace to ask for, and install the meshes' definitions", async () => {
    const metadata = { name: namespace };
    await create("/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata });
    for (const definition of meshDefinitions) {
      await create(definitionsPath, definition);
    }
    for (const { metadata } of meshDefinitions) {
      await eventually(() => isEstablished(metadata.name));
    }
  });

  after("remove the namespace and the meshes' definitions", async () => {
    await scene.api.request("DELETE", `/api/v1/namespaces/${namespace}`);
    // A namespace is emptied of every kind that is served, so the kinds go after it.
    await eventually(async () => {
      const { status } = await scene.api.request("GET", `/api/v1/namespaces/${namespace}`);
      return status === 404;
    });
    for (const { metadata } of meshDefinitions) {
      await scene.api.request("DELETE", `${definitionsPath}/${metadata.name}`);
    }
    await eventually(async () => {
      const { body } = await scene.api.request("GET", "/apis");
      const served = (body.groups as { name: string }[]).map(({ name }) => name);
      return meshDefinitions.every(({ spec }) => !served.includes(spec.group));
    });
  });

  it("that are valid is what the API server takes, closed but for its holes", async () => {
    await holds(runs, anyArguments(), async (given) => {
      const outcome = production(given);
      return typeof outcome === "string" ? [outcome] : productionFaults(given, outcome);
    });
  });

  it("that were changed is what the API server takes, or is refused by property", async () => {
    // Most are refused, which takes no time.
    await holds(3 * runs, anyMutatedArguments(), async (given) => {
      const outcome = production(given);
      return typeof outcome === "string"
        ? refusalFaults(outcome, Object.keys(given.args))
        : productionFaults(given, outcome);
    });
  });

  async function create(path: string, object: object): Promise<void> {
    const { status, body } = await scene.api.request("POST", path, object);
    expect(status, JSON.stringify(body)).to.equal(201);
  }

  async function isEstablished(name: string): Promise<boolean> {
    const { body } = await scene.api.request("GET", `${definitionsPath}/${name}`);
    const conditions = (body.status?.conditions ?? []) as { type: string; status: string }[];
    return conditions.some(({ type, status }) => type === "Established" && status === "True");
  }

  async function productionFaults(
    { args }: Given,
    { objects, resources }: Production,
  ): Promise<string[]> {
    const answers = await Promise.all(objects.map(answerTo));
    return [
      ...answers.flat(),
      ...repetitions(resources).map((resource) => `${resource} is made twice`),
      ...networkFaults(args, namespaceOf(objects), policiesAmong(objects)),
      ...capacityFaults(capacityWallsAmong(objects)),
    ];
  }

  /** What the API server has against the object, which is not kept. */
  async function answerTo(object: ProducedObject): Promise<string[]> {
    const { status, body } = await ask(object);
    const { kind, metadata } = object;
    return status === 200 || status === 201
      ? []
      : [`${kind} ${metadata.name} is answered with ${status}: ${JSON.stringify(body)}`];
  }

  function ask(object: ProducedObject) {
    const query = { dryRun: "All", fieldValidation: "Strict" };
    const { apiVersion, kind, metadata } = object;
    if (metadata.namespace === undefined) {
      const path = `${groupPath(apiVersion)}/${pluralOf(kind)}`;
      return scene.api.request("POST", path, object, { query });
    }
    const path = `${groupPath(apiVersion)}/namespaces/${namespace}/${pluralOf(kind)}`;
    const body = { ...object, metadata: { ...metadata, namespace } };
    return isPatch(object)
      ? scene.api.request("PATCH", `${path}/${metadata.name}`, body, {
          contentType: "application/apply-patch+yaml",
          query: { ...query, fieldManager: "arguments", force: "true" },
        })
      : scene.api.request("POST", path, body, { query });
  }
});

/** Tries the property with many cases; the error tells the smallest one that fails and its seed. */
async function holds<Case>(
  numRuns: number,
  cases: fc.Arbitrary<Case>,
  faultsOf: (given: Case) => Promise<string[]>,
): Promise<void> {
  const property = fc.asyncProperty(cases, async (given) => {
    const faults = await faultsOf(given);
    expect(faults, faults.join("\n")).to.deep.equal([]);
  });
  await fc.assert(property, {
    numRuns,
    interruptAfterTimeLimit: longest,
    markInterruptAsFailure: true,
  });
}

function groupPath(apiVersion: string): string {
  return apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

function pluralOf(kind: string): string {
  return `${kind.toLowerCase()}s`.replace(/ys$/, "ies");
}

function namespaceOf(objects: readonly ProducedObject[]): string {
  return objects.find(({ kind }) => kind === "Namespace")?.metadata.name ?? "";
}

function policiesAmong(objects: readonly ProducedObject[]): NetworkPolicy[] {
  return objects.filter(({ kind }) => kind === "NetworkPolicy") as unknown as NetworkPolicy[];
}

function capacityWallsAmong(objects: readonly ProducedObject[]): CapacityWalls {
  const spec = (kind: string) =>
    objects.find((object) => object.kind === kind && object.metadata.name === "environment")
      ?.spec as { hard: CapacityWalls["quota"]; limits: CapacityWalls["limits"] };
  return { quota: spec("ResourceQuota").hard, limits: spec("LimitRange").limits };
}

function repetitions(texts: readonly string[]): string[] {
  return texts.filter((text, index) => texts.indexOf(text) < index);
}
