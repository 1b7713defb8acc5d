import { computeResources } from "../../../core/amounts";
import { sizeQuota } from "../../../core/sizes";
import { defaultDenySpec } from "../../../environment/network/isolationPolicies";
import { objectNames } from "../../../core/objectNames";
import {
  type AdmissionPolicy,
  type NamedExpression,
  type PolicyParameter,
  type ResourceRule,
  type Validation,
} from "../validatingAdmissionPolicy";
import { literal } from "../cel";
import { wallKinds } from "../pipelines/writtenKinds";
import { notSentByCluster, notSentByOperator } from "../senders";
import { countKey } from "../../../core/rules";
import { type PlatformSettings } from "../../platformSettings";

/**
 * Every object of an environment waits for its walls, whichever client creates it, and also where a
 * pipeline forgot the walls. A wall that is missing is refused before any condition is looked at, so
 * what must come before the walls is left out of the rules themselves.
 */
function gate(
  name: string,
  parameter: PolicyParameter,
  validations: readonly Validation[],
  { meshes }: PlatformSettings,
): AdmissionPolicy {
  return {
    name,
    isForEnvironments: true,
    rules: [
      { apiGroups: ["*"], resources: ["*"], operations: ["CREATE"] },
      { apiGroups: [""], resources: ["pods/resize"], operations: ["UPDATE"] },
    ],
    exceptions: [
      ...wallKinds(meshes).map(({ apiGroup, resources }) => unjudged(apiGroup, resources)),
      ...earlyKinds,
      { ...unjudged("", ["configmaps"]), resourceNames: earlyConfigMaps },
    ],
    matchConditions: [takesSomething],
    parameter,
    validations,
  };
}

const unjudged = (apiGroup: string, resources: readonly string[]): ResourceRule => ({
  apiGroups: [apiGroup],
  resources,
  operations: ["CREATE"],
});

/** What the cluster says about an environment whose walls are not there yet, and asks about it. */
const earlyKinds: readonly ResourceRule[] = [
  unjudged("", ["events"]),
  unjudged("events.k8s.io", ["events"]),
  unjudged("coordination.k8s.io", ["leases"]),
  unjudged("authorization.k8s.io", ["localsubjectaccessreviews"]),
  unjudged("rbac.authorization.k8s.io", ["roles"]),
];

/** Certificates that the cluster and Istio put into every new namespace. */
const earlyConfigMaps: readonly string[] = ["kube-root-ca.crt", "istio-ca-root-cert"];

/**
 * Controllers do what objects say that have waited. Of what they make, pods and claims take
 * something, and wait once more.
 */
const takesSomething: NamedExpression = {
  name: "takes-something",
  expression: `request.resource.resource in ["pods", "persistentvolumeclaims"] || ${notSentByCluster.expression}`,
};

const remedy = "Run `pulumi up` for this environment.";

