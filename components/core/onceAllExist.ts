import * as pulumi from "@pulumi/pulumi";

/** Hands out the value only once the resources exist, so that nothing is built before them. */
export function onceAllExist<Value>(
  value: pulumi.Output<Value>,
  resources: readonly pulumi.Resource[],
): pulumi.Output<Value> {
  return pulumi.all(resources.map((resource) => resource.urn)).apply(() => value);
}
