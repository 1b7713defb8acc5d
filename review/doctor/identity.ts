import { type Check, reachedBy } from "./examination";
import { type Finding, doubtful, fine, unknown, wrong } from "./finding";

const subject = "cluster's identity";

/** Whether the cluster is the one of the settings, by the UID of its namespace kube-system. */
export const identity: Check = {
  subject,
  look: async (surroundings) => {
    const cluster = await reachedBy(surroundings);
    const path = "/api/v1/namespaces/kube-system";
    const { status, body } = await cluster.get<{ metadata?: { uid?: string } }>(path);
    return [judgeIdentity(status, body?.metadata?.uid, surroundings.settings?.cluster)];
  },
};

/**
 * @param uid what the cluster says; `undefined` when it was not read.
 * @param said what the settings say.
 */
export function judgeIdentity(
  status: number,
  uid: string | undefined,
  said: string | undefined,
): Finding {
  if (uid === undefined) {
    const reason = status === 403 ? "these credentials may not read it" : `HTTP status ${status}`;
    return unknown(subject, `not known, as the namespace kube-system was not read: ${reason}`);
  }
  if (said === undefined) {
    const found = "the settings do not say which cluster it has to be, so any is taken";
    return doubtful(subject, found, `Write \`cluster: ${uid}\` into review.yaml.`);
  }
  if (said !== uid) {
    const found = `the UID of this one's namespace kube-system is ${uid}, and the settings say ${said}`;
    return wrong(
      subject,
      found,
      "Choose the cluster of the settings, or correct `cluster` in review.yaml.",
    );
  }
  return fine(subject, uid);
}
