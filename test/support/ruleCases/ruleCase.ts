import { type SecureEnvironmentArgs } from "secure-environment";
import { type ApiRequest } from "../../e2e/support/apiRequests";
import { type AnalyzedResource } from "../../policy/support/policyAnalyzer";

/**
 * One rule, three judges: the arguments of an environment, the platform's API server and the policy
 * pack. A judge has nothing against the case, refuses it and says so, or it is said why it is not asked.
 */
export interface RuleCase {
  readonly what: string;
  readonly arguments: Judged<GivenArguments>;
  /** What the pipeline or the deployer of the environment asks for. */
  readonly apiServer: Judged<ApiRequest>;
  readonly pack: Judged<AnalyzedResource>;
}

/**
 * What a judge is shown, and what it says: `refuses` is part of its message. Where it is not its to
 * judge it is said why; it has nothing against what it is shown then.
 */
export type Judged<Shown> =
  | { readonly shown: Shown; readonly refuses?: string }
  | { readonly shown?: Shown; readonly notJudged: string };

export interface GivenArguments {
  readonly args: SecureEnvironmentArgs;
  /** The Pulumi stack; left out, that of an environment that stands. */
  readonly stack?: string;
}
