import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import {
  type CheckRequest,
  CheckResponse,
  type ConfigureRequest,
  ConfigureResponse,
  type CreateRequest,
  type DeleteRequest,
  type DiffRequest,
  DiffResponse,
  GetSchemaResponse,
  PropertyDiff,
  type ProviderHandshakeRequest,
  ProviderHandshakeResponse,
  type ReadRequest,
  type UpdateRequest,
} from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { engineLog } from "../engineLog";
import { PluginError, unary } from "../pluginServer";
import { fromStruct } from "../properties";
import { check } from "./check";
import { parseCheckpoint, toKubernetesObject } from "./checkpoint";
import { diffConfiguration } from "./configuration";
import { connect } from "./connect";
import { create } from "./create";
import { type Change, diffObject } from "./diff";
import { withoutSecretsInFailure } from "./failures";
import { formatPath } from "./propertyPath";
import { read } from "./read";
import { remove } from "./remove";
import { Session } from "./session";
import { readSettings } from "./settings";
import { update } from "./update";

/** Version of the real provider that this one behaves like. */
const version = "4.34.2";

/** Manages objects of a Kubernetes cluster through what its API server says about them. */
export class KubernetesProvider {
  readonly service = ResourceProviderService;
  private readonly cancellation = new AbortController();
  private session: Session | undefined;

  constructor(private engine: string | undefined) {}

  handlers() {
    return {
      handshake: unary((request: ProviderHandshakeRequest) => this.handshake(request)),
      getPluginInfo: unary(() => new PluginInfo().setVersion(version)),
      getSchema: unary(() =>
        new GetSchemaResponse().setSchema(JSON.stringify({ name: "kubernetes", version })),
      ),
      checkConfig: unary((request: CheckRequest) =>
        new CheckResponse().setInputs(request.getNews()),
      ),
      diffConfig: unary(diffConfiguration),
      configure: unary((request: ConfigureRequest) => this.configure(request)),
      check: unary((request: CheckRequest) =>
        withoutSecretsInFailure(fromStruct(request.getNews()), () =>
          check(this.configured(), request),
        ),
      ),
      diff: unary((request: DiffRequest) => this.diff(request)),
      create: unary((request: CreateRequest) =>
        withoutSecretsInFailure(fromStruct(request.getProperties()), () =>
          create(this.configured(), request),
        ),
      ),
      read: unary((request: ReadRequest) => read(this.configured(), request)),
      update: unary((request: UpdateRequest) =>
        withoutSecretsInFailure(fromStruct(request.getNews()), () =>
          update(this.configured(), request),
        ),
      ),
      delete: unary((request: DeleteRequest) => remove(this.configured(), request)),
      cancel: unary(() => this.cancel()),
    };
  }

  private handshake(request: ProviderHandshakeRequest): ProviderHandshakeResponse {
    this.engine = request.getEngineAddress();
    return new ProviderHandshakeResponse()
      .setAcceptSecrets(true)
      .setSupportsAutonamingConfiguration(true);
  }

  private async configure(request: ConfigureRequest): Promise<ConfigureResponse> {
    const settings = readSettings(request);
    const { signal } = this.cancellation;
    const connected = await connect(settings, signal);
    this.session = new Session(settings, connected, signal, engineLog(this.engine));
    return new ConfigureResponse()
      .setAcceptsecrets(true)
      .setSupportspreview(true)
      .setSupportsAutonamingConfiguration(true);
  }

  private configured(): Session {
    if (this.session === undefined) {
      throw new PluginError("the provider has not been configured");
    }
    return this.session;
  }

  private async diff(request: DiffRequest): Promise<DiffResponse> {
    const { changes, deleteBeforeReplace } = await diffObject({
      checkpoint: parseCheckpoint(fromStruct(request.getOlds())),
      inputs: toKubernetesObject(fromStruct(request.getNews())),
      ignored: request.getIgnorechangesList(),
      cluster: this.configured().cluster,
    });
    const response = new DiffResponse();
    const { DIFF_NONE, DIFF_SOME } = DiffResponse.DiffChanges;
    response.setChanges(changes.length === 0 ? DIFF_NONE : DIFF_SOME);
    response.setReplacesList(
      changes.filter(({ replaces }) => replaces).map(({ path }) => formatPath(path)),
    );
    response.setDeletebeforereplace(deleteBeforeReplace);
    response.setHasdetaileddiff(true);
    for (const change of changes) {
      response.getDetaileddiffMap().set(formatPath(change.path), propertyDiff(change));
    }
    return response;
  }

  private cancel(): Empty {
    this.cancellation.abort();
    return new Empty();
  }
}

const { ADD, ADD_REPLACE, DELETE, DELETE_REPLACE, UPDATE, UPDATE_REPLACE } = PropertyDiff.Kind;
const kinds = { add: ADD, delete: DELETE, update: UPDATE };
const replacingKinds = { add: ADD_REPLACE, delete: DELETE_REPLACE, update: UPDATE_REPLACE };

function propertyDiff(change: Change): PropertyDiff {
  return new PropertyDiff()
    .setKind((change.replaces ? replacingKinds : kinds)[change.kind])
    .setInputdiff(change.kind === "delete");
}
