import { platformClusterRoles } from "../../core/rbac/clusterRoles";
import { objectNames } from "../../core/objectNames";
import { commonLevelName, flowSchemaPrecedence, platformPrefix } from "../../core/platformNames";
import { type PipelineGroup, type PlatformSettings } from "../platformSettings";
import { rehearsalNamespace } from "./namespace";

/**
 * A request that has to be refused. It is made as a dry run, and what it would make is of no use
 * to anybody.
 */
export interface Rehearsal {
  /** The policy or the admission plugin that has to refuse it, and no other one does. */
  readonly refusedBy: string;
  /** A text that only the refusals of this policy or plugin have. */
  readonly refusal: string;
  /** Whose request it is. */
  readonly group: string;
  /** Where an object is created. */
  readonly path: string;
  readonly object: object;
}

const rbac = "rbac.authorization.k8s.io";
const metadata = { name: "rehearsal" };

/** What is tried: for each policy of the fence as every pipeline, and for the bounds once a project. */
export function rehearsals({ pipelines, projects }: PlatformSettings): Rehearsal[] {
  return [
    ...pipelines.flatMap(fenceRehearsals),
    ...projects.flatMap(({ name }) => boundRehearsals(rehearsalNamespace(name))),
  ];
}

function fenceRehearsals({ group, project }: PipelineGroup): Rehearsal[] {
  return Object.entries(attempts(rehearsalNamespace(project))).map(([name, attempt]) => {
    const policy = `${platformPrefix}${name}`;
    return {
      refusedBy: policy,
      refusal: `ValidatingAdmissionPolicy '${policy}'`,
      group,
      ...attempt,
    };
  });
}

/** What the limit range and the quota there have to refuse everybody. */
function boundRehearsals(namespace: string): Rehearsal[] {
  const inside = `namespaces/${namespace}`;
  const group = "system:masters";
  return [
    {
      refusedBy: "LimitRanger",
      refusal: "maximum storage usage per PersistentVolumeClaim",
      group,
      ...creating("/api/v1", `${inside}/persistentvolumeclaims`, {
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
      }),
    },
    {
      refusedBy: "ResourceQuota",
      refusal: "exceeded quota: bounds",
      group,
      ...creating("/apis/coordination.k8s.io/v1", `${inside}/leases`, {}),
    },
  ];
}

type Attempt = Pick<Rehearsal, "path" | "object">;

/**
 * The policies of the fence, and what each refuses. It is always an object that no environment
 * has, so that nothing else refuses it: the API server names one policy only.
 */
function attempts(namespace: string): Readonly<Record<string, Attempt>> {
  const inside = `namespaces/${namespace}`;
  return {
    "pipelines-touch-only-environments": creating("/api/v1", "namespaces/default/configmaps", {}),
    "pipelines-make-only-environments": creating("/api/v1", "namespaces", {}),
    "pipelines-write-plain-metadata": creating(`/apis/${rbac}/v1`, `${inside}/rolebindings`, {
      metadata: { name: objectNames.viewer, labels: { rehearsal: "true" } },
      roleRef: { apiGroup: rbac, kind: "ClusterRole", name: platformClusterRoles.viewer },
    }),
    "pipelines-keep-quotas": creating("/api/v1", `${inside}/resourcequotas`, {}),
    "pipelines-keep-limit-ranges": creating("/api/v1", `${inside}/limitranges`, {
      spec: { limits: [{ type: "Pod", max: { cpu: "1" } }] },
    }),
    "pipelines-keep-network-policies": creating(
      "/apis/networking.k8s.io/v1",
      `${inside}/networkpolicies`,
      { spec: { podSelector: {}, policyTypes: ["Ingress"] } },
    ),
    "pipelines-keep-service-accounts": creating("/api/v1", `${inside}/serviceaccounts`, {
      automountServiceAccountToken: false,
    }),
    "pipelines-mint-only-deployer-tokens": {
      path: `/api/v1/${inside}/serviceaccounts/default/token`,
      object: { spec: { expirationSeconds: 600 } },
    },
    "pipelines-bind-only-platform-roles": creating(`/apis/${rbac}/v1`, `${inside}/rolebindings`, {
      roleRef: { apiGroup: rbac, kind: "ClusterRole", name: "view" },
    }),
    "pipelines-keep-flow-schemas": creating(
      "/apis/flowcontrol.apiserver.k8s.io/v1",
      "flowschemas",
      {
        spec: {
          priorityLevelConfiguration: { name: commonLevelName },
          matchingPrecedence: flowSchemaPrecedence,
        },
      },
    ),
  };
}

function creating(groupVersion: string, resource: string, object: object): Attempt {
  return { path: `${groupVersion}/${resource}`, object: { metadata, ...object } };
}
