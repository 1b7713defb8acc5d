import { existsSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { configuredEnvironment, programSettings, SecureEnvironment } from "secure-environment";

const { args, cluster } = configuredEnvironment(programSettings(process.env, existsSync));
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
