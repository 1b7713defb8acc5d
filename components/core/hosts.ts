import { maximumLabelLength } from "./dnsNames";
import { hostSuffix } from "./domain";

/**
 * Hosts of an environment, below the domain of all environments: `<namespace>.<domain>`, whatever is
 * below that, and `<service>--<namespace>.<domain>`. The first and the last fit one wildcard
 * certificate for `*.<domain>`.
 */

/** What parts a service from its environment's namespace in one label of a host. */
export const serviceSeparator = "--";

/**
 * What a service is called in a host, as a regular expression that JavaScript and RE2 take. It has no
 * separator in it: what is in front of one is a service, and what is behind it a namespace.
 */
export const hostServicePattern = "^[a-z0-9]+(-[a-z0-9]+)*$";

/** The hosts that an environment may have, for people. */
export function hostForms(domain: string): string {
  const suffix = hostSuffix("<namespace>", domain);
  return `${suffix}, <anything>.${suffix} or <service>${serviceSeparator}${suffix}`;
}

/**
 * Whether the host is one of the environment and can be no other's. A namespace with two hyphens
 * looks like a service of another, so it has hosts below its name alone.
 */
export function isOwnHost(host: string, namespace: string, domain: string): boolean {
  const suffix = hostSuffix(namespace, domain);
  if (host.endsWith(`.${suffix}`)) {
    return true;
  }
  return (
    !namespace.includes(serviceSeparator) &&
    (host === suffix || isServiceHost(host, `${serviceSeparator}${suffix}`, domain))
  );
}

function isServiceHost(host: string, ending: string, domain: string): boolean {
  return (
    host.endsWith(ending) &&
    host.length - `.${domain}`.length <= maximumLabelLength &&
    new RegExp(hostServicePattern).test(host.slice(0, -ending.length))
  );
}
