// The X.509 library finds its parts by decorator metadata, so this comes first.
import "reflect-metadata";

import { createPrivateKey, randomBytes, webcrypto } from "node:crypto";

import * as x509 from "@peculiar/x509";

/** A certificate and its private key, both as PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

/** What a certificate is for. */
export interface CertificateRequest {
  readonly commonName: string;
  /** Kubernetes reads these as the groups of a user. Default none. */
  readonly organizations?: readonly string[];
  readonly usages: readonly ("client" | "server")[];
  /** Host names and IP addresses that a server answers to. Default none. */
  readonly hosts?: readonly string[];
}

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const millisecondsPerDay = 24 * 60 * 60 * 1000;
const validDays = 365;

/** Makes a certificate authority with a new key. */
export async function createAuthority(commonName: string): Promise<KeyPair> {
  const keys = await generateKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: new x509.Name([{ CN: [commonName] }]),
    keys,
    signingAlgorithm: algorithm,
    ...serialAndValidity(),
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
        true,
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return toPem(certificate, keys.privateKey);
}

/** Makes a certificate with a new key, signed by `authority`. */
export async function issueCertificate(
  authority: KeyPair,
  request: CertificateRequest,
): Promise<KeyPair> {
  const keys = await generateKeys();
  const issuer = new x509.X509Certificate(authority.certificate);
  const certificate = await x509.X509CertificateGenerator.create({
    subject: subjectOf(request),
    issuer: issuer.subjectName,
    signingKey: await importPrivateKey(authority.key),
    publicKey: keys.publicKey,
    signingAlgorithm: algorithm,
    ...serialAndValidity(),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension(request.usages.map(keyPurpose)),
      await x509.AuthorityKeyIdentifierExtension.create(issuer),
      ...alternativeNames(request.hosts ?? []),
    ],
  });
  return toPem(certificate, keys.privateKey);
}

/** Makes a key pair for signing tokens, both halves as PEM. */
export async function createSigningKey(): Promise<{ publicKey: string; privateKey: string }> {
  const keys = await generateKeys();
  return {
    publicKey: new x509.PublicKey(
      await webcrypto.subtle.exportKey("spki", keys.publicKey),
    ).toString("pem"),
    privateKey: await privateKeyPem(keys.privateKey),
  };
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
}

function subjectOf(request: CertificateRequest): x509.Name {
  const organizations = (request.organizations ?? []).map((name) => ({ O: [verbatim(name)] }));
  return new x509.Name([...organizations, { CN: [verbatim(request.commonName)] }]);
}

/** A bare string would be read as the text form of a name, in which some characters mean more. */
function verbatim(utf8String: string): x509.JsonAttributeObject {
  return { utf8String };
}

function serialAndValidity(): { serialNumber: string; notBefore: Date; notAfter: Date } {
  return {
    serialNumber: randomBytes(16).toString("hex"),
    // A clock that is set back a little must not make a new certificate invalid.
    notBefore: new Date(Date.now() - millisecondsPerDay),
    notAfter: new Date(Date.now() + validDays * millisecondsPerDay),
  };
}

function keyPurpose(usage: "client" | "server"): string {
  return usage === "client" ? x509.ExtendedKeyUsage.clientAuth : x509.ExtendedKeyUsage.serverAuth;
}

function alternativeNames(hosts: readonly string[]): x509.Extension[] {
  const names = hosts.map((host): x509.JsonGeneralName => {
    return { type: /^[\d.]+$/.test(host) ? "ip" : "dns", value: host };
  });
  return names.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension(names)];
}

async function toPem(
  certificate: x509.X509Certificate,
  privateKey: webcrypto.CryptoKey,
): Promise<KeyPair> {
  return {
    certificate: `${certificate.toString("pem")}\n`,
    key: await privateKeyPem(privateKey),
  };
}

async function privateKeyPem(privateKey: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", privateKey));
  const key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  return key.export({ format: "pem", type: "pkcs8" }) as string;
}

function importPrivateKey(pem: string): Promise<webcrypto.CryptoKey> {
  const der = createPrivateKey(pem).export({ format: "der", type: "pkcs8" });
  return webcrypto.subtle.importKey("pkcs8", der as Buffer, algorithm, false, ["sign"]);
}
