import { annotations, isSubdomain, isWebAddress } from "secure-environment/core";
import { type FoundNamespace } from "secure-environment-cluster/namespaceVerdict";

/** An Ingress, in the parts that say its hosts. */
export interface FoundIngress {
  readonly spec?: {
    readonly rules?: readonly { readonly host?: string }[];
    readonly tls?: readonly { readonly hosts?: readonly string[] }[];
  };
}

/** The address that the environment says is its own; only one that a browser opens. */
export function annotatedAddress({ metadata }: FoundNamespace): string | undefined {
  const url = metadata?.annotations?.[annotations.url];
  return url !== undefined && isWebAddress(url) ? url : undefined;
}

/** The addresses of the hosts that ingresses serve, each once; those with a certificate by https. */
export function ingressAddresses(ingresses: readonly FoundIngress[]): readonly string[] {
  const addresses = ingresses.flatMap(({ spec = {} }) => {
    const secured = new Set((spec.tls ?? []).flatMap(({ hosts = [] }) => hosts));
    return (spec.rules ?? [])
      .flatMap(({ host }) => (host !== undefined && isSubdomain(host) ? [host] : []))
      .map((host) => `${isCovered(host, secured) ? "https" : "http"}://${host}`);
  });
  return [...new Set(addresses)];
}

/** A certificate for `*.example.com` is one for `a.example.com` as well. */
function isCovered(host: string, secured: ReadonlySet<string>): boolean {
  return secured.has(host) || secured.has(host.replace(/^[^.]+/, "*"));
}
