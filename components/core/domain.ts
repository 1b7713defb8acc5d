import { maximumLabelLength } from "./names";
import { type Problem } from "./problems";

const maximumHostLength = 253;

/** Longest domain below which `<anything>.<namespace>.<domain>` is still a host, in characters. */
export const maximumDomainLength = maximumHostLength - 2 * (maximumLabelLength + 1);

/** Everything wrong with the domain of the environments. */
export function domainProblems(domain: string | undefined): Problem[] {
  return domain === undefined || isDomain(domain)
    ? []
    : [
        {
          property: "domain",
          found: domain,
          fault: "is not a domain",
          remedy: `Use at most ${maximumDomainLength} characters of a-z, 0-9, hyphens and dots, such as review.example.com.`,
        },
      ];
}

/** What every host of an environment ends in: `<namespace>.<domain>`. */
export function hostSuffix(namespace: string, domain: string): string {
  return `${namespace}.${domain}`;
}

function isDomain(text: string): boolean {
  const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
  return text.length <= maximumDomainLength && text.split(".").every((part) => label.test(part));
}
