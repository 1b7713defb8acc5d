import fc from "fast-check";
import { anyArguments, type Given, passwordMark } from "./arbitraryArguments";

/** Valid arguments after something was changed that need not fit. */
export interface Mutated extends Given {
  readonly change: string;
}

type Path = readonly (string | number)[];
type Container = Record<string | number, unknown>;

/** What stands where something else is wanted: types, amounts and texts that people get wrong. */
const strangeValues: readonly unknown[] = [
  ...[null, true, false, 0, -1, 1.5, 53, 65536, 2 ** 53, 1e308, Number.NaN, Infinity, 10n ** 30n],
  ...["", " ", "a\nb", "\u0000", "*", "../..", "Ä", '"', "x".repeat(300)],
  ...["0", "-1", "1.5", "100", "1e99", "9223372036854775807", "9E", "1Ki", "0.0000000001", "k"],
  ...["0.0.0.0/0", "::/0", "10.0.0.0/8", "10.0.0.1/8", "169.254.169.254/32", "169.254.169.254"],
  ...["::ffff:10.0.0.1", "fe80::1%eth0", "1.2.3", "203.0.113.0/24", "203.0.113.5", "010.0.0.1"],
  ...["production", "staging", "kube-system", "default", "system:masters", "cluster-admin"],
  ...["2027-02-30T00:00:00Z", "2027-01-31T18:00:00+01:00", "https://jane:secret@example.com/"],
  ...["egress", "internet", "cidr", "namespace", "custom", "linkerd", "istio", "SCTP", "medium"],
  ...["example.com/", "/x", "a/b/c", "-a", "a-", "system-node-critical", "count/-"],
];

/** Values that are made anew each time: nobody shares them. */
const strangeObjects: readonly (() => unknown)[] = [
  () => [],
  () => [null],
  () => ({}),
  () => ({ then: "x" }),
  () => ({ toString: "x" }),
  () => ["a", "a"],
  () => new Map([["app", "shop"]]),
  () => new Date(0),
  () => () => "x",
];

const strangeKeys = [
  ...["surprise", "Quota", "__proto__", "constructor", "toString", "a\nb", 'quo"te', "", "then"],
  ...["cpu", "limits.cpu ", "count/-", "count/x.", "count/a_b", "requests./x", "requests.a/-"],
  ...[
    `count/${"x".repeat(64)}`,
    "requests.hugepages-1Mi",
    ".storageclass.storage.k8s.io/requests.storage",
  ],
];

/** Valid arguments with one to three changes. */
export function anyMutatedArguments(): fc.Arbitrary<Mutated> {
  const change = fc.record({
    where: fc.nat({ max: 1000 }),
    how: fc.oneof(
      anyReplacement(),
      anyAddition(),
      removal,
      repetition,
      anyWrapping(),
      anyClosing(),
      anySwap(),
    ),
  });
  return fc
    .tuple(anyArguments(), fc.array(change, { minLength: 1, maxLength: 3 }))
    .map(([{ args, origin }, changes]) => {
      const changed = structuredClone(args) as Container;
      const told = changes.map(({ where, how }) => {
        const paths = pathsIn(changed);
        const path = paths[where % Math.max(1, paths.length)] ?? [];
        return how(changed, path);
      });
      return { args: changed, origin, change: told.join("; ") };
    });
}

/** Changes the arguments at a path and says what it did. */
type Change = (args: Container, path: Path) => string;

function anyReplacement(): fc.Arbitrary<Change> {
  const value = fc.oneof(
    fc.constantFrom(...strangeValues).map((one) => () => one),
    fc.constantFrom(...strangeObjects),
    fc.string({ unit: "grapheme", maxLength: 10 }).map((text) => () => text),
  );
  return value.map((make) => (args, path) => {
    const [container, key] = placeOf(args, path);
    set(container, key, make());
    return `${path.join(".")} is replaced`;
  });
}

