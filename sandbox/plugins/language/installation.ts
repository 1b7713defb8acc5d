import type { ServerWritableStream } from "@grpc/grpc-js";
import {
  type InstallDependenciesRequest,
  InstallDependenciesResponse,
} from "@pulumi/pulumi/proto/language_pb";
import type { ChildProcesses } from "./childProcesses";
import { dependenciesInstalled } from "./modules";

type InstallCall = ServerWritableStream<InstallDependenciesRequest, InstallDependenciesResponse>;

/** Runs `npm install` for a program that cannot find what it asks for. */
export async function installDependencies(
  call: InstallCall,
  children: ChildProcesses,
): Promise<void> {
  const folder = call.request.getInfo()?.getProgramDirectory() ?? call.request.getDirectory();
  if (dependenciesInstalled(folder)) {
    return;
  }
  sendOutput(call, Buffer.from("Installing dependencies...\n\n"));
  const npm = children.start("npm", ["install", "--loglevel=error"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  call.on("cancelled", () => npm.kill());
  npm.process.stdout?.on("data", (chunk: Buffer) => sendOutput(call, chunk));
  npm.process.stderr?.on("data", (chunk: Buffer) => sendErrors(call, chunk));
  const exit = await npm.exited;
  if (exit.code !== 0) {
    throw new Error(`npm install failed: exit status ${exit.code ?? exit.signal ?? "unknown"}`);
  }
  sendOutput(call, Buffer.from("Finished installing dependencies\n\n"));
}

function sendOutput(call: InstallCall, chunk: Buffer): void {
  const response = new InstallDependenciesResponse();
  response.setStdout(chunk);
  call.write(response);
}

function sendErrors(call: InstallCall, chunk: Buffer): void {
  const response = new InstallDependenciesResponse();
  response.setStderr(chunk);
  call.write(response);
}
