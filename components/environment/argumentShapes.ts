import { AccessPreset } from "./rbac/accessArgs";
import { EnvironmentSize } from "./capacity/capacityArgs";
import { Mesh } from "./mesh/meshArgs";
import { DnsProfile, HoleDirection, HolePeer, HoleProtocol } from "./network/networkArgs";
import { NodePoolEnforcement } from "./nodePool/nodePoolArgs";
import { type SecureEnvironmentArgs } from "./secureEnvironmentArgs";
import {
  amount,
  boolean,
  choice,
  instant,
  later,
  list,
  map,
  number,
  object,
  type Shape,
  secret,
  text,
} from "../core/shape";

const access = object({
  group: text,
  user: text,
  preset: choice(AccessPreset),
  readSecrets: boolean,
});

const clusterRoles = object({
  viewer: text,
  developer: text,
  debugger: text,
  secretReader: text,
  deployer: text,
});

const imageRegistry = object({ host: text, username: later(text), password: later(text) }, [
  "host",
  "username",
  "password",
]);

const hole = object(
  {
    name: text,
    direction: choice(HoleDirection),
    peer: choice(HolePeer),
    namespace: text,
    peerPodLabels: map(text),
    cidr: text,
    except: list(text),
    ports: list(
      object({ port: number, endPort: number, protocol: choice(HoleProtocol) }, ["port"]),
    ),
    podLabels: map(text),
    meshed: boolean,
    reason: text,
    expiresAt: instant,
  },
  ["name", "direction", "peer", "ports", "reason"],
);

const dns = object(
  {
    profile: choice(DnsProfile),
    addresses: list(text),
    namespace: text,
    podLabels: map(text),
    port: number,
  },
  ["profile"],
);

const clusterNetwork = object(
  { pods: list(text), services: list(text), nodes: list(text), apiServer: list(text) },
  ["pods", "services", "nodes"],
);

const nodePool = object({
  name: text,
  dedicated: boolean,
  nodeLabel: text,
  enforcement: choice(NodePoolEnforcement),
});

/** What each argument of an environment has to look like. */
export const argumentShapes = {
  branch: text,
  project: text,
  permanent: boolean,
  uniqueSuffix: boolean,
  reservedNames: list(text),
  developerGroup: text,
  access: list(access),
  platform: boolean,
  clusterRoles,
  imageRegistries: secret(list(imageRegistry)),
  holes: list(hole),
  now: instant,
  dns,
  protected: object({ namespaces: list(text), cidrs: list(text) }),
  clusterNetwork,
  mesh: choice(Mesh),
  meshPorts: list(number),
  size: choice(EnvironmentSize),
  quota: map(amount),
  containerDefaults: object({ requests: map(amount), limits: map(amount) }),
  podMaximum: map(amount),
  volumeMaximum: amount,
  priorityClass: text,
  nodePool,
  domain: text,
  owner: later(text),
  url: later(text),
  expiresAt: later(instant),
} satisfies Record<keyof SecureEnvironmentArgs, Shape>;

/** The names of all arguments. */
export const argumentNames = Object.keys(argumentShapes) as (keyof SecureEnvironmentArgs)[];
