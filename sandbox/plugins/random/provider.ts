import { isDeepStrictEqual } from "node:util";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import {
  CheckFailure,
  type CheckRequest,
  CheckResponse,
  ConfigureResponse,
  type CreateRequest,
  CreateResponse,
  type DiffRequest,
  DiffResponse,
  GetSchemaResponse,
  ProviderHandshakeResponse,
  type ReadRequest,
  ReadResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { unary } from "../pluginServer";
import { fromStruct, toStruct, withoutSecrets } from "../properties";
import { type RandomType, randomTypes } from "./values";

/** Version of the real provider that this one behaves like. */
const version = "4.21.2";

/** Makes random values that stay the same until their inputs change. */
export class RandomProvider {
  readonly service = ResourceProviderService;

  handlers() {
    return {
      handshake: unary(() => new ProviderHandshakeResponse()),
      getPluginInfo: unary(() => new PluginInfo().setVersion(version)),
      getSchema: unary(() =>
        new GetSchemaResponse().setSchema(JSON.stringify({ name: "random", version })),
      ),
      checkConfig: unary((request: CheckRequest) =>
        new CheckResponse().setInputs(request.getNews()),
      ),
      diffConfig: unary(() => new DiffResponse().setChanges(DiffResponse.DiffChanges.DIFF_NONE)),
      configure: unary(() => new ConfigureResponse()),
      check: unary(check),
      diff: unary(diff),
      create: unary(create),
      read: unary((request: ReadRequest) =>
        new ReadResponse()
          .setId(request.getId())
          .setProperties(request.getProperties())
          .setInputs(request.getInputs()),
      ),
      delete: unary(() => new Empty()),
      cancel: unary(() => new Empty()),
    };
  }
}

function randomType(urn: string): RandomType {
  const token = (urn.split("::")[2] ?? "").split("$").at(-1) ?? "";
  const type = randomTypes[token];
  if (type === undefined) {
    throw new Error(
      `the sandbox's random provider has no ${token}, only ${Object.keys(randomTypes).join(", ")}`,
    );
  }
  return type;
}

function check(request: CheckRequest): CheckResponse {
  const { defaults, required } = randomType(request.getUrn());
  const inputs = fromStruct(request.getNews());
  const failures = required
    .filter((property) => inputs[property] === undefined)
    .map((property) =>
      new CheckFailure().setProperty(property).setReason("missing required property"),
    );
  return new CheckResponse()
    .setInputs(toStruct({ ...defaults, ...inputs }))
    .setFailuresList(failures);
}

/** A random value cannot be changed in place: every other input makes a new one. */
function diff(request: DiffRequest): DiffResponse {
  const old = withoutSecrets(fromStruct(request.getOldInputs()));
  const wanted = withoutSecrets(fromStruct(request.getNews()));
  const keys = new Set([...Object.keys(old), ...Object.keys(wanted)]);
  const changed = [...keys].filter((key) => !isDeepStrictEqual(old[key], wanted[key]));
  const { DIFF_NONE, DIFF_SOME } = DiffResponse.DiffChanges;
  return new DiffResponse()
    .setChanges(changed.length === 0 ? DIFF_NONE : DIFF_SOME)
    .setDiffsList(changed)
    .setReplacesList(changed);
}

/** A preview knows no value: what the update makes is another one. */
function create(request: CreateRequest): CreateResponse {
  if (request.getPreview()) {
    return new CreateResponse().setProperties(request.getProperties());
  }
  const type = randomType(request.getUrn());
  const inputs = fromStruct(request.getProperties());
  const { id, outputs } = type.generate(withoutSecrets(inputs));
  return new CreateResponse().setId(id).setProperties(toStruct(outputs));
}
