import { type ApiRequest, corePath, getRequest } from "../support/apiRequests";
import { type Attack, byEach, attemptsBy } from "./attack";
import { environmentPod } from "./guestRequests";
import { login } from "./places";
import { guardRails } from "./reasons";
import { byAccessControl, byPodSecurity } from "./refusal";

/** What is inside an environment, and not for everybody who is. */

const pod = corePath(login, "pods/waiting");
const command = { query: { command: "id", stdout: "true" } };
const secret: ApiRequest = { method: "GET", path: corePath(login, "secrets/kept") };
const secrets: ApiRequest = { method: "GET", path: corePath(login, "secrets") };

const [container] = environmentPod("debugger").spec.containers as readonly [object];

/** A container beside those that run. */
function ephemeral(changes: object): ApiRequest {
  const added = { ...container, name: "debugger", ...changes };
  return {
    method: "PATCH",
    path: `${pod}/ephemeralcontainers`,
    body: { spec: { ephemeralContainers: [added] } },
    contentType: "application/strategic-merge-patch+json",
  };
}

const withoutSecrets = [
  "shopPipeline",
  "secondAccount",
  "blogPipeline",
  "viewer",
  "developer",
  "debugger",
  "defaultAccount",
  "stolenDeployer",
  "verifier",
] as const;
const withoutSettings = [
  "shopPipeline",
  "secondAccount",
  "blogPipeline",
  "defaultAccount",
  "stolenDeployer",
  "verifier",
] as const;
const withoutCommands = [
  "shopPipeline",
  "secondAccount",
  "viewer",
  "developer",
  "deployer",
  "defaultAccount",
  "stolenDeployer",
  "verifier",
] as const;

/** Secrets, settings, and code in pods that run. */
export const insideAttacks: readonly Attack[] = [
  ...byEach(withoutSecrets, {
    what: "reads a secret of the environment",
    harm: "its passwords would be theirs",
    request: secret,
    refusal: byAccessControl,
  }),
  ...byEach(withoutSecrets, {
    what: "lists the secrets of the environment",
    harm: "its passwords would be theirs",
    request: secrets,
    refusal: byAccessControl,
  }),
  ...byEach(withoutSettings, {
    what: "reads a config map of the environment",
    harm: "what the environment is connected to would be theirs",
    request: getRequest(corePath(login, "configmaps/settings")),
    refusal: byAccessControl,
  }),
  ...byEach(withoutSettings, {
    what: "lists the config maps of the environment",
    harm: "what the environment is connected to would be theirs",
    request: getRequest(corePath(login, "configmaps")),
    refusal: byAccessControl,
  }),
  ...byEach(withoutCommands, {
    what: "runs a command in a pod",
    harm: "the pod's secrets would be theirs",
    request: { method: "POST", path: `${pod}/exec`, ...command },
    refusal: byAccessControl,
  }),
  ...byEach([...withoutCommands, "debugger"], {
    what: "runs a command in a pod by the GET of a WebSocket",
    harm: "whoever may read would run commands",
    request: { method: "GET", path: `${pod}/exec`, ...command },
    refusal: byAccessControl,
  }),
  ...byEach(withoutCommands, {
    what: "adds a container to a pod that runs",
    harm: "the pod's secrets would be theirs",
    request: ephemeral({}),
    refusal: byAccessControl,
  }),
  ...attemptsBy("debugger", ephemeral({}), [
    {
      what: "adds a privileged container to a pod that runs",
      harm: "the node would be theirs",
      request: ephemeral({ securityContext: { privileged: true } }),
      refusal: byPodSecurity("privileged"),
    },
    {
      what: "adds a container of an image that is on the node already",
      harm: "it would read a private image of others",
      request: ephemeral({ imagePullPolicy: "IfNotPresent" }),
      refusal: guardRails.images,
    },
  ]),
];