function anyAddition(): fc.Arbitrary<Change> {
  const value = fc.constantFrom<unknown>("1", "shop", 1, null, "a\nb");
  return fc.tuple(fc.constantFrom(...strangeKeys), value).map(([key, added]) => (args, path) => {
    const target = at(args, path);
    const container = isContainer(target) && !Array.isArray(target) ? target : args;
    set(container, key, added);
    return `${path.join(".")} gets ${JSON.stringify(key)}`;
  });
}

const removal: fc.Arbitrary<Change> = fc.constant((args, path) => {
  const [container, key] = placeOf(args, path);
  delete container[key];
  return `${path.join(".")} is removed`;
});

const repetition: fc.Arbitrary<Change> = fc.constant((args, path) => {
  const [container, key] = placeOf(args, path);
  if (Array.isArray(container)) {
    container.push(container[Number(key)]);
  }
  return `${path.join(".")} is repeated`;
});

/** One value too deep: the value itself is in what is found. */
function anyWrapping(): fc.Arbitrary<Change> {
  return fc.boolean().map((inList) => (args, path) => {
    const [container, key] = placeOf(args, path);
    set(container, key, inList ? [container[key]] : { value: container[key] });
    return `${path.join(".")} is wrapped`;
  });
}

/** The other side of a hole becomes something that no hole may reach. */
function anyClosing(): fc.Arbitrary<Change> {
  const closed = fc.constantFrom(
    ...([
      ["protected", "namespaces", "namespace"],
      ["protected", "cidrs", "cidr"],
      ["clusterNetwork", "pods", "cidr"],
    ] as const),
  );
  return fc
    .tuple(closed, fc.nat({ max: 3 }))
    .map(([[argument, list, property], index]) => (args) => {
      const target = at(args, ["holes", index, property]);
      const before = at(args, [argument]);
      const listed = at(args, [argument, list]);
      if (target !== undefined) {
        const items = Array.isArray(listed) ? (listed as unknown[]) : [];
        args[argument] = { ...(isContainer(before) ? before : {}), [list]: [...items, target] };
      }
      return `holes.${index}.${property} is closed by ${argument}.${list}`;
    });
}

/** No password takes another property's place: nobody could tell there that it is one. */
function anySwap(): fc.Arbitrary<Change> {
  return fc.nat({ max: 1000 }).map((where) => (args, path) => {
    const paths = pathsIn(args);
    const [container, key] = placeOf(args, path);
    const [other, otherKey] = placeOf(args, paths[where % Math.max(1, paths.length)] ?? []);
    const [one, two] = [container[key], other[otherKey]];
    if (![one, two].some(holdsPassword)) {
      set(container, key, two);
      set(other, otherKey, one);
    }
    return `${path.join(".")} is swapped with another`;
  });
}

function holdsPassword(value: unknown): boolean {
  return typeof value === "string"
    ? value.includes(passwordMark)
    : isContainer(value) && Object.values(value).some(holdsPassword);
}

/** Also a key that every object has is one of its own then. */
function set(container: Container, key: string | number, value: unknown): void {
  Object.defineProperty(container, key, {
    value,
    enumerable: true,
    writable: true,
    configurable: true,
  });
}

function pathsIn(value: unknown, path: Path = [], depth = 0): Path[] {
  const isInside = isContainer(value) && depth < 8;
  return [
    ...(path.length === 0 ? [] : [path]),
    ...(isInside
      ? Object.keys(value).flatMap((key) => pathsIn(value[key], [...path, key], depth + 1))
      : []),
  ];
}

function at(args: Container, path: Path): unknown {
  return path.reduce<unknown>((value, key) => (isContainer(value) ? value[key] : undefined), args);
}

function placeOf(args: Container, path: Path): readonly [Container, string | number] {
  const container = at(args, path.slice(0, -1));
  return [isContainer(container) ? container : args, path.at(-1) ?? "surprise"];
}

function isContainer(value: unknown): value is Container {
  return typeof value === "object" && value !== null;
}
