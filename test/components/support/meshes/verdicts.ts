import { isWithin, parseAddress, parseCidr } from "#components/core/addresses";
import { type MeshObject } from "#components/environment/mesh/meshRules";
import { type OpenHole } from "#components/environment/network/holes/openHole";

type Labels = Readonly<Record<string, string>>;

/** Somebody who connects to a pod of the environment. */
export interface Connection {
  /** The namespace of the client's mesh identity; none when it is no part of the mesh. */
  readonly identity?: string;
  readonly address: string;
  readonly podLabels: Labels;
  readonly port: number;
}

interface Source {
  readonly namespaces?: string[];
  readonly notPrincipals?: string[];
  readonly ipBlocks?: string[];
  readonly notIpBlocks?: string[];
}
interface Selecting {
  readonly selector?: { readonly matchLabels: Labels };
}
interface AuthorizationPolicy extends Selecting {
  readonly rules: {
    readonly from: { readonly source: Source }[];
    readonly to?: { readonly operation: { readonly ports: string[] } }[];
  }[];
}
interface PeerAuthentication extends Selecting {
  readonly mtls: { readonly mode: string };
  readonly portLevelMtls?: Readonly<Record<string, { readonly mode: string }>>;
}

/** Whether Istio lets the connection through, by the rules of its reference. */
export function istioAdmits(
  objects: readonly MeshObject[],
  namespace: string,
  connection: Connection,
): boolean {
  const authentications = specsOf<PeerAuthentication>(objects, namespace, "PeerAuthentication");
  const policies = specsOf<AuthorizationPolicy>(objects, namespace, "AuthorizationPolicy");
  return (
    (connection.identity !== undefined || modeOf(authentications, connection) === "PERMISSIVE") &&
    policies.some(
      (policy) =>
        isSelected(policy, connection) &&
        policy.rules.some(
          ({ from, to }) =>
            from.some(({ source }) => isSource(source, connection)) &&
            (to?.some(({ operation }) => operation.ports.includes(String(connection.port))) ??
              true),
        ),
    )
  );
}

/** Of those that choose the pod by its labels only the first counts. */
function modeOf(authentications: PeerAuthentication[], connection: Connection): string {
  const chosen = authentications.find(
    (authentication) => authentication.selector && isSelected(authentication, connection),
  );
  const whole = authentications.find(({ selector }) => selector === undefined);
  return (
    chosen?.portLevelMtls?.[connection.port]?.mode ??
    chosen?.mtls.mode ??
    whole?.mtls.mode ??
    "PERMISSIVE"
  );
}

function isSelected({ selector }: Selecting, { podLabels }: Connection): boolean {
  return hasLabels(podLabels, selector?.matchLabels ?? {});
}

function isSource(source: Source, { identity, address }: Connection): boolean {
  const { namespaces, notPrincipals, ipBlocks, notIpBlocks = [] } = source;
  return (
    (namespaces === undefined || (identity !== undefined && namespaces.includes(identity))) &&
    (notPrincipals === undefined || identity === undefined) &&
    (ipBlocks === undefined || isInside(address, ipBlocks)) &&
    !isInside(address, notIpBlocks)
  );
}

interface Reference {
  readonly kind: string;
  readonly name: string;
}
interface LinkerdPolicy {
  readonly targetRef: Reference;
  readonly requiredAuthenticationRefs: Reference[];
}
interface Authentication {
  readonly identityRefs?: Reference[];
  readonly networks?: { readonly cidr: string; readonly except?: string[] }[];
}

/** Whether Linkerd lets the connection through when its default is `deny`. */
export function linkerdAdmits(
  objects: readonly MeshObject[],
  namespace: string,
  { identity, address, port }: Connection,
): boolean {
  const server = objects.find(
    (object) => object.kind === "Server" && object.specIn(namespace).port === port,
  );
  const policies = specsOf<LinkerdPolicy>(objects, namespace, "AuthorizationPolicy");
  return (
    server !== undefined &&
    policies
      .filter(({ targetRef: { kind, name } }) => kind === "Namespace" || name === server.objectName)
      .some(({ requiredAuthenticationRefs }) => requiredAuthenticationRefs.every(isAuthenticated))
  );

  function isAuthenticated({ kind, name }: Reference): boolean {
    const found = objects.find((object) => object.kind === kind && object.objectName === name);
    const { identityRefs, networks } = found?.specIn(namespace) as Authentication;
    return (
      (identityRefs?.some((reference) => reference.name === identity) ?? true) &&
      (networks?.some(
        ({ cidr, except = [] }) => isInside(address, [cidr]) && !isInside(address, except),
      ) ??
        true)
    );
  }
}

/** Whether somebody outside the environment comes through one of the holes. */
export function holesAdmit(
  holes: readonly OpenHole[],
  connection: Connection,
  labelsOf: (hole: OpenHole) => Labels = ({ podLabels }) => podLabels,
): boolean {
  return holes.some(
    (hole) =>
      hole.direction === "ingress" &&
      hole.ports.some(({ port, protocol }) => protocol === "TCP" && port === connection.port) &&
      hasLabels(connection.podLabels, labelsOf(hole)) &&
      isPeer(hole, connection),
  );
}

function isPeer({ podPeer, addressPeers }: OpenHole, { identity, address }: Connection): boolean {
  return podPeer !== undefined
    ? identity === (podPeer.meshed ? podPeer.namespace : undefined)
    : addressPeers.some(
        ({ cidr, except }) => isInside(address, [cidr]) && !isInside(address, except),
      );
}

function specsOf<Spec>(objects: readonly MeshObject[], namespace: string, kind: string): Spec[] {
  return objects
    .filter((object) => object.kind === kind)
    .map((object) => object.specIn(namespace) as Spec);
}

function hasLabels(labels: Labels, wanted: Labels): boolean {
  return Object.entries(wanted).every(([key, value]) => labels[key] === value);
}

function isInside(address: string, cidrs: readonly string[]): boolean {
  const single = parseAddress(address);
  return cidrs.map(parseCidr).some((range) => single && range && isWithin(single, range));
}
