import type { ApiRequest, Connection, WatchEvent } from "./connection";
import type { ApiResource, Discovery } from "./discovery";
import {
  type KubernetesObject,
  nameOf,
  namespaceOf,
  objectType,
  type ObjectType,
  resourceVersionOf,
} from "./object";

const applyContentType = "application/apply-patch+yaml";
const jsonPatchContentType = "application/json-patch+json";
const watchSeconds = "300";

/** How a change is to be made. */
export interface WriteOptions {
  fieldManager: string;
  dryRun: boolean;
}

/** How server-side apply is to treat fields of other managers. */
export interface ApplyOptions extends WriteOptions {
  force: boolean;
}

/** Objects of one cluster, of whatever types it has. */
export class Cluster {
  constructor(
    readonly connection: Connection,
    readonly discovery: Discovery,
    readonly defaultNamespace: string,
  ) {}

  /** Creates an object that must not exist yet. */
  async create(object: KubernetesObject, options: WriteOptions): Promise<KubernetesObject> {
    const resource = await this.discovery.require(objectType(object));
    return this.connection.request({
      method: "POST",
      path: this.collection(resource, object),
      query: writeQuery(options),
      body: object,
    });
  }

  /** Server-side apply: sets the given fields and lets go of those not given any more. */
  async apply(object: KubernetesObject, options: ApplyOptions): Promise<KubernetesObject> {
    return this.connection.request({
      method: "PATCH",
      path: await this.path(object),
      query: { ...writeQuery(options), force: String(options.force) },
      contentType: applyContentType,
      body: object,
    });
  }

  /** Replaces an object as a whole. */
  async replace(object: KubernetesObject, options: WriteOptions): Promise<KubernetesObject> {
    return this.connection.request({
      method: "PUT",
      path: await this.path(object),
      query: writeQuery(options),
      body: object,
    });
  }

  /** Changes single fields of an object, named by their paths. */
  async patch(object: KubernetesObject, operations: unknown[]): Promise<KubernetesObject> {
    return this.connection.request({
      method: "PATCH",
      path: await this.path(object),
      contentType: jsonPatchContentType,
      body: operations,
    });
  }

  async get(object: KubernetesObject): Promise<KubernetesObject> {
    return this.connection.request({ method: "GET", path: await this.path(object) });
  }

  /** Asks for deletion; the answer is the object as long as something holds it, else a status. */
  async delete(object: KubernetesObject, propagationPolicy: string): Promise<KubernetesObject> {
    return this.connection.request({
      method: "DELETE",
      path: await this.path(object),
      body: { propagationPolicy },
    });
  }

  /** Follows the changes of one object after the given version of it. */
  async *watch(object: KubernetesObject, signal: AbortSignal): AsyncGenerator<WatchEvent> {
    const resource = await this.discovery.require(objectType(object));
    const request: ApiRequest = {
      method: "GET",
      path: this.collection(resource, object),
      query: {
        watch: "true",
        fieldSelector: `metadata.name=${nameOf(object)}`,
        resourceVersion: resourceVersionOf(object),
        timeoutSeconds: watchSeconds,
      },
    };
    yield* this.connection.watch(request, signal);
  }

  /** Whether the API server has the object's type. */
  async hasType(type: ObjectType): Promise<boolean> {
    return (await this.discovery.find(type)) !== undefined;
  }

  private async path(object: KubernetesObject): Promise<string> {
    const resource = await this.discovery.require(objectType(object));
    return `${this.collection(resource, object)}/${encodeURIComponent(nameOf(object))}`;
  }

  private collection(resource: ApiResource, object: KubernetesObject): string {
    if (!resource.namespaced) {
      return `${resource.root}/${resource.plural}`;
    }
    const namespace = namespaceOf(object) === "" ? "default" : namespaceOf(object);
    return `${resource.root}/namespaces/${encodeURIComponent(namespace)}/${resource.plural}`;
  }
}

function writeQuery(options: WriteOptions): { [name: string]: string } {
  return {
    fieldManager: options.fieldManager,
    ...(options.dryRun ? { dryRun: "All" } : {}),
  };
}
