import { X509Certificate } from "node:crypto";
import { isRecord } from "secure-environment/core";
import { isSecureAddress, isWord } from "./texts";

/**
 * How runs of pipelines sign in to the cluster: as who the host of the repository says that they are, by
 * OpenID Connect. Nothing of it is secret.
 */
export interface SignIn {
  /** The address of the API server. */
  readonly server: string;
  /**
   * The certificates of the authorities that the API server's own is signed by, as PEM in base64; without
   * them, those that the machine trusts.
   */
  readonly certificateAuthority?: string;
  /** Whom the run's token is for, as the API server expects it. */
  readonly audience: string;
}

const keys: readonly string[] = [
  "server",
  "certificateAuthority",
  "audience",
] satisfies (keyof SignIn)[];

/** What settings say of signing in, and what is wrong with it. */
export function signInOf(value: unknown): { signIn?: SignIn; faults: string[] } {
  if (value === undefined) {
    return { faults: [] };
  }
  if (!isRecord(value)) {
    return { faults: [`signIn is no map with the keys ${keys.join(", ")}`] };
  }
  const { server, certificateAuthority, audience } = value;
  const faults = [
    ...Object.keys(value)
      .filter((key) => !keys.includes(key))
      .map((key) => `signIn.${key} is not known; there are ${keys.join(", ")}`),
    ...(isSecureAddress(server)
      ? []
      : [
          "signIn.server is no address such as https://10.0.0.1:6443, which the platform's output apiServer has",
        ]),
    ...(certificateAuthority === undefined || isAuthority(certificateAuthority)
      ? []
      : [
          "signIn.certificateAuthority is not what the platform's output of that name has, or a kubeconfig: certificates as PEM, or that in base64, and nothing else",
        ]),
    ...(isWord(audience)
      ? []
      : ["signIn.audience is no text of one word, such as the address of the API server"]),
  ];
  if (faults.length > 0) {
    return { faults };
  }
  const authority =
    certificateAuthority === undefined
      ? {}
      : { certificateAuthority: inBase64(certificateAuthority) };
  return { faults, signIn: { server, ...authority, audience } as SignIn };
}

/** A kubeconfig has its certificates so. */
function inBase64(certificateAuthority: unknown): string {
  const text = String(certificateAuthority).trim();
  return /^[A-Za-z0-9+/]+=*$/.test(text) ? text : Buffer.from(text, "latin1").toString("base64");
}

const certificates =
  /^(\s*-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*)+$/;

/** What stands beside certificates in such files, such as a key, belongs into no repository. */
function isAuthority(value: unknown): value is string {
  if (typeof value !== "string") {
    return false;
  }
  const content = Buffer.from(inBase64(value), "base64").toString("latin1");
  const found = content.match(/-----BEGIN[^-]+-----[^-]+-----END[^-]+-----/g) ?? [];
  return certificates.test(content) && found.every(isCertificate);
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}
