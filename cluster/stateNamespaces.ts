import { labels } from "secure-environment/core";

type Labels = Readonly<Record<string, string>>;

/** A resource as the state of a stack has it. */
export interface StateResource {
  readonly type: string;
  /** What the API server said of it; empty until then. */
  readonly outputs?: StateObject;
  /** What was asked for. */
  readonly inputs?: StateObject;
}

interface StateObject {
  readonly metadata?: {
    readonly name?: string;
    readonly labels?: Labels;
    readonly uid?: string;
  };
}

/** A namespace that the state of a stack has. */
export interface StateNamespace {
  readonly name: string;
  readonly labels: Labels;
  /** The state does not know it before the API server has said it. */
  readonly uid?: string;
}

/** The namespaces in the state of a stack. */
export function namespacesOf(resources: readonly StateResource[]): StateNamespace[] {
  return resources
    .filter(({ type }) => type === "kubernetes:core/v1:Namespace")
    .flatMap(({ inputs, outputs }) => {
      const { name, labels: said = {} } = outputs?.metadata ?? inputs?.metadata ?? {};
      const uid = outputs?.metadata?.uid;
      return name === undefined ? [] : [{ name, labels: said, ...(uid && { uid }) }];
    });
}

/** The namespaces of environments in the state of a stack: those that name the stack that made them. */
export function environmentsOf(resources: readonly StateResource[]): StateNamespace[] {
  return namespacesOf(resources).filter((namespace) => namespace.labels[labels.stack]);
}
