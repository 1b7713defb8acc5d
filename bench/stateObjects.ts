interface State {
  readonly deployment: {
    readonly resources?: readonly { readonly custom: boolean; readonly type: string }[];
  };
}

/** The Kubernetes objects of a stack. */
export interface ObjectCount {
  /** Objects that the stack creates. */
  readonly created: number;
  /** Objects that are there already and that the stack changes a field of. */
  readonly patched: number;
}

/** Counts the objects in what `pulumi stack export` shows. */
export function countObjects(exportedState: string): ObjectCount {
  const { deployment } = JSON.parse(exportedState) as State;
  const types = (deployment.resources ?? [])
    .filter(({ custom, type }) => custom && type.startsWith("kubernetes:"))
    .map(({ type }) => type);
  const patched = types.filter((type) => type.endsWith("Patch")).length;
  return { created: types.length - patched, patched };
}
