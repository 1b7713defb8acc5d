import { PolicyPack } from "@pulumi/policy";
import { guardConfiguration } from "./configurationGuard";
import { now, policies, tell } from "./policies";

guardConfiguration(policies, { now, tell });
new PolicyPack("secure-environment", { policies });
