import { type sendUnaryData, Server, type ServerUnaryCall, status } from "@grpc/grpc-js";
import {
  type ConfigurablePolicy,
  type ConfiguredPolicy,
  type EnforcementLevel,
  reportConfiguration,
} from "./configurationCheck";
import { type Clock } from "./policyPack";

/** The engine's request, as far as it is read here. */
interface ConfigureRequest {
  getPolicyconfigMap(): { entries(): Iterable<[string, PolicyConfig]> };
}
interface PolicyConfig {
  getEnforcementlevel(): number;
  getProperties(): { toJavaScript(): object } | undefined;
}
type Configure = (
  call: ServerUnaryCall<ConfigureRequest, unknown>,
  callback: sendUnaryData<unknown>,
) => void;

/** The levels in the order of `EnforcementLevel` in `pulumi/analyzer.proto`. */
const levels: readonly EnforcementLevel[] = ["advisory", "mandatory", "disabled", "remediate"];

/** What the pack has from outside. */
export interface Surroundings {
  readonly now: Clock;
  /** Tells whoever looks at the run something that is no violation. */
  readonly tell: (line: string) => void;
}

/**
 * Refuses configuration that names policies which do not exist, and tells what it weakens and
 * excepts: once, and also where it changes nothing. The policy SDK has no place for that, so the
 * request is looked at before the SDK gets it.
 */
export function guardConfiguration(
  policies: readonly ConfigurablePolicy[],
  surroundings: Surroundings,
): void {
  const { prototype } = Server;
  const addService = Reflect.get(prototype, "addService") as (...args: unknown[]) => void;
  prototype.addService = function (service, implementation) {
    const configure = implementation.configure as Configure;
    addService.call(this, service, {
      ...implementation,
      configure: guarded(configure, policies, surroundings) as never,
    });
  };
}

function guarded(
  configure: Configure,
  policies: readonly ConfigurablePolicy[],
  { now, tell }: Surroundings,
): Configure {
  return (call, callback) => {
    const configured = configuredPolicies(call.request);
    const { problems, warnings } = reportConfiguration(configured, policies, now());
    warnings.forEach(tell);
    if (problems.length > 0) {
      callback({ code: status.INVALID_ARGUMENT, details: problems.join("\n") });
    } else {
      configure(call, callback);
    }
  };
}

function configuredPolicies(request: ConfigureRequest): ConfiguredPolicy[] {
  return [...request.getPolicyconfigMap().entries()].map(([name, config]) => ({
    name,
    enforcementLevel: levels[config.getEnforcementlevel()] ?? "advisory",
    settings: config.getProperties()?.toJavaScript() ?? {},
  }));
}