/** Nothing is made where the network is open. */
export function objectsWaitForDefaultDeny(settings: PlatformSettings): AdmissionPolicy {
  const { defaultDeny } = objectNames;
  return gate(
    "objects-wait-for-default-deny",
    { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", name: defaultDeny },
    [
      {
        expression: `dyn(params.spec) == ${literal(defaultDenySpec())}`,
        message: `The network policy ${defaultDeny} does not close both directions for every pod. ${remedy}`,
      },
    ],
    settings,
  );
}

/** Whether the limits that a limit range gives to containers are there, where the request makes a pod. */
const hasLimits =
  '(request.resource.resource != "pods" || request.operation != "CREATE" || ' +
  '["containers", "initContainers"].all(field, object.spec[?field].orValue([]).all(container, ' +
  `${literal(computeResources)}.all(key, container.?resources.limits[?key].hasValue()))))`;

/**
 * Nothing is made where what it does not say is not counted: the quota needs the limit range. Its
 * defaults are looked for in the pod itself as well, because the plugin that sets them has looked for
 * the limit range a moment earlier.
 */
export function objectsWaitForLimitRange(settings: PlatformSettings): AdmissionPolicy {
  const { limits } = objectNames;
  return gate(
    "objects-wait-for-limit-range",
    { apiVersion: "v1", kind: "LimitRange", name: limits },
    [
      {
        expression:
          '["Container", "Pod"].all(type, params.spec.?limits.orValue([]).exists(limit, limit.type == type && ' +
          `${literal(computeResources)}.all(key, limit.?max[?key].hasValue()))) && ${hasLimits}`,
        message: `The limit range ${limits} does not bound ${computeResources.join(", ")} of containers and pods, or has not done so yet. ${remedy}`,
      },
    ],
    settings,
  );
}

const requestPrefix = "requests.";

/** What pods may ask for beside the compute resources: what every quota counts. */
function countedDevices({ ceilings }: PlatformSettings): string[] {
  return Object.keys(ceilings)
    .filter((key) => key.startsWith(requestPrefix))
    .map((key) => key.slice(requestPrefix.length))
    .filter((name) => name !== "storage" && !computeResources.some((known) => known === name));
}

/**
 * Whether a pod asks for nothing that its quota leaves uncounted. A quota takes no wildcard, and there
 * are ever new devices: slices of a GPU, `/dev/fuse`, a class of devices by its name.
 */
function asksForCounted(devices: readonly string[]): string {
  const areCounted = (owner: string) =>
    `["requests", "limits"].all(kind, ${owner}.?resources[?kind].orValue({}).all(key, ` +
    `key in ${literal(computeResources)} || (key in ${literal(devices)} && (${literal(requestPrefix)} + key) in params.spec.?hard.orValue({}))))`;
  return (
    `${areCounted("object.spec")} && ["containers", "initContainers"].all(field, ` +
    `object.spec[?field].orValue([]).all(container, ${areCounted("container")}))`
  );
}

/**
 * Further kinds of the deployer's are made where the quota counts them, which not every environment
 * wants. What operators make of other objects is theirs.
 */
function kindValidations(settings: PlatformSettings): readonly Validation[] {
  const { deployerKinds } = settings;
  const key = '("count/" + request.resource.resource + "." + request.resource.group)';
  return deployerKinds.length === 0
    ? []
    : [
        {
          expression: `!(${key} in ${literal(deployerKinds.map(countKey))}) || ${key} in params.spec.?hard.orValue({}) || !(${notSentByOperator(settings).expression})`,
          message:
            "The quota of this environment does not count objects of this kind. List the kind in the argument deployerKinds of its stack.",
        },
      ];
}

/** What the quota of any environment bounds. */
const boundedKeys = Object.keys(sizeQuota());

/**
 * Nothing is made where nothing bounds what there is. A quota is enforced by its status, which its
 * controller writes a moment after the specification, or much later when it has a lot to do.
 */
export function objectsWaitForQuota(settings: PlatformSettings): AdmissionPolicy {
  const { quota } = objectNames;
  const devices = countedDevices(settings);
  return gate(
    "objects-wait-for-quota",
    { apiVersion: "v1", kind: "ResourceQuota", name: quota },
    [
      {
        expression: `${literal(boundedKeys)}.all(key, params.spec.?hard[?key].hasValue()) && params.spec.?scopes.orValue([]).size() == 0 && !has(params.spec.scopeSelector)`,
        message: `The quota ${quota} does not bound each of ${boundedKeys.join(", ")} for every pod. ${remedy}`,
      },
      {
        expression: "params.?status.hard.orValue({}) == params.spec.?hard.orValue({})",
        message: `The quota ${quota} is not in force yet: its status does not show the limits of its specification. Try again in a moment; if it stays so, the cluster's controller of quotas does not keep up.`,
      },
      {
        expression: `request.resource.resource != "pods" || request.operation != "CREATE" || (${asksForCounted(devices)})`,
        message: `Pods of an environment ask for ${[...computeResources, ...devices].join(", ")} and nothing else: their quota counts no other resource. An administrator lists a device in ceilings, such as requests.example.com/device.`,
      },
      ...kindValidations(settings),
    ],
    settings,
  );
}
