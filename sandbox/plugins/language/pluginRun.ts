import { join } from "node:path";
import type { ServerWritableStream } from "@grpc/grpc-js";
import {
  ProgramInfo,
  type RunPluginRequest,
  RunPluginResponse,
} from "@pulumi/pulumi/proto/language_pb";
import type { ChildProcesses, RunningProcess } from "./childProcesses";
import { locateModule } from "./modules";
import { PolicyProxy } from "./policyProxy";
import { runtimeOptions } from "./runtimeOptions";

type PluginCall = ServerWritableStream<RunPluginRequest, RunPluginResponse>;

const policyPackKind = "analyzer";
const exitWithParent = join(__dirname, "..", "exitWithParent.js");

/** Runs a policy pack or a component package until it ends or the engine lets go of it. */
export async function runSourcePlugin(call: PluginCall, children: ChildProcesses): Promise<void> {
  const cancelled = new Promise<"cancelled">((resolve) => {
    call.on("cancelled", () => resolve("cancelled"));
  });
  const plugin =
    call.request.getKind() === policyPackKind
      ? await startPolicyPack(call, children, cancelled)
      : startComponentPackage(call, children);
  if (plugin === undefined) {
    return;
  }
  const exit = await Promise.race([plugin.exited, cancelled]);
  if (exit === "cancelled") {
    plugin.kill();
  } else if (exit.code === null) {
    throw new Error(`Program exited unexpectedly: signal: ${exit.signal ?? "unknown"}`);
  } else if (exit.code !== 0) {
    throw new Error(`Program exited with non-zero exit code: ${exit.code}`);
  }
}

function startComponentPackage(call: PluginCall, children: ChildProcesses): RunningProcess {
  const request = call.request;
  const folder = programFolder(request);
  const plugin = start(request, children, {
    runner: locateRunner("@pulumi/pulumi/cmd/run-plugin", folder),
    args: [folder, ...request.getArgsList()],
    workingFolder: request.getPwd(),
    environment: {},
  });
  plugin.process.stdout?.on("data", (chunk: Buffer) => sendOutput(call, chunk));
  plugin.process.stderr?.on("data", (chunk: Buffer) => sendErrors(call, chunk));
  return plugin;
}

/**
 * The SDK takes a stack's configuration from the environment, where the engine hands it over in a
 * call to the running pack: so a proxy takes that call and starts the pack with what it learnt.
 */
async function startPolicyPack(
  call: PluginCall,
  children: ChildProcesses,
  cancelled: Promise<"cancelled">,
): Promise<RunningProcess | undefined> {
  const request = call.request;
  const folder = programFolder(request);
  const runner = locateRunner("@pulumi/pulumi/cmd/run-policy-pack", folder);
  const proxy = await PolicyProxy.listen();
  void cancelled.then(() => proxy.close());
  sendOutput(call, Buffer.from(`${proxy.port}\n`));
  const configuration = await Promise.race([proxy.configuration, cancelled]);
  if (configuration === "cancelled") {
    return undefined;
  }
  const pack = start(request, children, {
    runner,
    args: [...request.getArgsList(), folder],
    workingFolder: folder,
    environment: configuration.environment,
  });
  pack.process.stderr?.on("data", (chunk: Buffer) => sendErrors(call, chunk));
  proxy.attach(pack, (chunk) => sendOutput(call, chunk));
  return pack;
}

interface PluginStart {
  /** The file that loads the plugin. */
  runner: string;
  args: string[];
  workingFolder: string;
  environment: { [name: string]: string };
}

function start(
  request: RunPluginRequest,
  children: ChildProcesses,
  plugin: PluginStart,
): RunningProcess {
  const options = runtimeOptions(request.getInfo() ?? new ProgramInfo());
  return children.start(
    process.execPath,
    ["--require", exitWithParent, plugin.runner, ...options.nodeArguments, ...plugin.args],
    {
      cwd: plugin.workingFolder,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...parseEnvironment(request.getEnvList()),
        ...options.environment,
        ...plugin.environment,
      },
    },
  );
}

function locateRunner(module: string, folder: string): string {
  return locateModule(module, folder, `npm install in ${folder}`);
}

function programFolder(request: RunPluginRequest): string {
  return request.getInfo()?.getProgramDirectory() ?? "";
}

function parseEnvironment(entries: readonly string[]): { [name: string]: string } {
  return Object.fromEntries(
    entries.map((entry) => {
      const separator = entry.indexOf("=");
      return [entry.slice(0, separator), entry.slice(separator + 1)];
    }),
  );
}

function sendOutput(call: PluginCall, chunk: Buffer): void {
  const response = new RunPluginResponse();
  response.setStdout(chunk);
  call.write(response);
}

function sendErrors(call: PluginCall, chunk: Buffer): void {
  const response = new RunPluginResponse();
  response.setStderr(chunk);
  call.write(response);
}
