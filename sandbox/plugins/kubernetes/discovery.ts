import type { ApiRequest, Connection } from "./connection";
import type { KubernetesObject, ObjectType } from "./object";

const accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

/** Where the API server keeps the objects of a type. */
export interface ApiResource {
  plural: string;
  namespaced: boolean;
  /** The part of the path before namespaces and names, such as `/api/v1`. */
  root: string;
}

/** The API server knows no such type. */
export class UnknownTypeError extends Error {
  constructor(type: ObjectType) {
    super(`no matches for kind "${type.kind}" in version "${type.apiVersion}"`);
  }
}

interface GroupDiscovery {
  metadata?: { name?: string };
  versions?: {
    version: string;
    resources?: { resource: string; scope: string; responseKind?: { kind: string } }[];
  }[];
}

/** Which types the API server has. Asked for once, and again when a type is missing. */
export class Discovery {
  private types: Promise<Map<string, ApiResource>> | undefined;

  constructor(private readonly connection: Connection) {}

  /** Asks the API server, unless that has been done. */
  async load(): Promise<void> {
    await this.known();
  }

  /** Forgets what is known, because new types may have been created. */
  reset(): void {
    this.types = undefined;
  }

  /** Finds a type; undefined when the API server has no such type. */
  async find(type: ObjectType): Promise<ApiResource | undefined> {
    return (await this.known()).get(typeKey(type));
  }

  /** Finds a type, if need be among those created since the last look. */
  async require(type: ObjectType): Promise<ApiResource> {
    const found = await this.find(type);
    if (found !== undefined) {
      return found;
    }
    this.reset();
    const created = await this.find(type);
    if (created === undefined) {
      throw new UnknownTypeError(type);
    }
    return created;
  }

  private known(): Promise<Map<string, ApiResource>> {
    this.types ??= this.ask();
    return this.types;
  }

  private async ask(): Promise<Map<string, ApiResource>> {
    const requests: ApiRequest[] = [
      { method: "GET", path: "/api", accept },
      { method: "GET", path: "/apis", accept },
    ];
    const answers = await Promise.all(requests.map((request) => this.connection.request(request)));
    return new Map(answers.flatMap((answer) => readGroups(answer)));
  }
}

function readGroups(answer: KubernetesObject): [string, ApiResource][] {
  const groups = (answer["items"] ?? []) as unknown as GroupDiscovery[];
  return groups.flatMap((group) => {
    const name = group.metadata?.name ?? "";
    return (group.versions ?? []).flatMap(({ version, resources = [] }) =>
      resources.map(({ resource, scope, responseKind }): [string, ApiResource] => {
        const apiVersion = name === "" ? version : `${name}/${version}`;
        return [
          typeKey({ apiVersion, kind: responseKind?.kind ?? "" }),
          {
            plural: resource,
            namespaced: scope === "Namespaced",
            root: name === "" ? `/api/${version}` : `/apis/${apiVersion}`,
          },
        ];
      }),
    );
  });
}

function typeKey(type: ObjectType): string {
  return `${type.apiVersion} ${type.kind}`;
}
