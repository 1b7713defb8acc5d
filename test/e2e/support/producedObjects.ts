import { describeProblems } from "#components/core/problems";
import { plainObjects } from "#components/core/plan";
import { planEnvironment } from "#components/environment/plan";
import { judgeEnvironment } from "#components/environment/resolvedEnvironment";
import { type Given } from "../../components/support/arbitraryArguments";

/** An object as a provider would send it to the API server. */
export interface ProducedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly [property: string]: unknown;
}

/** What an environment is made of. */
export interface Production {
  readonly objects: readonly ProducedObject[];
  /** What Pulumi tells the resources apart by: kind and name. */
  readonly resources: readonly string[];
}

/** Whether the object exists already and only gets what is said here. */
export function isPatch({ kind, metadata }: ProducedObject): boolean {
  return kind === "ServiceAccount" && metadata.name === "default";
}

/** Plans the environment, and says what a provider would be asked for, or why it is refused. */
export function production({ args, origin }: Given): Production | string {
  const { environment, problems } = judgeEnvironment(args, origin);
  if (environment === undefined) {
    return describeProblems(problems);
  }
  const plan = planEnvironment("env", environment);
  const { namespaceName, hasUniqueSuffix, imageRegistries } = environment;
  const values = {
    namespaceName: hasUniqueSuffix ? `${namespaceName}-x1y2z3` : namespaceName,
    imageRegistries,
  };
  return {
    objects: plainObjects(plan.objects, values) as unknown as ProducedObject[],
    resources: plan.objects.map(({ logicalName, object }) => `${object.kind}::${logicalName}`),
  };
}

/** @throws Error when the environment is refused. */
export function producedObjects(given: Given): readonly ProducedObject[] {
  const produced = production(given);
  if (typeof produced === "string") {
    throw new Error(produced);
  }
  return produced.objects;
}
