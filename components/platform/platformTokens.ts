import { isLabelKey } from "../core/metadata";
import { problemIf, problemUnless, type Problem } from "../core/problems";
import { isApiServerAudience, isCloudIdentity, isReservedKey } from "../core/rules";
import { type ReviewPlatformArgs, type ServiceAccountAnnotationArgs } from "./platformArgs";
import { type PlatformSettings } from "./platformSettings";

/** Everything wrong with whom tokens are for, and with what service accounts are for a cloud. */
export function tokenProblems(
  given: Pick<ReviewPlatformArgs, "apiAudiences">,
  { apiAudiences, tokenAudiences, serviceAccountAnnotations }: PlatformSettings,
): Problem[] {
  return [
    ...(given.apiAudiences ?? []).flatMap((audience, index) =>
      audienceProblems(`apiAudiences[${index}]`, audience),
    ),
    ...tokenAudiences.flatMap((audience, index) => [
      ...audienceProblems(`tokenAudiences[${index}]`, audience),
      ...problemIf(
        apiAudiences.includes(audience) || isApiServerAudience(audience),
        `tokenAudiences[${index}]`,
        "is an audience of the API server, so pods would act in the cluster",
        "Name whom else the tokens are for, such as sts.amazonaws.com or vault.",
        audience,
      ),
    ]),
    ...serviceAccountAnnotations.flatMap(annotationProblems),
  ];
}

/** An audience is any text, such as an address; the policies that name it take no control characters. */
function audienceProblems(property: string, audience: string): Problem[] {
  return problemUnless(
    isWord(audience),
    property,
    "is not the audience of a token",
    "Write it as the tokens have it, such as https://kubernetes.default.svc or vault.",
    audience,
  );
}

function annotationProblems(
  { key, value }: ServiceAccountAnnotationArgs,
  index: number,
): Problem[] {
  const property = `serviceAccountAnnotations[${index}]`;
  return [
    ...problemUnless(
      isLabelKey(key) && key.includes("/"),
      `${property}.key`,
      "cannot be the key of an annotation that a cloud reads",
      "Write it in full, such as eks.amazonaws.com/role-arn.",
      key,
    ),
    ...problemIf(
      isReservedKey(key) && !isCloudIdentity(key),
      `${property}.key`,
      "says what an environment is or may do in the cluster, not in a cloud",
      "Write the key that the cloud reads, such as eks.amazonaws.com/role-arn.",
      key,
    ),
    ...problemUnless(
      isWord(value),
      `${property}.value`,
      "is not the value of such an annotation",
      "Write it in full, such as arn:aws:iam::123456789012:role/review.",
      value,
    ),
  ];
}

function isWord(text: string): boolean {
  return /^[^\s\p{Cc}\p{Cs}]+$/u.test(text);
}
