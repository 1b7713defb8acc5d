import { join } from "node:path";
import { ProgramInfo, type RunRequest, RunResponse } from "@pulumi/pulumi/proto/language_pb";
import type { ChildProcesses, Exit, RunningProcess } from "./childProcesses";
import { locateModule } from "./modules";
import { runtimeOptions } from "./runtimeOptions";

/** The exit code by which the SDK says that the user has already been told what went wrong. */
const alreadyReported = 32;

const exitWithParent = join(__dirname, "..", "exitWithParent.js");

/** Starts the program of a project. */
export function startProgram(
  request: RunRequest,
  engine: string,
  children: ChildProcesses,
): RunningProcess {
  const program = request.getInfo() ?? new ProgramInfo();
  const folder = program.getProgramDirectory();
  const options = runtimeOptions(program);
  const runner = locateModule("@pulumi/pulumi/cmd/run", folder, "pulumi install");
  return children.start(
    process.execPath,
    [
      "--require",
      exitWithParent,
      ...options.nodeArguments,
      runner,
      ...runArguments(request, engine),
    ],
    {
      stdio: ["ignore", "inherit", "inherit"],
      env: {
        ...process.env,
        ...options.environment,
        // Configuration may be secret, and arguments are visible to every user of the machine.
        PULUMI_CONFIG: JSON.stringify(legacyConfiguration(request)),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
      },
    },
  );
}

function runArguments(request: RunRequest, engine: string): string[] {
  const program = request.getInfo() ?? new ProgramInfo();
  const flags: [string, string][] = [
    ["monitor", request.getMonitorAddress()],
    ["engine", engine],
    ["organization", request.getOrganization()],
    ["project", request.getProject()],
    ["root-directory", program.getRootDirectory()],
    ["stack", request.getStack()],
    ["pwd", program.getProgramDirectory()],
    ["parallel", String(request.getParallel())],
  ];
  return [
    ...flags.filter(([, value]) => value !== "").flatMap(([name, value]) => [`--${name}`, value]),
    ...(request.getDryrun() ? ["--dry-run"] : []),
    program.getEntryPoint(),
    ...request.getArgsList(),
  ];
}

function legacyConfiguration(request: RunRequest): { [key: string]: string } {
  const entries = request.getConfigMap().getEntryList();
  return Object.fromEntries(
    entries.map(([key, value]) => {
      const [namespace = "", ...name] = key.split(":");
      return [`${namespace}:config:${name.at(-1) ?? ""}`, value];
    }),
  );
}

/** Tells the engine how a program ended. */
export function programResult(exit: Exit): RunResponse {
  const response = new RunResponse();
  if (exit.code === alreadyReported) {
    response.setBail(true);
  } else if (exit.code === null) {
    response.setError(`Program exited unexpectedly: signal: ${exit.signal ?? "unknown"}`);
  } else if (exit.code !== 0) {
    response.setError(`Program exited with non-zero exit code: ${exit.code}`);
  }
  return response;
}
