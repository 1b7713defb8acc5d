import { problemIf } from "secure-environment/core";
import { type ResourcePolicy } from "../policy";
import { isMeshKind, isOfKind } from "../kinds";
import { kubernetesObject } from "../kubernetesObject";

const wallKinds = {
  "": ["Namespace", "ResourceQuota", "LimitRange", "ServiceAccount"],
  "networking.k8s.io": ["NetworkPolicy"],
  extensions: ["NetworkPolicy"],
  "flowcontrol.apiserver.k8s.io": ["FlowSchema"],
  "rbac.authorization.k8s.io": ["Role", "RoleBinding"],
};

/** What was judged is what stands. */
export const wallsFollowTheirProgram: ResourcePolicy<object> = {
  name: "walls-follow-their-program",
  description: "No wall is left as it is on the cluster while its program says something else.",
  threat:
    "A wall that somebody weakened on the cluster stays weak: updates pass, and change nothing.",
  remediation: "Leave out `ignoreChanges` on walls.",
  severity: "high",
  url: "https://www.pulumi.com/docs/iac/concepts/options/ignorechanges/",
  example: {
    bad: 'new k8s.core.v1.ResourceQuota("quota", { … }, { ignoreChanges: ["spec"] })',
    good: 'new k8s.core.v1.ResourceQuota("quota", { … })',
  },
  settings: {},
  judge: (resource) => {
    const object = kubernetesObject(resource);
    const isWall = object !== undefined && (isOfKind(object, wallKinds) || isMeshKind(object));
    const fault = "is a wall whose changes are ignored by `ignoreChanges`";
    const remedy = "Leave the option out, so that each update puts the wall back up.";
    return problemIf(isWall && resource.ignoreChanges.length > 0, "", fault, remedy);
  },
};
