import { labels, nodePoolAnnotationNames } from "../../core/labels";
import { isLabelKey, isLabelValue } from "../../core/metadata";
import { type NodePoolArgs } from "./nodePoolArgs";
import { problem, problemUnless, type Problem } from "../../core/problems";

/** Everything wrong with a node pool. */
export function nodePoolProblems(nodePool: NodePoolArgs | undefined): Problem[] {
  return nodePool === undefined
    ? []
    : [...poolNameProblems(nodePool), ...nodeLabelProblems(nodePool.nodeLabel)];
}

function poolNameProblems({ name, dedicated }: NodePoolArgs): Problem[] {
  if (name === undefined) {
    const remedy = "Set `name` to a shared pool, such as review, or `dedicated` to true.";
    return problemUnless(dedicated === true, "nodePool", "names no pool", remedy);
  }
  if (dedicated === true) {
    const fault = "is set, but a dedicated pool is named like the environment's namespace";
    return [problem("nodePool.name", fault, "Leave out `name` or `dedicated`.", name)];
  }
  const fault = "cannot be the value of a node's label";
  const remedy = "Use at most 63 letters, digits, -, _ and ., such as review.";
  return problemUnless(isLabelValue(name), "nodePool.name", fault, remedy, name);
}

function nodeLabelProblems(nodeLabel: string | undefined): Problem[] {
  const isValid = nodeLabel === undefined || isLabelKey(nodeLabel);
  const fault = "cannot be the key of a node's label";
  const remedy = "Use a key as Kubernetes does, such as example.com/node-pool.";
  return problemUnless(isValid, "nodePool.nodeLabel", fault, remedy, nodeLabel);
}

/** Labels of the namespace: its pool, whether admission plugins or the platform's policy enforce it. */
export function nodePoolLabels(
  nodePool: NodePoolArgs | undefined,
  namespaceName: string,
): Record<string, string> {
  return nodePool === undefined ? {} : { [labels.nodePool]: poolOf(nodePool, namespaceName) };
}

/**
 * Annotations of the namespace. Every pod gets the pool's label as its node selector, also where
 * it names a node, and the toleration of the pool's taint; it is refused when it selects another
 * pool or tolerates anything that is not listed.
 * See https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#podtolerationrestriction
 */
export function nodePoolAnnotations(
  nodePool: NodePoolArgs | undefined,
  namespaceName: string,
): Record<string, string> {
  if (nodePool === undefined || nodePool.enforcement === "platform") {
    return {};
  }
  const key = nodePool.nodeLabel ?? labels.nodePool;
  const value = poolOf(nodePool, namespaceName);
  const pool = { key, operator: "Equal", value, effect: "NoSchedule" };
  return {
    [nodePoolAnnotationNames.nodeSelector]: `${key}=${value}`,
    [nodePoolAnnotationNames.defaultTolerations]: JSON.stringify([pool]),
    [nodePoolAnnotationNames.tolerationsWhitelist]: JSON.stringify([
      pool,
      withoutOperator(pool),
      ...conditionTolerations,
    ]),
  };
}

/**
 * What other admission plugins add to ordinary pods: DefaultTolerationSeconds, whose seconds
 * differ between clusters, and for pods that request something PodTolerationRestriction itself.
 */
const conditionTolerations = [
  { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute" },
  { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute" },
  { key: "node.kubernetes.io/memory-pressure", operator: "Exists", effect: "NoSchedule" },
] as const;

/** A pod may leave out the operator `Equal`; the plugin compares it as it is written. */
function withoutOperator({ key, value, effect }: Record<"key" | "value" | "effect", string>) {
  return { key, value, effect };
}

function poolOf(nodePool: NodePoolArgs, namespaceName: string): string {
  return nodePool.dedicated === true ? namespaceName : (nodePool.name ?? namespaceName);
}
