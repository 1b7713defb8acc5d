import { PolicyPack } from "@pulumi/policy";
import { guardConfiguration } from "./configurationGuard";
import { policies, tell } from "./policies";

guardConfiguration(policies, tell);
new PolicyPack("secure-environment", { policies });
