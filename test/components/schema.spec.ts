import { expect } from "chai";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { argumentNames } from "#components/environment/argumentShapes";
import { platformShapes } from "#components/platform/platformShapes";
import { inferredSchema } from "../../schema/inferredSchema";
import { repository, writtenFiles } from "../../schema/writtenFiles";

const token = "secure-environment:index:SecureEnvironment";
const platformToken = "secure-environment:index:ReviewPlatform";
const accessToken = "secure-environment:index:PipelineAccess";

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

  let files: Readonly<Record<string, string>>;

  before(async () => {
    const inferred = await inferredSchema();
    schema = inferred;
    files = await writtenFiles(inferred);
  });

  it("is the committed one, and so is what it says in other files", () => {
    for (const [path, text] of Object.entries(files)) {
      const file = join(repository, path);
      const committed = existsSync(file) ? readFileSync(file, "utf8") : "";
      expect(committed, `${path} (after a change on purpose: npm run schema)`).to.equal(text);
    }
  });

  it("holds the components and the types that their arguments and outputs use", () => {
    expect(Object.keys(schema.resources)).to.have.members([accessToken, platformToken, token]);
    for (const name of [accessToken, platformToken, token]) {
      expect(component(name).isComponent, name).to.equal(true);
    }
    const names = Object.keys(schema.types).map((type) => type.split(":").at(-1));
    expect(names).to.have.members([
      "AccessArgs",
      "AccessPreset",
      "ClusterNetworkArgs",
      "ContainerDefaultsArgs",
      "DeployerKindArgs",
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
      "PeopleArgs",
      "PipelineIdentity",
      "ProjectArgs",
      "ProtectedArgs",
      "ServiceAccountAnnotationArgs",
      "ServiceAccountArgs",
    ]);
  });

  it("lets every other language leave out every input", () => {
    expect(component().requiredInputs ?? []).to.deep.equal([]);
    expect(Object.keys(inputs())).to.have.members([...argumentNames]);
  });

  it("lets every other language leave out all inputs of a platform but its projects", () => {
    expect(component(platformToken).requiredInputs).to.deep.equal(["projects"]);
    expect(Object.keys(inputs(platformToken))).to.have.members(Object.keys(platformShapes));
    expect(component(accessToken).requiredInputs).to.have.members(["fence", "projects"]);
    expect(Object.keys(inputs(accessToken))).to.have.members(["fence", "meshes", "projects"]);
  });

  it("promises the outputs of a platform", () => {
    expect(component(platformToken).required).to.have.members(["pipelines", "policyNames"]);
    expect(Object.keys(outputs(platformToken))).to.have.members(["pipelines", "policyNames"]);
    expect(component(accessToken).required).to.deep.equal(["clusterRoleName"]);
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
    expect(knownLater(inputs(platformToken))).to.deep.equal([]);
    expect(knownLater(inputs(accessToken))).to.deep.equal(["fence"]);
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
    const tokens = [token, platformToken, accessToken];
    const ofComponents = tokens.flatMap((name) => [inputs(name), outputs(name)]);
    for (const properties of [...ofComponents, nested()]) {
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

  function component(name = token): Shape {
    const found = schema.resources[name];
    expect(found, name).not.to.equal(undefined);
    return found ?? {};
  }

  function inputs(name = token): Readonly<Record<string, Property>> {
    return component(name).inputProperties ?? {};
  }

  function outputs(name = token): Readonly<Record<string, Property>> {
    return component(name).properties ?? {};
  }

  /** The types that inputs are made of, by their short names. */
  function typesOfInputs(): [string, Shape][] {
    return Object.entries(schema.types)
      .map(([type, shape]): [string, Shape] => [type.split(":").at(-1) ?? type, shape])
      .filter(([name]) => !["HoleStatus", "PipelineIdentity"].includes(name));
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
