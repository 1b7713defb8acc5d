import { getVersion } from "@pulumi/kubernetes/utilities";

/** The version of Pulumi's provider for Kubernetes that the standard program asks for. */
export const providerVersion = getVersion();
