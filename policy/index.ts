import { PolicyPack } from "@pulumi/policy";
import { guardConfiguration } from "./configurationGuard";
import { readMessagesOnce } from "./messages";
import { now, pulumiPolicies, tell } from "./pulumiPolicies";

readMessagesOnce();
guardConfiguration(pulumiPolicies, { now, tell });
new PolicyPack("secure-environment", { policies: pulumiPolicies });
