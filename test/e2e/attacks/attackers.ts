/** Everybody who attacks, and how they got where they are. */
export const attackers = {
  shopPipeline: "the pipeline of shop",
  shopIdentityProvider: "the pipeline of shop, known by its group of the identity provider",
  blogPipeline: "the pipeline of blog",
  secondAccount: "a second account beside shop's pipeline, with its rights by mistake",
  almightyPipeline: "an account beside shop's pipeline that is cluster-admin by mistake",
  viewer: "somebody with the preset view",
  developer: "somebody with the preset develop",
  debugger: "somebody with the preset debug",
  deployer: "the deployer",
  defaultAccount: "a pod of the environment",
  stolenDeployer: "a stolen token of another environment's deployer",
  verifier: "the platform's verifier",
  misboundAdmin: "somebody with `admin` in the environment by mistake",
  misboundClusterAdmin: "somebody with `cluster-admin` in the environment by mistake",
  operator: "an operator with `cluster-admin` who is no administrator of the platform",
  listedOperator: "an operator with `cluster-admin` that administrators have listed",
  unlistedOperator: "an operator with `cluster-admin` that nobody has listed",
  guestAccount: "a controller outside the environment that its pipeline let in as a deployer",
  scheduler: "a second scheduler with `cluster-admin` that administrators have listed",
  replicaSetController: "the controller of replica sets, which does what a template says,",
  statefulSetController: "the controller of stateful sets, which does what a template says,",
  stranger: "somebody who has a login and nothing else",
} as const;

/** Somebody who attacks. */
export type Attacker = keyof typeof attackers;

/** Who is in the environment by the platform's own roles, or by none. */
export const guests = [
  "viewer",
  "developer",
  "debugger",
  "deployer",
  "defaultAccount",
  "stolenDeployer",
  "verifier",
] as const satisfies readonly Attacker[];

/** Whom the fence holds, whatever RBAC gives them. */
export const pipelines = [
  "shopPipeline",
  "shopIdentityProvider",
  "blogPipeline",
  "secondAccount",
] as const satisfies readonly Attacker[];

/** Who runs nothing in the environment and writes nothing but walls, if anything. */
export const idle = [
  "shopPipeline",
  "blogPipeline",
  "secondAccount",
  "viewer",
  "defaultAccount",
  "stolenDeployer",
  "verifier",
] as const satisfies readonly Attacker[];
