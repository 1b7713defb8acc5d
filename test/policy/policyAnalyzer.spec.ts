import type { Policies, ResourceValidationArgs } from "@pulumi/policy";
import { expect } from "chai";
import {
  type AnalyzedResource,
  analyzeResource,
  analyzeStack,
  secretValue,
  unknownText,
  urnOf,
} from "./support/policyAnalyzer";

const type = "kubernetes:core/v1:ConfigMap";
const component: AnalyzedResource = { type: "shop:index:Shop", name: "shop" };
const namespace: AnalyzedResource = {
  type: "kubernetes:core/v1:Namespace",
  name: "namespace",
  properties: { metadata: { name: unknownText } },
  parent: component,
};
const settings: AnalyzedResource = {
  type,
  name: "settings",
  properties: { metadata: { namespace: unknownText } },
  parent: component,
  dependencies: [namespace],
  propertyDependencies: { metadata: [namespace] },
};

describe("the policy SDK's analyzer", () => {
  it("shows a secret as what it is", async () => {
    const properties = { data: { password: secretValue("hunter2") } };
    expect(await seen(properties, ({ props }) => props.data)).to.deep.equal({
      password: "hunter2",
    });
  });

  it("stops a policy that reads an unknown value, and only advises then", async () => {
    const found = await analyzeResource(
      [policyThat(({ props }) => String(props.data))],
      resource({ data: unknownText }),
    );
    expect(found).to.have.length(1);
    expect(found[0]).to.deep.include({ policy: "tells", isAdvisory: true });
    expect(found[0]?.message).to.contain("string value at .data can't be known during preview");
  });

  it("lets a policy see that a value is there, and unknown, without reading it", async () => {
    const look = ({ props }: ResourceValidationArgs) => [
      Object.keys(props),
      "data" in props,
      Object.getOwnPropertyDescriptor(props, "data")?.value,
      Object.entries(props.metadata as object),
    ];
    const properties = { data: unknownText, metadata: { name: "x" } };
    expect(await seen(properties, look)).to.deep.equal([
      ["data", "metadata"],
      true,
      unknownText,
      [["name", "x"]],
    ]);
  });

  it("says nothing where a policy does not apply", async () => {
    const policy = policyThat((args) => args.notApplicable("no such kind"));
    expect(await analyzeResource([policy], resource({}))).to.deep.equal([]);
  });

  it("takes the level of a policy, and advises where none is set", async () => {
    const levels = ["mandatory", "advisory", "disabled", undefined] as const;
    const policies = levels.map((enforcementLevel) => ({
      ...policyThat(() => "anything"),
      name: String(enforcementLevel),
      enforcementLevel,
    }));
    const found = await analyzeResource(policies, resource({}));
    expect(found.map(({ policy, isAdvisory }) => [policy, isAdvisory])).to.deep.equal([
      ["mandatory", false],
      ["advisory", true],
      ["undefined", true],
    ]);
  });

  it("fails as a whole when a policy throws", async () => {
    const policy = policyThat(() => {
      throw new Error("broken rule");
    });
    let failure: unknown;
    await analyzeResource([policy], resource({})).catch((error: unknown) => (failure = error));
    expect(JSON.stringify(failure, ["message", "details"])).to.contain("broken rule");
  });

  it("tells a policy its settings, a resource's provider and what changes are ignored", async () => {
    const look = (args: ResourceValidationArgs) => [
      args.getConfig(),
      args.provider?.props.context,
      args.opts.ignoreChanges,
    ];
    const judged = {
      ...resource({}),
      provider: { properties: { context: "shop" } },
      ignoreChanges: ["data"],
    };
    const found = await analyzeResource([policyThat(look)], judged, { ceiling: 3 });
    expect(JSON.parse(found[0]?.message ?? "")).to.deep.equal([{ ceiling: 3 }, "shop", ["data"]]);
  });

  it("relates the resources of a stack though their names are unknown", async () => {
    const policies: Policies = [
      {
        name: "tells",
        description: "",
        validateStack: ({ resources }, report) => {
          for (const { name, parent, opts, dependencies, propertyDependencies } of resources) {
            const related = {
              parent: parent?.urn,
              sameParent: opts.parent,
              dependencies: dependencies.map(({ urn }) => urn),
              metadata: propertyDependencies.metadata?.map(({ urn }) => urn),
            };
            report(JSON.stringify({ name, ...related }));
          }
        },
      },
    ];
    const found = await analyzeStack(policies, [component, namespace, settings]);
    expect(found.map(({ message }) => JSON.parse(message) as unknown)).to.deep.equal([
      { name: "shop", dependencies: [] },
      {
        name: "namespace",
        parent: urnOf(component),
        sameParent: urnOf(component),
        dependencies: [],
      },
      {
        name: "settings",
        parent: urnOf(component),
        sameParent: urnOf(component),
        dependencies: [urnOf(namespace)],
        metadata: [urnOf(namespace)],
      },
    ]);
  });
});

/** What a look at a resource of these properties shows. */
async function seen(
  properties: Readonly<Record<string, unknown>>,
  look: (args: ResourceValidationArgs) => unknown,
): Promise<unknown> {
  const [found] = await analyzeResource([policyThat(look)], resource(properties));
  return JSON.parse(found?.message ?? "");
}

function policyThat(look: (args: ResourceValidationArgs) => unknown): Policies[number] {
  return {
    name: "tells",
    description: "",
    validateResource: (args, report) => report(JSON.stringify(look(args))),
  };
}

function resource(properties: Readonly<Record<string, unknown>>): AnalyzedResource {
  return { type, name: "x", properties };
}
