import fc from "fast-check";
import { type SecureEnvironmentArgs } from "secure-environment";
import { stackName } from "secure-environment/core";
import { Mesh } from "#components/environment/mesh/meshArgs";
import {
  clusterOwnedNames,
  namespaceName,
  reservedNameOf,
  reservedNames,
} from "#components/core/names";
import { DnsProfile } from "#components/environment/network/networkArgs";
import { type Origin } from "#components/environment/stackProblems";
import { anyCapacity } from "./arbitraryCapacity";
import { anyHoles, anyPodLabels, type HoleWorld } from "./arbitraryHoles";
import { anyCluster, anyProtected, pickedAddress } from "./arbitraryNetworks";

/** Arguments of an environment and the stack that they are for. */
export interface Given {
  readonly args: SecureEnvironmentArgs;
  readonly origin: Origin;
}

/** What every generated password begins with, so that it is found wherever it does not belong. */
export const passwordMark = "hunter2";

const pulumiProject = "review";

/** Arguments that are valid by construction: every argument, alone and beside all others. */
export function anyArguments(): fc.Arbitrary<Given> {
  return fc
    .tuple(anyPlace(), anyAccess(), anyPlatform(), anyTraffic(), anyCapacity(), anyDescription())
    .map(([{ args, origin }, access, platform, traffic, capacity, description]) => ({
      args: {
        ...args,
        ...access,
        ...guardedBy(platform, { ...args, ...traffic }),
        ...traffic,
        ...(traffic.mesh === undefined ? capacity.alone : capacity.meshed),
        ...withoutExpiry(description, args),
      },
      origin,
    }));
}

/** A permanent environment never expires. */
function withoutExpiry<Description extends { expiresAt?: string }>(
  { expiresAt, ...rest }: Description,
  { permanent }: SecureEnvironmentArgs,
) {
  return permanent === true || expiresAt === undefined ? rest : { ...rest, expiresAt };
}

/** A platform needs the project, and its pipelines write no Secrets and open no API server. */
function guardedBy(
  { imageRegistries, ...platform }: SecureEnvironmentArgs,
  { project, permanent, holes = [] }: SecureEnvironmentArgs,
): SecureEnvironmentArgs {
  const registries = imageRegistries === undefined ? {} : { imageRegistries };
  if (platform.platform !== true) {
    return { ...platform, ...registries };
  }
  const opensApiServer = permanent !== true && holes.some(({ peer }) => peer === "apiServer");
  return project === undefined || opensApiServer ? registries : platform;
}

function anyPlace(): fc.Arbitrary<Given> {
  const name = fc.record(
    {
      project: anyText("abcxyz0189", 1, 20),
      uniqueSuffix: fc.boolean(),
      reservedNames: fc.array(fc.constantFrom("main", "release/*", "hotfix-*"), { maxLength: 2 }),
    },
    { requiredKeys: [] },
  );
  return name.chain((args) =>
    fc.oneof(anyBranchPlace(args), anyStackPlace(args), anyPermanentPlace(args)),
  );
}

function anyBranchPlace(args: SecureEnvironmentArgs): fc.Arbitrary<Given> {
  const branch = fc.oneof(
    fc.constantFrom("login", "feature/Login_form#42", "dependabot/npm_and_yarn/x-1.2", "ÄÖÜ"),
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 }),
  );
  return branch
    .filter((text) => text.trim() !== "" && !isReserved(text, args))
    .map((text) => ({
      args: { ...args, branch: text },
      origin: { pulumiProject, stack: stackName(text) },
    }));
}

function anyStackPlace(args: SecureEnvironmentArgs): fc.Arbitrary<Given> {
  return anyLabel(roomFor(args, "review-"))
    .filter((slug) => !isReserved(slug, args))
    .map((slug) => ({ args, origin: { pulumiProject, stack: `review-${slug}` } }));
}

