import { PolicyPack } from "@pulumi/policy";
import { guardConfiguration } from "./configurationGuard";
import { readMessagesOnce } from "./messages";
import { now, policies, tell } from "./pulumiPolicies";

readMessagesOnce();
guardConfiguration(policies, { now, tell });
new PolicyPack("secure-environment", { policies });
