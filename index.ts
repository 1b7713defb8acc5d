import { existsSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import {
  configuredEnvironment,
  programSettings,
  SecureEnvironment,
  stackOutputs,
} from "secure-environment";
import { requireOwnNamespace } from "secure-environment-cluster/namespace";

const { args, cluster, clusterChoice, namespace, replaceable } = configuredEnvironment(
  programSettings(process.env, existsSync, new Date()),
);
void pulumi.log.info(`The cluster of this run: ${cluster}`);

/** One environment, in a namespace that is free or this stack's own. */
async function program() {
  await requireOwnNamespace({ wanted: namespace, replaceable, cluster: clusterChoice });
  return stackOutputs(new SecureEnvironment("environment", args), args);
}

export = program;
