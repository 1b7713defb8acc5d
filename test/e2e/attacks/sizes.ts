import { type ApiRequest, bent, corePath, patchRequest } from "../support/apiRequests";
import { type Attack, type Attempt } from "./attack";
import { type Attacker } from "./attackers";
import { newFlowSchema } from "./flowSchemas";
import {
  newConfigMap,
  newDeployment,
  newPodWithContainer,
  newSecret,
  newService,
} from "./guestRequests";
import { newHole, newNamespace } from "./pipelineRequests";
import { bare, fresh, login } from "./places";
import { fence, guardRails } from "./reasons";
import { type Refusal } from "./refusal";

/** What is so large that changing it again and again fills etcd, and its twin just inside the limit. */

const harm = "a loop of changes would fill etcd, and nobody in the cluster could write";

/** 64 KiB and 256 KiB: room for one of them, with its metadata, and more than that. */
const small = { inside: 60_000, beyond: 66_000 };
const large = { inside: 258_000, beyond: 263_000 };

/** A request with something of a size in it. */
type Sized = (size: number) => ApiRequest;

interface Row {
  readonly what: string;
  readonly by: readonly Attacker[];
  readonly request: Sized;
  readonly sizes: { readonly inside: number; readonly beyond: number };
  readonly refusal: Refusal;
}

const writers = ["developer", "debugger", "deployer", "misboundAdmin"] as const;
const secretWriters = ["deployer", "misboundAdmin"] as const;

const text = (size: number) => "x".repeat(size);
const bytes = (size: number) => Buffer.alloc(size).toString("base64");
const annotated = (request: ApiRequest, key: string, size: number) =>
  bent(request, { metadata: { annotations: { [key]: text(size) } } });

/** What a key takes: itself, and that the API server remembers who wrote it. */
const bytesOfKey = `"key-00000":"", `.length + `"f:key-00000":{}, `.length;

function entries(size: number): Record<string, string> {
  const keys = Array.from({ length: size / bytesOfKey }, (_, index) => String(index));
  return Object.fromEntries(keys.map((key) => [`key-${key.padStart(5, "0")}`, ""]));
}

const settings = `${corePath(login, "configmaps")}/settings`;
const service = `${corePath(login, "services")}/shop`;

const variable = (size: number) => ({ env: [{ name: "TEXT", value: text(size) }] });

function withContainer(changes: (size: number) => object): Sized {
  return (size) => {
    const request = newDeployment(login);
    const { spec } = request.body as { spec: { template: { spec: { containers: [object] } } } };
    const [container] = spec.template.spec.containers;
    const containers = [{ ...container, ...changes(size) }];
    return bent(request, {
      metadata: { name: "large" },
      spec: { template: { spec: { containers } } },
    });
  };
}

const dataRows: readonly Row[] = (
  [
    ["a config map with a large text", writers, (size) => ({ data: { text: text(size) } })],
    [
      "a config map with a text of characters that take four bytes each",
      writers,
      (size) => ({ data: { text: "😀".repeat(size / 4) } }),
    ],
    [
      "a config map with large binary data",
      writers,
      (size) => ({ binaryData: { file: bytes((size / 4) * 3) } }),
    ],
    ["a config map with thousands of keys", writers, (size) => ({ data: entries(size) })],
    [
      "a config map whose text and annotation are large together",
      writers,
      (size) => ({
        metadata: { annotations: { note: text(size / 2) } },
        data: { text: text(size / 2) },
      }),
    ],
  ] as const satisfies readonly (readonly [string, readonly Attacker[], (size: number) => object])[]
).map(([what, by, body]) => ({
  what: `makes ${what}`,
  by,
  request: (size: number) => bent(newConfigMap(login), body(size)),
  sizes: large,
  refusal: guardRails.dataSize,
}));

const otherRows: readonly Row[] = [
  {
    what: "turns a small config map into a large one",
    by: writers,
    request: (size) => patchRequest(settings, { data: { text: text(size) } }),
    sizes: large,
    refusal: guardRails.dataSize,
  },
  {
    what: "makes a large secret",
    by: secretWriters,
    request: (size) =>
      bent(newSecret(login), { stringData: null, data: { file: bytes((size / 4) * 3) } }),
    sizes: large,
    refusal: guardRails.dataSize,
  },
  {
    what: "makes a deployment whose pods have a large variable",
    by: writers,
    request: withContainer(variable),
    sizes: small,
    refusal: guardRails.objectSize,
  },
  {
    what: "makes a deployment whose pods have a large argument",
    by: writers,
    request: withContainer((size) => ({ args: [text(size)] })),
    sizes: small,
    refusal: guardRails.objectSize,
  },
  {
    what: "makes a deployment whose pods have a large annotation",
    by: writers,
    request: (size) =>
      bent(newDeployment(login), {
        metadata: { name: "large" },
        spec: {
          template: { metadata: { annotations: { note: text(size) } } },
        },
      }),
    sizes: small,
    refusal: guardRails.objectSize,
  },
  {
    what: "gives a service that is there a large annotation",
    by: writers,
    request: (size) => patchRequest(service, { metadata: { annotations: { note: text(size) } } }),
    sizes: small,
    refusal: guardRails.objectSize,
  },
  {
    what: "makes a pod with a large variable",
    by: writers,
    request: (size) => newPodWithContainer(login, variable(size)),
    sizes: small,
    refusal: guardRails.objectSize,
  },
  {
    what: "makes a service with a large annotation",
    by: writers,
    request: (size) => annotated(newService(login), "note", size),
    sizes: small,
    refusal: guardRails.objectSize,
  },
  {
    what: "makes a hole whose reason is a book",
    by: ["shopPipeline", "secondAccount"],
    request: (size) => annotated(newHole(bare), "secure-environment/reason", size),
    sizes: small,
    refusal: guardRails.objectSize,
  },
  {
    what: "makes a flow schema with a large annotation",
    by: ["shopPipeline"],
    request: (size) => annotated(newFlowSchema(bare), "secure-environment/reason", size),
    sizes: small,
    refusal: fence.flowSchemaSize,
  },
  {
    what: "makes a namespace with a large annotation",
    by: ["shopPipeline", "secondAccount"],
    request: (size) => annotated(newNamespace(fresh), "secure-environment/branch", size),
    sizes: small,
    refusal: fence.namespaceSize,
  },
];

/** Objects that are too large, by whoever writes such objects. */
export const sizeAttacks: readonly Attack[] = [...dataRows, ...otherRows].flatMap(
  ({ what, by, request, sizes, refusal }) => {
    const attempt: Attempt = { what, harm, request: request(sizes.beyond), refusal };
    return by.map((who) => ({
      who,
      ...attempt,
      twin: { by: who, request: request(sizes.inside) },
    }));
  },
);
