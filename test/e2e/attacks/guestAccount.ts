import { bent } from "../support/apiRequests";
import { annotationsBy } from "./annotations";
import { type Attack, attemptsBy } from "./attack";
import { newAccount, newClaim, newConfigMap } from "./guestRequests";
import { cloudIdentity, login } from "./places";
import { guardRails } from "./reasons";

/**
 * A controller such as Argo CD's, which makes whatever developers wrote down. It is outside of the
 * environment, as operators are, and has to be judged as a deployer all the same.
 */
export const guestAccountAttacks: readonly Attack[] = [
  ...annotationsBy(["guestAccount"]).filter(({ who }) => who === "guestAccount"),
  ...attemptsBy("guestAccount", newAccount(login), [
    {
      what: "makes a service account that is production in AWS",
      harm: "every pod with the account could be that one outside the cluster",
      request: bent(newAccount(login), {
        metadata: { annotations: { [cloudIdentity.key]: "production" } },
      }),
      refusal: guardRails.annotations,
    },
  ]),
  ...attemptsBy("guestAccount", newClaim(login), [
    {
      what: "claims a volume that is there",
      harm: "it would read what is on it",
      request: newClaim(login, { volumeName: "production-data" }),
      refusal: guardRails.namedVolume,
    },
  ]),
  ...attemptsBy("guestAccount", newConfigMap(login), [
    {
      what: "makes a config map with a large text",
      harm: "a loop of changes would fill etcd, and nobody in the cluster could write",
      request: bent(newConfigMap(login), { data: { text: "x".repeat(263_000) } }),
      refusal: guardRails.dataSize,
    },
  ]),
];
