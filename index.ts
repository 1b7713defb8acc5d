import * as pulumi from "@pulumi/pulumi";
import { configuredEnvironment, SecureEnvironment } from "secure-environment";

const { args, cluster } = configuredEnvironment({
  configuration: pulumi.runtime.allConfig(),
  pulumiProject: pulumi.getProject(),
  stack: pulumi.getStack(),
  kubeconfigVariable: process.env.KUBECONFIG,
});
void pulumi.log.info(`The cluster of this run: ${cluster}`);

export const { namespaceName, stackName, branch, url, expiresAt, developerRoleName, quota } =
  new SecureEnvironment("environment", args);
