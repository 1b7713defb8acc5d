import { isRecord } from "secure-environment/core";

/** What a token says, which is no secret; nothing where it is no JSON Web Token. Nobody has verified it here. */
export function claimsOf(token: string): Readonly<Record<string, unknown>> {
  try {
    const claims: unknown = JSON.parse(
      Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"),
    );
    return isRecord(claims) ? claims : {};
  } catch {
    return {};
  }
}

/** For whom a token is. */
export function audiencesOf(token: string): readonly string[] {
  return [claimsOf(token).aud].flat().filter((one): one is string => typeof one === "string");
}
