import { claimsTakeFreshVolumes } from "#policy/policies/claims";
import { describePolicy, secretText } from "./support/policyCases";
import { secretValue, unknownText } from "./support/policyAnalyzer";
import { podSpec, resourceOf } from "./support/policyResources";

const fresh = { storageClassName: "standard", resources: { requests: { storage: "1Gi" } } };

const claim = (spec: unknown, namespace = "review-login", type = "core/v1:PersistentVolumeClaim") =>
  resourceOf(type, { metadata: { name: "x", namespace }, spec });
const claiming = (spec: object) => claim({ ...fresh, ...spec });
const takes = "takes a volume that is there";
const unknown = "is not known before the update";
const anyVolume = "so the claim takes any volume that is there";

const snapshot = { apiGroup: "snapshot.storage.k8s.io", kind: "VolumeSnapshot", name: "x" };

describePolicy(claimsTakeFreshVolumes, [
  {
    it: "passes claims for new volumes",
    resources: [
      claiming({}),
      claiming({ volumeName: "", selector: null, volumeAttributesClassName: "", dataSource: null }),
      claiming({ storageClassName: unknownText }),
      claim({}),
      resourceOf("core/v1:ConfigMap", { spec: { volumeName: "x" } }),
      resourceOf("example.com/v1:PersistentVolumeClaim", { spec: { volumeName: "x" } }),
    ],
  },
  {
    it: "passes copies of what is in the same namespace",
    resources: [
      claiming({ dataSource: { kind: "PersistentVolumeClaim", name: "x" } }),
      claiming({ dataSourceRef: snapshot }),
      claiming({ dataSourceRef: { ...snapshot, namespace: "review-login" } }),
      claiming({ dataSourceRef: { ...snapshot, namespace: "" } }),
    ],
  },
  {
    it: "refuses claims that choose a volume, or change one",
    resources: [
      claiming({ volumeName: secretValue(secretText) }),
      claiming({ selector: { matchLabels: { app: "database" } } }),
      claiming({ selector: {} }),
      claiming({ volumeAttributesClassName: "gold" }),
    ],
    finds: [
      `PersistentVolumeClaim x: spec.volumeName ${takes}`,
      `spec.selector ${takes}`,
      `spec.selector ${takes}`,
      "spec.volumeAttributesClassName changes the volume",
    ],
  },
  {
    it: "refuses claims of no class, and of no class at all where the cluster has no default",
    resources: [
      claim({ storageClassName: "" }),
      claim({ storageClassName: null }),
      claim(fresh),
      claim({}, "review-login", "core/v1:PersistentVolumeClaimPatch"),
    ],
    settings: { hasDefaultClass: false },
    finds: [
      `spec.storageClassName is empty, ${anyVolume}`,
      `spec.storageClassName is missing, ${anyVolume}`,
    ],
  },
  {
    it: "refuses claims of no class everywhere",
    resources: claim({ storageClassName: "" }),
    finds: [anyVolume],
  },
  {
    it: "refuses what fills volumes from elsewhere",
    resources: [
      claiming({ dataSourceRef: { ...snapshot, namespace: "production" } }),
      claiming({
        dataSource: { apiGroup: "example.com", kind: "PersistentVolumeClaim", name: "x" },
      }),
      claiming({ dataSourceRef: { apiGroup: "example.com", kind: "Importer", name: "x" } }),
      claiming({ dataSource: "x" }),
    ],
    finds: [
      "spec.dataSourceRef.namespace is another namespace than that of the claim",
      "spec.dataSource is neither a volume claim nor a snapshot",
      "spec.dataSourceRef is neither a volume claim nor a snapshot",
      "spec.dataSource is neither a volume claim nor a snapshot",
    ],
  },
  {
    it: "refuses what is not known yet",
    resources: [
      claim(unknownText),
      claiming({ volumeName: unknownText }),
      claiming({ selector: unknownText }),
      claiming({ volumeAttributesClassName: unknownText }),
      claiming({ dataSource: unknownText }),
      claiming({ dataSourceRef: { ...snapshot, kind: unknownText } }),
      claiming({ dataSourceRef: { ...snapshot, apiGroup: unknownText } }),
      claiming({ dataSourceRef: { ...snapshot, namespace: unknownText } }),
    ],
    finds: [
      `spec ${unknown}`,
      `spec.volumeName ${unknown}`,
      `spec.selector ${unknown}`,
      `spec.volumeAttributesClassName ${unknown}`,
      `spec.dataSource ${unknown}`,
      `spec.dataSourceRef ${unknown}`,
      `spec.dataSourceRef ${unknown}`,
      `spec.dataSourceRef.namespace ${unknown}`,
    ],
  },
  {
    it: "judges the claims that controllers make from templates",
    resources: [
      resourceOf("apps/v1:StatefulSet", {
        spec: {
          volumeClaimTemplates: [{ spec: fresh }, { spec: { ...fresh, volumeName: "x" } }],
          template: { spec: podSpec() },
        },
      }),
      resourceOf("apps/v1:Deployment", {
        spec: {
          volumeClaimTemplates: [{ spec: { volumeName: "x" } }],
          template: {
            spec: podSpec({
              volumes: [
                { name: "a", emptyDir: {} },
                {
                  name: "b",
                  ephemeral: { volumeClaimTemplate: { spec: { storageClassName: "" } } },
                },
              ],
            }),
          },
        },
      }),
      resourceOf("batch/v1:Job", { spec: unknownText }),
    ],
    finds: [
      `StatefulSet x: spec.volumeClaimTemplates[1].spec.volumeName ${takes}`,
      "Deployment x: spec.template.spec.volumes[1].ephemeral.volumeClaimTemplate.spec.storageClassName is empty",
    ],
  },
]);
