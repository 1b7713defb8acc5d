import { type sendUnaryData, Server, type ServerUnaryCall, status } from "@grpc/grpc-js";
import {
  type ConfigurablePolicy,
  type EnforcementLevel,
  reportConfiguration,
} from "./configurationCheck";

/** The engine's request, as far as it is read here. */
interface ConfigureRequest {
  getPolicyconfigMap(): { entries(): Iterable<[string, { getEnforcementlevel(): number }]> };
}
type Configure = (
  call: ServerUnaryCall<ConfigureRequest, unknown>,
  callback: sendUnaryData<unknown>,
) => void;

/** The levels in the order of `EnforcementLevel` in `pulumi/analyzer.proto`. */
const levels: readonly EnforcementLevel[] = ["advisory", "mandatory", "disabled", "remediate"];

/**
 * Refuses configuration that names policies which do not exist, and tells what it weakens. The
 * policy SDK has no place for that, so the request is looked at before the SDK gets it.
 */
export function guardConfiguration(
  policies: readonly ConfigurablePolicy[],
  tell: (line: string) => void,
): void {
  const { prototype } = Server;
  const addService = Reflect.get(prototype, "addService") as (...args: unknown[]) => void;
  prototype.addService = function (service, implementation) {
    const configure = implementation.configure as Configure;
    addService.call(this, service, {
      ...implementation,
      configure: guarded(configure, policies, tell) as never,
    });
  };
}

function guarded(
  configure: Configure,
  policies: readonly ConfigurablePolicy[],
  tell: (line: string) => void,
): Configure {
  return (call, callback) => {
    const { problems, warnings } = reportConfiguration(levelsIn(call.request), policies);
    warnings.forEach(tell);
    if (problems.length > 0) {
      callback({ code: status.INVALID_ARGUMENT, details: problems.join("\n") });
    } else {
      configure(call, callback);
    }
  };
}

function levelsIn(request: ConfigureRequest): ReadonlyMap<string, EnforcementLevel> {
  const entries = [...request.getPolicyconfigMap().entries()];
  return new Map(
    entries.map(([name, config]) => [name, levels[config.getEnforcementlevel()] ?? "advisory"]),
  );
}
