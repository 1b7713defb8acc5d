import * as fc from "fast-check";
import { sleepingKinds, type Workload } from "#review/sleep/workload";

/** An owner that decides what the object is. */
export function controller(kind: string, name: string) {
  return { kind, name, uid: `uid-of-${name}`, controller: true };
}

/** A workload as the API server has it: with what it fills in itself. */
export function workloadOf(kind: Workload["kind"], spec: Workload["spec"]): Workload {
  const name = `a-${kind.toLowerCase()}`;
  const uid = `uid-of-${name}`;
  return { kind, metadata: { name, uid, resourceVersion: "1", annotations: {} }, spec };
}

const annotations = fc.dictionary(fc.constantFrom("checksum/config", "note"), fc.string(), {
  maxKeys: 2,
});

/** Whoever made the workload is among them. */
const managedFields = fc.uniqueArray(
  fc.constantFrom("helm", "pulumi-kubernetes", "kube-controller-manager").map((manager) => ({
    manager,
  })),
  { selector: ({ manager }) => manager, minLength: 1 },
);

const specs = {
  Deployment: fc.record({ replicas: fc.nat(5) }),
  StatefulSet: fc.record({ replicas: fc.nat(5) }),
  CronJob: fc.record({ suspend: fc.boolean() }),
  Job: fc.record({ suspend: fc.boolean() }),
};

/** Any workload that nobody else decides about. */
export const anyWorkload: fc.Arbitrary<Workload> = fc.constantFrom(...sleepingKinds).chain((kind) =>
  fc
    .record({ spec: specs[kind] as fc.Arbitrary<Workload["spec"]>, annotations, managedFields })
    .map(({ spec, annotations, managedFields }) => {
      const workload = workloadOf(kind, spec);
      return { ...workload, metadata: { ...workload.metadata, annotations, managedFields } };
    }),
);

type Fields = Readonly<Record<string, unknown>>;

/**
 * The object after a JSON merge patch, as the API server has it then: in a new version, and with its sender
 * among those who have set fields of `spec`.
 */
export function patched<Found extends Workload>(workload: Found, patch: object): Found {
  const merged = mergePatch(workload as unknown as Fields, patch as Fields) as unknown as Found;
  const { resourceVersion, managedFields = [] } = merged.metadata ?? {};
  const isSender = ({ manager }: { manager?: string }) => manager === "review-sleep";
  return {
    ...merged,
    metadata: {
      ...merged.metadata,
      resourceVersion: String(Number(resourceVersion) + 1),
      managedFields:
        "spec" in patch && !managedFields.some(isSender)
          ? [...managedFields, { manager: "review-sleep" }]
          : managedFields,
    },
  };
}

/** See https://www.rfc-editor.org/rfc/rfc7396#section-2 */
function mergePatch(target: Fields, patch: Fields): Fields {
  const entries = Object.entries(patch).map(([key, value]) => {
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    const before = (target[key] ?? {}) as Fields;
    return [key, isObject ? mergePatch(before, value as Fields) : value] as const;
  });
  const merged = { ...target, ...Object.fromEntries(entries) };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null));
}
