import {
  type AccessRule,
  debugRules,
  deployerRules,
  developRules,
  secretReadRules,
  viewRules,
  withIngresses,
  withKinds,
} from "../../core/rbac/rules";
import { type Mesh } from "../../environment/mesh/meshArgs";
import { judgedKinds } from "../../core/rules";
import { platformClusterRoles } from "../../core/rbac/clusterRoles";
import { writtenKinds } from "../admission/pipelines/writtenKinds";
import { platformRoleNames } from "../../core/platformNames";
import { type PlatformSettings } from "../platformSettings";

/** A rule that may be about objects of certain names only. */
export interface NamedAccessRule extends AccessRule {
  readonly resourceNames?: readonly string[];
}

const read = ["get", "list", "watch"] as const;
const write = [...read, "create", "patch", "delete"] as const;

/**
 * The ClusterRoles of the platform but that of pipelines, by name. None has a label by which it would be part of another
 * one. Hosts are fenced only below a domain, so without one no role writes ingresses. Service accounts
 * and disruption budgets are judged, so the deployer writes them.
 */
export function platformRoles(
  settings: PlatformSettings,
): Record<string, readonly NamedAccessRule[]> {
  const routed = (rules: readonly AccessRule[]) =>
    settings.domain === undefined ? rules : withIngresses(rules);
  const written = [...judgedKinds, ...settings.deployerKinds];
  return {
    [platformClusterRoles.viewer]: viewRules,
    [platformClusterRoles.developer]: routed(developRules),
    [platformClusterRoles.debugger]: routed(debugRules),
    [platformClusterRoles.secretReader]: secretReadRules,
    [platformClusterRoles.deployer]: routed(withKinds(deployerRules, written)),
    [platformRoleNames.verifier]: verifierRules,
    [platformRoleNames.accessReviewer]: accessReviewRules,
  };
}

/** What the verifier looks at in an environment: its walls, who is bound, and its pods. */
const verifierRules: readonly NamedAccessRule[] = [
  {
    apiGroups: [""],
    resources: ["limitranges", "pods", "resourcequotas", "serviceaccounts"],
    verbs: read,
  },
  { apiGroups: ["networking.k8s.io"], resources: ["networkpolicies"], verbs: read },
  { apiGroups: ["rbac.authorization.k8s.io"], resources: ["rolebindings"], verbs: read },
];

/** What the verifier asks of the whole cluster: which environments there are, and who may do what. */
const accessReviewRules: readonly NamedAccessRule[] = [
  { apiGroups: [""], resources: ["namespaces"], verbs: read },
  {
    apiGroups: ["authorization.k8s.io"],
    resources: ["subjectaccessreviews"],
    verbs: ["create"],
  },
];

/**
 * What a pipeline may do, in every namespace: its environment's namespace is not there yet when it
 * begins, and a binding inside would be honoured a moment too late. Where it may do so, the fence
 * says. It reads what it writes and nothing else, because no admission policy stops a read. Pulumi
 * watches the objects that it waits for.
 */
export function pipelineRules(meshes: readonly Mesh[]): NamedAccessRule[] {
  return [
    ...writtenKinds(meshes).map(({ apiGroup, resources }) => ({
      apiGroups: [apiGroup],
      resources,
      verbs: write,
    })),
    { apiGroups: [""], resources: ["serviceaccounts/token"], verbs: ["create"] },
    {
      apiGroups: ["rbac.authorization.k8s.io"],
      resources: ["clusterroles"],
      resourceNames: [...Object.values(platformClusterRoles), platformRoleNames.verifier],
      verbs: ["bind"],
    },
  ];
}