function anyPermanentPlace(given: SecureEnvironmentArgs): fc.Arbitrary<Given> {
  return fc
    .oneof(fc.constantFrom("staging", "production", "preview"), anyLabel(roomFor(given, "")))
    .filter((stack) => {
      const namespace = namespaceName(stack, given.project);
      return [stack, namespace].every(
        (name) => reservedNameOf(name, clusterOwnedNames) === undefined,
      );
    })
    .map((stack) => ({
      args: { ...given, permanent: true },
      origin: { pulumiProject, stack },
    }));
}

/** Characters that are left for a stack beside what else makes its namespace. */
function roomFor({ project, uniqueSuffix }: SecureEnvironmentArgs, prefix: string): number {
  const suffix = uniqueSuffix === true ? "-x1y2z3" : "";
  return 63 - `${prefix}${project === undefined ? "" : `${project}-`}${suffix}`.length;
}

function isReserved(name: string, args: SecureEnvironmentArgs): boolean {
  return reservedNameOf(name, [...reservedNames, ...(args.reservedNames ?? [])]) !== undefined;
}

function anyAccess(): fc.Arbitrary<SecureEnvironmentArgs> {
  const preset = fc.constantFrom("view" as const, "develop" as const, "debug" as const);
  const rights = { preset, readSecrets: fc.boolean() };
  const entry = fc.oneof(
    fc.record({ group: anyPerson(), ...rights }, { requiredKeys: ["group"] }),
    fc.record({ user: anyPerson(), ...rights }, { requiredKeys: ["user"] }),
  );
  const access = fc.uniqueArray(entry, {
    maxLength: 4,
    selector: (one) => JSON.stringify("group" in one ? { group: one.group } : { user: one.user }),
  });
  return fc.oneof(
    fc.constant({}),
    fc.record({ developerGroup: anyPerson() }),
    fc.record({ access }),
  );
}

/** Somebody of an identity provider. Their names are theirs: nearly any text. */
function anyPerson(): fc.Arbitrary<string> {
  return fc
    .oneof(
      fc.constantFrom("dev-users", "oidc:shop/developers", "jane.doe@example.com", "CN=Ä, O=x"),
      fc.string({ unit: "grapheme", minLength: 1, maxLength: 80 }),
    )
    .filter((name) => name.trim() === name && name !== "" && !name.startsWith("system:"));
}

function anyPlatform(): fc.Arbitrary<SecureEnvironmentArgs> {
  const registry = fc.record({
    host: fc.oneof(
      fc.constantFrom("docker.io", "registry.example.com:5000"),
      fc
        .tuple(fc.domain(), fc.option(fc.integer({ min: 1, max: 65535 }), { nil: undefined }))
        .map(([host, port]) => (port === undefined ? host : `${host}:${port}`)),
    ),
    username: fc
      .string({ unit: "grapheme", minLength: 1, maxLength: 20 })
      .filter((text) => text.trim() !== "" && !text.includes(":")),
    password: fc
      .string({ unit: "grapheme", maxLength: 20 })
      .map((text) => `${passwordMark}${text}`),
  });
  const imageRegistries = fc.uniqueArray(registry, { maxLength: 3, selector: ({ host }) => host });
  return fc
    .tuple(
      fc.oneof(fc.constant({}), fc.record({ platform: fc.boolean() })),
      fc.record({ imageRegistries }, { requiredKeys: [] }),
    )
    .map(([platform, registries]) => ({ ...platform, ...registries }));
}

/** The network and the mesh: what one of them says binds the others. */
function anyTraffic(): fc.Arbitrary<SecureEnvironmentArgs> {
  const mesh = fc.option(fc.constantFrom(...Object.values(Mesh)), { nil: undefined, freq: 2 });
  return fc
    .tuple(fc.option(anyCluster(), { nil: undefined, freq: 6 }), mesh)
    .chain(([cluster, chosenMesh]) =>
      anyProtected(cluster).chain((protectedTargets) => {
        const world = { cluster, mesh: chosenMesh, protected: protectedTargets };
        return fc
          .tuple(anyHoles(world), anyNow(), anyDns(world), anyMeshPorts(chosenMesh))
          .map(([holes, now, dns, meshPorts]) => ({
            ...(cluster === undefined ? {} : { clusterNetwork: cluster }),
            ...(protectedTargets === undefined ? {} : { protected: protectedTargets }),
            ...(chosenMesh === undefined ? {} : { mesh: chosenMesh }),
            ...(holes.length === 0 ? {} : { holes }),
            ...(holes.some(({ expiresAt }) => expiresAt !== undefined) ? { now } : {}),
            ...dns,
            ...meshPorts,
          }));
      }),
    );
}

