import * as pulumi from "@pulumi/pulumi";
import {
  configuredEnvironment,
  type ProgramSettings,
  SecureEnvironment,
  stackOutputs,
} from "secure-environment";
import { requireOwnNamespace } from "./namespace";

/**
 * The program that makes one environment, in a namespace that is free or this stack's own.
 *
 * @returns what makes it, and returns the outputs of its stack.
 * @throws RunError with every fault of the configuration, before anything is created.
 */
export function environmentProgram(
  settings: ProgramSettings,
): () => Promise<Record<string, pulumi.Output<unknown>>> {
  const { args, cluster, clusterChoice, namespace, replaceable } = configuredEnvironment(settings);
  void pulumi.log.info(`The cluster of this run: ${cluster}`);
  return async () => {
    await requireOwnNamespace({ wanted: namespace, replaceable, cluster: clusterChoice });
    return stackOutputs(new SecureEnvironment("environment", args), args);
  };
}
