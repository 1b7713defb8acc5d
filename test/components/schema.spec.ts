import { ComponentProvider } from "@pulumi/pulumi/provider/experimental";
import { expect } from "chai";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SecureEnvironment } from "secure-environment";
import { argumentNames } from "#components/argumentShapes";

const packageFolder = join(__dirname, "..", "..", "..", "components");
const schemaFile = join(packageFolder, "schema.json");
const token = "secure-environment:index:SecureEnvironment";

interface Property {
  readonly description?: string;
  readonly type?: string;
  readonly $ref?: string;
  readonly plain?: boolean;
  readonly items?: Property;
  readonly additionalProperties?: Property;
}
interface Shape {
  readonly properties?: Readonly<Record<string, Property>>;
  readonly required?: readonly string[];
  readonly inputProperties?: Readonly<Record<string, Property>>;
  readonly requiredInputs?: readonly string[];
  readonly isComponent?: boolean;
}
interface Schema {
  readonly resources: Readonly<Record<string, Shape>>;
  readonly types: Readonly<Record<string, Shape>>;
}

describe("the schema of the component package", function () {
  this.timeout(120_000);
  let schema: Schema;

  before(async () => {
    const provider = new ComponentProvider({
      name: "secure-environment",
      dirname: packageFolder,
      components: [SecureEnvironment],
    });
    schema = JSON.parse(await provider.getSchema()) as Schema;
    if (process.env.UPDATE_SCHEMA === "1") {
      writeFileSync(schemaFile, `${JSON.stringify(schema, undefined, 2)}\n`);
    }
  });

  it("is the committed one (after a change on purpose: UPDATE_SCHEMA=1 npm test)", () => {
    expect(schema).to.deep.equal(JSON.parse(readFileSync(schemaFile, "utf8")));
  });

  it("holds one component and the types that its arguments and outputs use", () => {
    expect(Object.keys(schema.resources)).to.deep.equal([token]);
    expect(component().isComponent).to.equal(true);
    const names = Object.keys(schema.types).map((type) => type.split(":").at(-1));
    expect(names).to.have.members([
      "AccessArgs",
      "AccessPreset",
      "ClusterNetworkArgs",
      "ClusterRolesArgs",
      "ContainerDefaultsArgs",
      "DnsArgs",
      "DnsProfile",
      "EnvironmentSize",
      "HoleArgs",
      "HoleDirection",
      "HolePeer",
      "HolePortArgs",
      "HoleProtocol",
      "HoleStatus",
      "ImageRegistryArgs",
      "Mesh",
      "NodePoolArgs",
      "NodePoolEnforcement",
      "ProtectedArgs",
    ]);
  });

  it("lets every other language leave out every input", () => {
    expect(component().requiredInputs ?? []).to.deep.equal([]);
    expect(Object.keys(inputs())).to.have.members([...argumentNames]);
  });

  it("promises the outputs, and those that are always there", () => {
    expect(Object.keys(outputs())).to.have.members([
      "namespaceName",
      "stackName",
      "branch",
      "url",
      "hostSuffix",
      "expiresAt",
      "developerRoleName",
      "deployerServiceAccountName",
      "holes",
      "quota",
    ]);
    expect(component().required).to.have.members([
      "namespaceName",
      "stackName",
      "developerRoleName",
      "deployerServiceAccountName",
      "holes",
      "quota",
    ]);
  });

  it("takes values that are known only later for what builds no wall, and for nothing else", () => {
    expect(knownLater(inputs())).to.have.members(["owner", "url", "expiresAt"]);
    const later = typesOfInputs().flatMap(([name, { properties = {} }]) =>
      knownLater(properties).map((property) => `${name}.${property}`),
    );
    expect(later).to.have.members(["ImageRegistryArgs.username", "ImageRegistryArgs.password"]);
  });

  it("knows the type of every property", () => {
    const texts = [inputs(), outputs(), nested()].flatMap((properties) =>
      Object.entries(properties).map(([name, property]) => [name, typeOf(property)]),
    );
    expect(JSON.stringify(schema)).not.to.contain("pulumi.json#/Any");
    expect(texts).to.deep.include.members([
      ["branch", "string"],
      ["project", "string"],
      ["permanent", "boolean"],
      ["uniqueSuffix", "boolean"],
      ["reservedNames", "array of string"],
      ["developerGroup", "string"],
      ["quota", "object of string"],
      ["containerDefaults", "#/types/secure-environment:index:ContainerDefaultsArgs"],
      ["access", "array of #/types/secure-environment:index:AccessArgs"],
      ["imageRegistries", "array of #/types/secure-environment:index:ImageRegistryArgs"],
      ["holes", "array of #/types/secure-environment:index:HoleArgs"],
      ["HoleArgs.ports", "array of #/types/secure-environment:index:HolePortArgs"],
      ["HoleArgs.peer", "#/types/secure-environment:index:HolePeer"],
      ["dns", "#/types/secure-environment:index:DnsArgs"],
      ["protected", "#/types/secure-environment:index:ProtectedArgs"],
      ["clusterNetwork", "#/types/secure-environment:index:ClusterNetworkArgs"],
      ["mesh", "#/types/secure-environment:index:Mesh"],
      ["meshPorts", "array of number"],
      ["size", "#/types/secure-environment:index:EnvironmentSize"],
      ["podMaximum", "object of string"],
      ["nodePool", "#/types/secure-environment:index:NodePoolArgs"],
      ["now", "string"],
      ["owner", "string"],
      ["url", "string"],
      ["expiresAt", "string"],
      ["ContainerDefaultsArgs.requests", "object of string"],
      ["ContainerDefaultsArgs.limits", "object of string"],
      ["namespaceName", "string"],
      ["stackName", "string"],
      ["developerRoleName", "string"],
    ]);
  });

  it("describes every input, every output and every nested property in words", () => {
    for (const properties of [inputs(), outputs(), nested()]) {
      for (const [name, { description }] of Object.entries(properties)) {
        expect(description, name).to.match(/^[A-Z].*\.\s*$/s);
        expect(description, name).not.to.contain("[object Object]");
      }
    }
  });

  it("says the default of every input", () => {
    for (const [name, { description }] of Object.entries(inputs())) {
      expect(description, name).to.contain("Defaults to ");
    }
  });

  function component(): Shape {
    const found = schema.resources[token];
    expect(found, token).not.to.equal(undefined);
    return found ?? {};
  }

  function inputs(): Readonly<Record<string, Property>> {
    return component().inputProperties ?? {};
  }

  function outputs(): Readonly<Record<string, Property>> {
    return component().properties ?? {};
  }

  /** The types that inputs are made of, by their short names. */
  function typesOfInputs(): [string, Shape][] {
    return Object.entries(schema.types)
      .map(([type, shape]): [string, Shape] => [type.split(":").at(-1) ?? type, shape])
      .filter(([name]) => name !== "HoleStatus");
  }

  /** The properties of all types, each with its type: `HoleArgs.ports`. */
  function nested(): Readonly<Record<string, Property>> {
    const entries = Object.entries(schema.types).flatMap(([type, { properties = {} }]) =>
      Object.entries(properties).map(([name, property]) => [
        `${type.split(":").at(-1)}.${name}`,
        property,
      ]),
    );
    return Object.fromEntries(entries) as Record<string, Property>;
  }
});

function knownLater(properties: Readonly<Record<string, Property>>): string[] {
  return Object.keys(properties).filter((key) => properties[key]?.plain !== true);
}

function typeOf(property: Property): string {
  const of = property.items ?? property.additionalProperties;
  const name = property.$ref ?? property.type ?? "nothing";
  return of === undefined ? name : `${name} of ${typeOf(of)}`;
}