function anyMeshPorts(mesh: Mesh | undefined): fc.Arbitrary<SecureEnvironmentArgs> {
  const port = fc.oneof(fc.constantFrom(80, 5432, 65535), fc.integer({ min: 1, max: 65535 }));
  return mesh === Mesh.Linkerd
    ? fc.record({ meshPorts: fc.array(port, { maxLength: 4 }) }, { requiredKeys: [] })
    : fc.constant({});
}

function anyDns(world: HoleWorld): fc.Arbitrary<SecureEnvironmentArgs> {
  const addresses = fc.array(pickedAddress(world), { maxLength: 2 });
  const someAddresses = fc.array(pickedAddress(world), { minLength: 1, maxLength: 2 });
  const port = fc.constantFrom(53, 5353, 8053);
  const pods = {
    namespace: fc.constantFrom("openshift-dns", "kube-system"),
    podLabels: anyPodLabels(1),
  };
  const profile = fc.constant(DnsProfile.Custom);
  const dns = fc.oneof(
    fc.constant({ profile: DnsProfile.KubeDns }),
    fc.constant({ profile: DnsProfile.MetadataResolver }),
    fc.record(
      { profile: fc.constant(DnsProfile.NodeLocalDnsCache), addresses },
      { requiredKeys: ["profile"] },
    ),
    fc.record(
      { profile, port, addresses, ...pods },
      { requiredKeys: ["profile", "namespace", "podLabels"] },
    ),
    fc.record(
      { profile, port, addresses: someAddresses },
      { requiredKeys: ["profile", "addresses"] },
    ),
  );
  return fc.record({ dns }, { requiredKeys: [] });
}

function anyDescription() {
  const value = anyText("abXY09._-", 0, 61).map((middle) => `a${middle}z`);
  const label = anyText("abxy09-", 0, 20).map((middle) => `a${middle}z`);
  const webAddress = fc
    .webUrl({ withQueryParameters: true })
    .filter((text) => URL.canParse(text) && !/\s/.test(text));
  return fc.record(
    {
      nodePool: anyNodePool(value),
      domain: fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join(".")),
      owner: value,
      url: webAddress,
      expiresAt: anyNow(),
    },
    { requiredKeys: [] },
  );
}

function anyNodePool(name: fc.Arbitrary<string>) {
  const others = {
    nodeLabel: fc.constantFrom("node-pool", "example.com/node-pool", "cloud.example/Pool_1"),
    enforcement: fc.constantFrom("admissionPlugins" as const, "platform" as const, "both" as const),
  };
  return fc.oneof(
    fc.record({ name, dedicated: fc.constant(false), ...others }, { requiredKeys: ["name"] }),
    fc.record({ dedicated: fc.constant(true), ...others }, { requiredKeys: ["dedicated"] }),
  );
}

/** An instant, to the second. */
function anyNow(): fc.Arbitrary<string> {
  return fc
    .date({
      min: new Date("2000-01-01T00:00:00Z"),
      max: new Date("9999-12-31T23:59:59Z"),
      noInvalidDate: true,
    })
    .map((date) => `${date.toISOString().slice(0, 19)}Z`);
}

function anyLabel(maximumLength: number): fc.Arbitrary<string> {
  return anyText("abcxyz019-", 1, maximumLength).map((text) =>
    text.replace(/^-/, "a").replace(/-$/, "z"),
  );
}

function anyText(characters: string, minLength: number, maxLength: number): fc.Arbitrary<string> {
  return fc.string({ unit: fc.constantFrom(...characters), minLength, maxLength });
}
