import { type types } from "@pulumi/kubernetes";

type PolicySpec = types.input.admissionregistration.v1.ValidatingAdmissionPolicySpec;
type BindingSpec = types.input.admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec;

/** What a ValidatingAdmissionPolicy is about, before it is named and bound. */
export interface AdmissionPolicy {
  /** A guarantee in kebab-case. The object is `secure-environment-<name>`. */
  readonly name: string;
  /** Which requests it judges. */
  readonly rules: readonly ResourceRule[];
  /** Which of them it does not judge, not even where its parameter is missing. */
  readonly exceptions?: readonly ResourceRule[];
  /** Conditions that all hold for the requests that it judges. */
  readonly matchConditions?: readonly NamedExpression[];
  readonly variables?: readonly NamedExpression[];
  readonly validations: readonly Validation[];
  /** Whether it is about review environments alone, by their marker. Defaults to everything. */
  readonly isForEnvironments?: boolean;
  /** The object of each namespace that the policy looks at as `params`; without it, it refuses. */
  readonly parameter?: PolicyParameter;
}

export interface ResourceRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly operations: readonly ("CREATE" | "UPDATE" | "DELETE" | "CONNECT" | "*")[];
  /** Names of objects. Defaults to all. */
  readonly resourceNames?: readonly string[];
}

export interface NamedExpression {
  readonly name: string;
  readonly expression: string;
}

/** What must hold, and what a refused request is answered: what is wrong and what to do. */
export interface Validation {
  readonly expression: string;
  readonly message: string;
  /** CEL that says more than the message, such as what was found. */
  readonly messageExpression?: string;
}

export interface PolicyParameter {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}

/** A policy and its binding as the API server takes them; both have the same name. */
export interface AdmissionObjects {
  readonly name: string;
  readonly policy: PolicySpec;
  readonly binding: BindingSpec;
}
