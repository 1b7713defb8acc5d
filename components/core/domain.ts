import { isLabel, maximumLabelLength, maximumSubdomainLength } from "./dnsNames";
import { problemUnless, type Problem } from "./problems";

/** Longest domain below which `<anything>.<namespace>.<domain>` is still a host, in characters. */
export const maximumDomainLength = maximumSubdomainLength - 2 * (maximumLabelLength + 1);

/** Everything wrong with the domain of the environments. */
export function domainProblems(domain: string | undefined): Problem[] {
  const fault = "is not a domain";
  const remedy = `Use at most ${maximumDomainLength} characters of a-z, 0-9, hyphens and dots, such as review.example.com.`;
  return problemUnless(domain === undefined || isDomain(domain), "domain", fault, remedy, domain);
}

/** What every host of an environment ends in: `<namespace>.<domain>`. */
export function hostSuffix(namespace: string, domain: string): string {
  return `${namespace}.${domain}`;
}

function isDomain(text: string): boolean {
  return text.length <= maximumDomainLength && text.split(".").every(isLabel);
}
