import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { type Description } from "../core/metadata";
import { uniqueSuffixLength } from "../core/names";
import { describeProblems } from "../core/problems";
import { imageRegistryProblems, type RegistryCredentials } from "./imageRegistries";
import { type EnvironmentValues } from "./plan";
import { type ImageRegistryArgs } from "./rbac/accessArgs";
import { type ResolvedEnvironment } from "./resolvedEnvironment";
import { type SecureEnvironmentArgs } from "./secureEnvironmentArgs";
import { validEnvironment } from "./validEnvironment";

/** What the plan of an environment refers to, as far as it is known; the rest is known later. */
export function environmentValues(
  parent: pulumi.Resource,
  name: string,
  environment: ResolvedEnvironment,
): EnvironmentValues<pulumi.Input<string>, pulumi.Input<readonly RegistryCredentials[]>> {
  return {
    namespaceName: finalNamespaceName(parent, name, environment),
    imageRegistries: judgedRegistries(environment.imageRegistries),
  };
}

function finalNamespaceName(
  parent: pulumi.Resource,
  name: string,
  { namespaceName, hasUniqueSuffix }: ResolvedEnvironment,
): pulumi.Input<string> {
  if (!hasUniqueSuffix) {
    return namespaceName;
  }
  const suffix = new random.RandomString(
    `${name}-suffix`,
    { length: uniqueSuffixLength, special: false, upper: false },
    { parent },
  );
  return pulumi.interpolate`${namespaceName}-${suffix.result}`;
}

/** What logs in to the registries, judged once it is known. It is secret as a whole. */
function judgedRegistries(
  registries: readonly ImageRegistryArgs[],
): pulumi.Output<RegistryCredentials[]> {
  const judged = pulumi
    .all(registries.map((registry) => pulumi.output(registry)))
    .apply((known) => {
      const problems = imageRegistryProblems(known);
      if (problems.length > 0) {
        throw new pulumi.RunError(describeProblems(problems));
      }
      return known;
    });
  return pulumi.secret(judged);
}

/** The describing arguments; those that are known only later are judged then. */
export function judgedDescription(args: SecureEnvironmentArgs): Description<pulumi.Input<string>> {
  return {
    owner: judgedLater(args, "owner"),
    url: judgedLater(args, "url"),
    expiresAt: judgedLater(args, "expiresAt"),
  };
}

function judgedLater(
  args: SecureEnvironmentArgs,
  property: "owner" | "url" | "expiresAt",
): pulumi.Input<string> | undefined {
  const value = args[property];
  return value === undefined || typeof value === "string"
    ? value
    : pulumi.output(value).apply((known) => {
        validEnvironment({ ...args, [property]: known });
        return known;
      });
}

/** The same arguments, the passwords secret however they were given: the state keeps arguments. */
export function withSecretPasswords(args: SecureEnvironmentArgs): SecureEnvironmentArgs {
  return args.imageRegistries === undefined
    ? args
    : {
        ...args,
        imageRegistries: args.imageRegistries.map((registry) => ({
          ...registry,
          password: pulumi.secret(registry.password),
        })),
      };
}
