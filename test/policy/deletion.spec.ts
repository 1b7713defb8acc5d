import { objectsEndInTime } from "#policy/policies/deletion";
import { describePolicy, secretText } from "./support/policyCases";
import { secretValue, unknownText } from "./support/policyAnalyzer";
import { podSpec, podWith, resourceOf } from "./support/policyResources";

const withMetadata = (metadata: unknown, type = "core/v1:ConfigMap") =>
  resourceOf(type, { metadata });
const owner = { apiVersion: "v1", kind: "ConfigMap", name: "keep", uid: "x" };
const holds = "holds the object in its deletion";
const waits = "has the owner's deletion wait for this object";
const unknown = "is not known before the update";
const long = "is not at most 600 seconds";

describePolicy(objectsEndInTime, [
  {
    it: "passes what goes when it is told to",
    resources: [
      withMetadata({ name: "x" }),
      withMetadata({ finalizers: [], ownerReferences: null }),
      withMetadata({ finalizers: ["foregroundDeletion", "orphan"] }),
      withMetadata({ ownerReferences: [owner, { ...owner, blockOwnerDeletion: false }] }),
      withMetadata(unknownText),
      resourceOf("core/v1:Namespace", { spec: { finalizers: ["kubernetes"] } }),
      resourceOf("core/v1:ConfigMap", { spec: { finalizers: ["example.com/never"] } }),
      resourceOf("core/v1:ConfigMap", { spec: { terminationGracePeriodSeconds: 9_999 } }),
    ],
  },
  {
    it: "passes pods that end in time",
    resources: [
      podWith({ terminationGracePeriodSeconds: 600 }),
      podWith({ terminationGracePeriodSeconds: null }),
      podWith({}, { livenessProbe: { terminationGracePeriodSeconds: 5 } }),
      resourceOf("core/v1:Pod", { spec: unknownText }),
    ],
  },
  {
    it: "refuses finalizers",
    resources: [
      withMetadata({ finalizers: ["foregroundDeletion", "example.com/never"] }),
      withMetadata({ finalizers: [secretValue(secretText), null] }, "apps/v1:Deployment"),
      resourceOf("core/v1:Namespace", {
        spec: { finalizers: ["kubernetes", "example.com/never"] },
      }),
    ],
    finds: [
      `ConfigMap x: metadata.finalizers[1] ${holds}`,
      `Deployment x: metadata.finalizers[0] ${holds}`,
      `metadata.finalizers[1] ${holds}`,
      `Namespace x: spec.finalizers[1] ${holds}`,
    ],
  },
  {
    it: "refuses owners that wait",
    resources: [
      withMetadata({ ownerReferences: [owner, { ...owner, blockOwnerDeletion: true }] }),
      withMetadata({ ownerReferences: [{ ...owner, blockOwnerDeletion: "false" }] }),
    ],
    finds: [`metadata.ownerReferences[1].blockOwnerDeletion ${waits}`, waits],
  },
  {
    it: "refuses them in what pods are made from",
    resources: resourceOf("apps/v1:Deployment", {
      spec: { template: { metadata: { finalizers: ["example.com/never"] }, spec: podSpec() } },
    }),
    finds: [`spec.template.metadata.finalizers[0] ${holds}`],
  },
  {
    it: "refuses pods that take long to end",
    resources: [
      podWith({ terminationGracePeriodSeconds: 601 }),
      podWith({ terminationGracePeriodSeconds: "9" }),
      ...["livenessProbe", "readinessProbe", "startupProbe"].map((probe) =>
        podWith({}, { [probe]: { terminationGracePeriodSeconds: 315_360_000 } }),
      ),
      resourceOf("batch/v1:CronJob", {
        spec: {
          jobTemplate: {
            spec: { template: { spec: podSpec({ terminationGracePeriodSeconds: 3_600 }) } },
          },
        },
      }),
    ],
    finds: [
      `Pod x: spec.terminationGracePeriodSeconds ${long}`,
      `spec.terminationGracePeriodSeconds ${long}`,
      `spec.containers[0].livenessProbe.terminationGracePeriodSeconds ${long}`,
      `spec.containers[0].readinessProbe.terminationGracePeriodSeconds ${long}`,
      `spec.containers[0].startupProbe.terminationGracePeriodSeconds ${long}`,
      `spec.jobTemplate.spec.template.spec.terminationGracePeriodSeconds ${long}`,
    ],
  },
  {
    it: "refuses what is not known yet",
    resources: [
      withMetadata({ finalizers: unknownText }),
      withMetadata({ finalizers: [unknownText] }),
      withMetadata({ ownerReferences: unknownText }),
      withMetadata({ ownerReferences: [{ ...owner, blockOwnerDeletion: unknownText }] }),
      podWith({ terminationGracePeriodSeconds: unknownText }),
    ],
    finds: [
      `metadata.finalizers ${unknown}`,
      `metadata.finalizers[0] ${unknown}`,
      `metadata.ownerReferences ${unknown}`,
      `metadata.ownerReferences[0].blockOwnerDeletion ${unknown}`,
      `spec.terminationGracePeriodSeconds ${unknown}`,
    ],
  },
]);
