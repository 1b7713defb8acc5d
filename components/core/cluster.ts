import { delimiter } from "node:path";
import { looksSecret, problem, problemIf, problemUnless, type Problem } from "./problems";

/** Where a choice of a cluster can be made, as the program finds it. */
export interface ClusterChoice {
  /** The value of `kubernetes:context`. */
  readonly context?: string;
  /** The value of `kubernetes:cluster`: another cluster than that of the context. */
  readonly cluster?: string;
  /** The value of `kubernetes:kubeconfig`. It may hold credentials and is never shown. */
  readonly kubeconfig?: string;
  /** The environment variable KUBECONFIG. */
  readonly kubeconfigVariable?: string;
  /**
   * Whether one of the files of KUBECONFIG exists; left out where that is not known. Inside a cluster,
   * Kubernetes clients take a KUBECONFIG without any file for that very cluster, with the rights of the
   * pod they run in.
   */
  readonly kubeconfigExists?: boolean;
}

/**
 * What a run is about to touch, in words; `undefined` when no cluster was chosen. The current
 * context of `~/.kube/config` is no choice: it is the one that its owner looked at last.
 */
export function describeCluster(choice: ClusterChoice): string | undefined {
  const context = choice.context ? `context ${choice.context}` : "the current context";
  if (choice.kubeconfig) {
    return `${context} of kubernetes:kubeconfig`;
  }
  if (choice.kubeconfigVariable && !holdsContent(choice)) {
    const isShown = choice.kubeconfigExists === true || looksLikePaths(choice.kubeconfigVariable);
    return `${context} of KUBECONFIG${isShown ? `=${choice.kubeconfigVariable}` : ""}`;
  }
  return choice.context ? context : undefined;
}

/** Longest name or path of a file, in characters, that a message shows: content is longer. */
const maximumShownLength = 255;

/**
 * Whether KUBECONFIG holds something else than paths, such as the content of a kubeconfig, perhaps as
 * base64. It holds credentials then, and nothing of it may be shown.
 */
export function holdsContent({
  kubeconfigVariable = "",
  kubeconfigExists,
}: ClusterChoice): boolean {
  const isMeant = kubeconfigExists ?? looksLikePaths(kubeconfigVariable);
  return (
    hasMarksOfContent(kubeconfigVariable) ||
    (!isMeant && kubeconfigVariable.length > maximumShownLength)
  );
}

function hasMarksOfContent(text: string): boolean {
  return /[\p{Cc}{}]|: /u.test(text) || looksSecret(text);
}

/** Whether what names no file was meant as paths at least: a token or a password looks otherwise. */
function looksLikePaths(text: string): boolean {
  return text
    .split(delimiter)
    .every((path) => /^(~|\.{0,2}\/|[A-Za-z]:)|\.(ya?ml|json|conf)$/.test(path));
}

/** The fault of a run for which no cluster was chosen, or one that cannot be found. */
export function clusterProblems(choice: ClusterChoice): Problem[] {
  if (holdsContent(choice)) {
    const fault = "holds the content of a kubeconfig, which is not shown here";
    const remedy =
      "Give it the path of a file. On GitLab make it a variable of the type File, on GitHub write the secret into a file first.";
    return [problem("KUBECONFIG", fault, remedy)];
  }
  const misnamed = [
    ...nameProblems("kubernetes:context", choice.context),
    ...nameProblems("kubernetes:cluster", choice.cluster),
  ];
  if (misnamed.length > 0) {
    return misnamed;
  }
  if (choice.kubeconfigVariable && choice.kubeconfigExists === false && !choice.kubeconfig) {
    const { kubeconfigVariable } = choice;
    const found = looksLikePaths(kubeconfigVariable) ? kubeconfigVariable : undefined;
    return [problem("KUBECONFIG", "names no file that exists", "Correct the path.", found)];
  }
  const fault = "was not chosen, and the current context of ~/.kube/config is never used";
  const remedy =
    "Choose it in one of three ways: `pulumi config set kubernetes:context NAME`, " +
    "`pulumi config set --secret kubernetes:kubeconfig CONTENT`, or the environment " +
    "variable KUBECONFIG (`review check` previews without a cluster).";
  return problemIf(describeCluster(choice) === undefined, "cluster", fault, remedy);
}

/** A kubeconfig in place of a name would be shown as one. */
function nameProblems(property: string, name = ""): Problem[] {
  const fault = "holds something else than a name, which is not shown here";
  const remedy =
    "Give the name alone. A kubeconfig itself is set with `pulumi config set --secret kubernetes:kubeconfig`.";
  const isName = !hasMarksOfContent(name) && name.length <= maximumShownLength;
  return problemUnless(isName, property, fault, remedy);
}
