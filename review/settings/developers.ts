import { isRecord } from "secure-environment/core";
import { isSecureAddress, isWord } from "./texts";

/**
 * How developers sign in to the cluster: at an identity provider by OpenID Connect. These settings may be
 * those of any branch, so they name no command and no variables, which would run as the developer.
 */
export interface Developers {
  /** Where developers sign in. */
  readonly issuer: string;
  /** Who asks for it, as the identity provider knows it. */
  readonly clientId: string;
  /** What is asked for beside the identity, such as `groups`. */
  readonly scopes: readonly string[];
}

const keys: readonly string[] = ["issuer", "clientId", "scopes"] satisfies (keyof Developers)[];

/** What settings say of developers, and what is wrong with it. */
export function developersIn(value: unknown): { developers?: Developers; faults: string[] } {
  if (value === undefined) {
    return { faults: [] };
  }
  if (!isRecord(value)) {
    return { faults: [`developers is no map with the keys ${keys.join(", ")}`] };
  }
  const { issuer, clientId, scopes = [] } = value;
  const faults = [
    ...Object.keys(value)
      .filter((key) => !keys.includes(key))
      .map((key) => `developers.${key} is not known; there are ${keys.join(", ")}`),
    // https://openid.net/specs/openid-connect-core-1_0.html#IssuerIdentifier
    ...(isSecureAddress(issuer)
      ? []
      : ["developers.issuer is no address such as https://accounts.example.com"]),
    ...(isWord(clientId) ? [] : ["developers.clientId is no text of one word; write it in quotes"]),
    ...(Array.isArray(scopes) && scopes.every(isWord)
      ? []
      : ["developers.scopes is no list of words, such as [groups]"]),
  ];
  return faults.length > 0
    ? { faults }
    : { faults, developers: { issuer, clientId, scopes } as Developers };
}
