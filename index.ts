import { existsSync } from "node:fs";
import { delimiter } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { configuredEnvironment, SecureEnvironment } from "secure-environment";

const { KUBECONFIG, PULUMI_CONFIG_SECRET_KEYS = "[]" } = process.env;
const { args, cluster } = configuredEnvironment({
  configuration: pulumi.runtime.allConfig(),
  pulumiProject: pulumi.getProject(),
  stack: pulumi.getStack(),
  secretKeys: JSON.parse(PULUMI_CONFIG_SECRET_KEYS) as string[],
  kubeconfigVariable: KUBECONFIG,
  kubeconfigExists: KUBECONFIG?.split(delimiter).some(existsSync),
});
void pulumi.log.info(`The cluster of this run: ${cluster}`);

export const {
  namespaceName,
  stackName,
  branch,
  url,
  hostSuffix,
  expiresAt,
  developerRoleName,
  deployerServiceAccountName,
  holes,
  quota,
} = new SecureEnvironment("environment", args);
