import { existsSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import {
  configuredEnvironment,
  programSettings,
  SecureEnvironment,
  stackOutputs,
} from "secure-environment";

const { args, cluster } = configuredEnvironment(programSettings(process.env, existsSync));
void pulumi.log.info(`The cluster of this run: ${cluster}`);

export = stackOutputs(new SecureEnvironment("environment", args), args);
