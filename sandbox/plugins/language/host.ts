import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import {
  AboutResponse,
  DependencyInfo,
  type GetProgramDependenciesRequest,
  GetProgramDependenciesResponse,
  GetRequiredPackagesResponse,
  GetRequiredPluginsResponse,
  type InstallDependenciesRequest,
  type InstallDependenciesResponse,
  type LanguageHandshakeRequest,
  LanguageHandshakeResponse,
  type RunPluginRequest,
  type RunPluginResponse,
  type RunRequest,
  RunResponse,
  RuntimeOptionsResponse,
} from "@pulumi/pulumi/proto/language_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { ServerUnaryCall } from "@grpc/grpc-js";
import { streaming, unary } from "../pluginServer";
import type { ChildProcesses, RunningProcess } from "./childProcesses";
import { installDependencies } from "./installation";
import { installedPackages } from "./modules";
import { runSourcePlugin } from "./pluginRun";
import { programResult, startProgram } from "./programRun";

/** Version of the real language host that this one behaves like. */
const version = "3.259.0";

/** Runs programs, policy packs and component packages that are written for Node.js. */
export class LanguageHost {
  readonly service = LanguageRuntimeService;
  private readonly programs = new Set<RunningProcess>();

  constructor(
    private engine: string,
    private readonly children: ChildProcesses,
  ) {}

  handlers() {
    return {
      handshake: unary((request: LanguageHandshakeRequest) => this.handshake(request)),
      getPluginInfo: unary(() => new PluginInfo().setVersion(version)),
      getRequiredPlugins: unary(() => new GetRequiredPluginsResponse()),
      getRequiredPackages: unary(() => new GetRequiredPackagesResponse()),
      runtimeOptionsPrompts: unary(() => new RuntimeOptionsResponse()),
      about: unary(() => about()),
      getProgramDependencies: unary(programDependencies),
      run: unary((request: RunRequest, call: ServerUnaryCall<RunRequest, RunResponse>) =>
        this.run(request, call),
      ),
      runPlugin: streaming<RunPluginRequest, RunPluginResponse>((call) =>
        runSourcePlugin(call, this.children),
      ),
      installDependencies: streaming<InstallDependenciesRequest, InstallDependenciesResponse>(
        (call) => installDependencies(call, this.children),
      ),
      cancel: unary(() => this.cancel()),
    };
  }

  private handshake(request: LanguageHandshakeRequest): LanguageHandshakeResponse {
    this.engine = request.getEngineAddress();
    return new LanguageHandshakeResponse();
  }

  private async run(
    request: RunRequest,
    call: ServerUnaryCall<RunRequest, RunResponse>,
  ): Promise<RunResponse> {
    try {
      const program = startProgram(request, this.engine, this.children);
      this.programs.add(program);
      call.on("cancelled", () => program.interrupt());
      const exit = await program.exited;
      this.programs.delete(program);
      return programResult(exit);
    } catch (error) {
      return new RunResponse().setError(error instanceof Error ? error.message : String(error));
    }
  }

  private cancel(): Empty {
    for (const program of this.programs) {
      program.interrupt();
    }
    return new Empty();
  }
}

function about(): AboutResponse {
  const response = new AboutResponse();
  response.setExecutable(process.execPath);
  response.setVersion(process.version);
  response.getMetadataMap().set("packagemanager", "npm");
  return response;
}

function programDependencies(
  request: GetProgramDependenciesRequest,
): GetProgramDependenciesResponse {
  const packages = installedPackages(
    request.getInfo()?.getProgramDirectory() ?? "",
    request.getTransitivedependencies(),
  );
  return new GetProgramDependenciesResponse().setDependenciesList(
    [...packages].map(([name, packageVersion]) =>
      new DependencyInfo().setName(name).setVersion(packageVersion),
    ),
  );
}
