import { labels, nodePoolAnnotationNames } from "../../core/labels";
import { isLabelKey, isLabelValue } from "../../core/metadata";
import { type NodePoolArgs } from "./nodePoolArgs";
import { type Problem } from "../../core/problems";

/** Everything wrong with a node pool. */
export function nodePoolProblems(nodePool: NodePoolArgs | undefined): Problem[] {
  return nodePool === undefined
    ? []
    : [...poolNameProblems(nodePool), ...nodeLabelProblems(nodePool.nodeLabel)];
}

function poolNameProblems({ name, dedicated }: NodePoolArgs): Problem[] {
  if (name === undefined) {
    return dedicated === true
      ? []
      : [
          {
            property: "nodePool",
            fault: "names no pool",
            remedy: "Set `name` to a shared pool, such as review, or `dedicated` to true.",
          },
        ];
  }
  if (dedicated === true) {
    return [
      {
        property: "nodePool.name",
        found: name,
        fault: "is set, but a dedicated pool is named like the environment's namespace",
        remedy: "Leave out `name` or `dedicated`.",
      },
    ];
  }
  return isLabelValue(name)
    ? []
    : [
        {
          property: "nodePool.name",
          found: name,
          fault: "cannot be the value of a node's label",
          remedy: "Use at most 63 letters, digits, -, _ and ., such as review.",
        },
      ];
}

function nodeLabelProblems(nodeLabel: string | undefined): Problem[] {
  return nodeLabel === undefined || isLabelKey(nodeLabel)
    ? []
    : [
        {
          property: "nodePool.nodeLabel",
          found: nodeLabel,
          fault: "cannot be the key of a node's label",
          remedy: "Use a key as Kubernetes does, such as example.com/node-pool.",
        },
      ];
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
