import { randomBytes } from "node:crypto";
import { lookup } from "node:dns/promises";
import { checkServerIdentity, connect, type PeerCertificate } from "node:tls";
import { type ReviewSettings } from "../settings/reviewSettings";
import { type Check } from "./examination";
import { doubtful, fine, type Finding, wrong } from "./finding";

/** How long a name and a certificate may take, in milliseconds. */
const patience = 5_000;

/** Days before its end from which on a certificate is told. */
const daysBefore = 14;

/** What is seen of a certificate. */
export interface SeenCertificate {
  readonly certificate: PeerCertificate;
  /** Why this machine does not trust who signed it. */
  readonly distrust?: string;
}

/** How names and certificates are looked at. */
export interface HostLooks {
  /** The addresses of a host; rejects when it has none. */
  readonly addressesOf: (host: string) => Promise<readonly string[]>;
  /** What answers for the host at this address, with TLS. */
  readonly certificateOf: (host: string, port: number, address: string) => Promise<SeenCertificate>;
}

/** A host that environments have, as the settings say it. */
export interface KnownHost {
  readonly host: string;
  readonly port: number;
  readonly hasTls: boolean;
  /** The domain below which it was made up; without one the settings name the host itself. */
  readonly domain?: string;
}

/** Whether hosts of environments lead somewhere, and whose certificate answers there. */
export const hosts: Check = {
  subject: "hosts",
  look: async ({ settings }) => {
    const known = settings === undefined ? [] : hostsIn(settings);
    return (await Promise.all(known.map((one) => lookAtHost(one)))).flat();
  },
};

/** A made-up host below the domain of the settings, and the host of their `url`. */
export function hostsIn({ configuration, project }: ReviewSettings): readonly KnownHost[] {
  const domain = configuration[`${project}:domain`];
  const url = configuration[`${project}:url`];
  const label = `review-${randomBytes(4).toString("hex")}`;
  return [
    ...(typeof domain === "string" && domain !== ""
      ? [{ host: `${label}.${domain}`, port: 443, hasTls: true, domain }]
      : []),
    ...(typeof url === "string" && URL.canParse(url) ? [hostOf(new URL(url))] : []),
  ];
}

function hostOf({ hostname, port, protocol }: URL): KnownHost {
  const hasTls = protocol === "https:";
  return { host: hostname, port: Number(port) || (hasTls ? 443 : 80), hasTls };
}

/** Looks at one host. What does not answer in time is a finding. */
export async function lookAtHost(
  known: KnownHost,
  { addressesOf, certificateOf }: HostLooks = systemLooks,
): Promise<readonly Finding[]> {
  const { host, port, hasTls } = known;
  const addresses = await addressesOf(host).catch(() => []);
  const [address] = addresses;
  if (address === undefined) {
    return [unresolved(known)];
  }
  const resolved = fine(subjectOf(known), `${host} leads to ${addresses.join(", ")}`);
  if (!hasTls) {
    return [resolved];
  }
  const judged = await certificateOf(host, port, address).then(
    (seen) => judgeCertificate(known, seen, new Date()),
    (error: Error) => untold(known, `${address}:${port}`, error),
  );
  return [resolved, judged];
}

function subjectOf({ domain }: KnownHost): string {
  return domain === undefined ? "host of url" : "hosts by DNS";
}

function unresolved({ host, domain }: KnownHost): Finding {
  return domain === undefined
    ? wrong("host of url", `${host} has no address`, "Make a record for it, or correct `url`.")
    : wrong(
        "hosts by DNS",
        `${host}, a name made up below ${domain}, has no address`,
        `Point *.${domain} at the gateway (docs/hosts.md).`,
      );
}

function untold({ host }: KnownHost, address: string, { message }: Error): Finding {
  const remedy = "See that the gateway answers there with TLS, from where you are.";
  return wrong("certificate", `nothing answers for ${host} at ${address}: ${message}`, remedy);
}

/** Whether the certificate is for the host, is good now and for some time, and is trusted here. */
export function judgeCertificate(
  { host, domain }: Pick<KnownHost, "host" | "domain">,
  { certificate, distrust }: SeenCertificate,
  now: Date,
): Finding {
  const subject = "certificate";
  const wanted = domain === undefined ? host : `*.${domain}`;
  const renewal = "Have it renewed, and see why that was not done by itself.";
  const names = certificate.subjectaltname ?? "no name";
  if (checkServerIdentity(host, certificate) !== undefined) {
    const fault = `the one that answers for ${host} is for ${names}`;
    return wrong(subject, fault, `Give the gateway one for ${wanted} (docs/hosts.md).`);
  }
  const end = new Date(certificate.valid_to);
  const days = Math.floor((end.getTime() - now.getTime()) / 86_400_000);
  if (!(days >= 0)) {
    return wrong(subject, `it has ended: ${certificate.valid_to}`, renewal);
  }
  if (distrust !== undefined) {
    const fault = `this machine does not trust who signed it: ${distrust}`;
    return doubtful(subject, fault, "Have one signed that browsers trust, or trust its issuer.");
  }
  return days < daysBefore
    ? doubtful(subject, `it ends in ${days} days: ${certificate.valid_to}`, renewal)
    : fine(subject, `is for ${wanted}, and ends in ${days} days`);
}

/** By the resolver and the network of this machine. */
const systemLooks: HostLooks = {
  addressesOf: async (host) => {
    const found = await inTime(lookup(host, { all: true }));
    return found.map(({ address }) => address);
  },
  certificateOf: connectedCertificate,
};

function inTime<Result>(work: Promise<Result>): Promise<Result> {
  return Promise.race([
    work,
    new Promise<never>((_, reject) => {
      const late = () => reject(new Error(`no answer within ${patience / 1_000} s`));
      setTimeout(late, patience).unref();
    }),
  ]);
}

/** Nothing is sent there, so it may be seen whoever signed it. */
export function connectedCertificate(
  host: string,
  port: number,
  address: string,
): Promise<SeenCertificate> {
  return new Promise((resolve, reject) => {
    const options = { host: address, port, servername: host, rejectUnauthorized: false };
    const socket = connect(options, () => {
      const { authorizationError } = socket;
      const distrust = socket.authorized ? undefined : wordsOf(authorizationError);
      resolve({
        certificate: socket.getPeerCertificate(),
        ...(distrust !== undefined && { distrust }),
      });
      socket.destroy();
    });
    socket.setTimeout(patience, () =>
      socket.destroy(new Error(`no answer within ${patience / 1_000} s`)),
    );
    socket.on("error", reject);
  });
}

function wordsOf(error: Error | string | null | undefined): string {
  return error instanceof Error ? error.message : (error ?? "no reason was given");
}
