import {
  minorOf,
  neededMinor,
  providerProblems,
  providerVariables,
  safeMinor,
  shownWords,
} from "secure-environment/core";
import { messageOf } from "secure-environment-kubernetes";
import { exitCodes, ReviewError } from "../exitCodes";
import { type Check } from "./examination";
import { doubtful, fine, type Finding, refused, wrong } from "./finding";
import { type ReachedCluster } from "./reachedCluster";

const subject = "cluster";

/** What is seen of a cluster by one answer for each question. */
interface SeenCluster {
  readonly server: string;
  readonly chosenBy: string;
  readonly status: number;
  readonly reason: string;
  /** Such as `v1.34.1`. */
  readonly version?: string;
  /** As whom these credentials are taken. */
  readonly username?: string;
}

/** The API server that was chosen: whether it answers, as whom, and its version. */
export const cluster: Check = {
  subject,
  look: async ({ reaching, environment }) => {
    const harm = judgeProviderVariables(environment);
    try {
      return [...judgeCluster(await seen(await reaching)), ...harm];
    } catch (error) {
      return [unreached(error), ...harm];
    }
  },
};

async function seen(reached: ReachedCluster): Promise<SeenCluster> {
  const { server, chosenBy, answer } = reached;
  const review = { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" };
  const me = await reached.review<{ status?: { userInfo?: { username?: string } } }>(
    "/apis/authentication.k8s.io/v1/selfsubjectreviews",
    review,
  );
  const isRefused = me.status === 401;
  return {
    server,
    chosenBy,
    status: isRefused ? me.status : answer.status,
    reason: shownWords(messageOf(isRefused ? me.body : answer.body)),
    ...(answer.body?.gitVersion !== undefined && { version: answer.body.gitVersion }),
    ...(me.body?.status?.userInfo?.username !== undefined && {
      username: me.body.status.userInfo.username,
    }),
  };
}

/** Any other failure is a fault of this program. */
function unreached(error: unknown): Finding {
  if (!(error instanceof ReviewError)) {
    throw error;
  }
  const remedy =
    error.exitCode === exitCodes.usage
      ? "Have KUBECONFIG, or `kubernetes:context` in the settings, name the cluster."
      : "See that the API server runs, and that it is reached from here (VPN, proxy, address in the kubeconfig).";
  return wrong(subject, error.message, remedy);
}

/** Whether it answers, and what it says of itself and of these credentials. */
export function judgeCluster(one: SeenCluster): readonly Finding[] {
  const { server, chosenBy, status, reason, version, username } = one;
  if (status === 401) {
    const remedy =
      "Renew the credentials of the kubeconfig: sign in again, or ask for a new token.";
    return [refused(subject, `${server} does not take these credentials: ${reason}`, remedy)];
  }
  if (version === undefined) {
    const remedy = "See that the kubeconfig leads to the API server itself.";
    return [
      wrong(
        subject,
        `${server} does not say its version, HTTP status ${status}: ${reason}`,
        remedy,
      ),
    ];
  }
  const user = username === undefined ? "" : `, as ${username}`;
  return [fine(subject, `${server}, ${chosenBy}${user}`), judgeVersion(version)];
}

function judgeVersion(version: string): Finding {
  const about = "Kubernetes";
  const minor = minorOf(version);
  if (!(minor >= neededMinor)) {
    const fault = `${version}: before 1.${neededMinor} it removes the walls of a namespace while its pods still run`;
    return wrong(about, fault, `Upgrade the cluster to Kubernetes 1.${neededMinor} or later.`);
  }
  const doubt = `${version}: before 1.${safeMinor} restricted pods can have the kubelet send probes to any host`;
  return minor >= safeMinor
    ? fine(about, version)
    : doubtful(about, doubt, "Upgrade the cluster once that is possible.");
}

/** Variables that have Pulumi's provider take over, overwrite or forget. */
export function judgeProviderVariables(environment: NodeJS.ProcessEnv): readonly Finding[] {
  const told = { configuration: {}, providerVariables: providerVariables(environment) };
  return providerProblems(told).map(({ property, fault, remedy }) =>
    wrong(property, `${property} ${fault}`, remedy),
  );
}
