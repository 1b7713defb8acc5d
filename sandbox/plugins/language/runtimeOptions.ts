import type { ProgramInfo } from "@pulumi/pulumi/proto/language_pb";

/** What `runtime.options` of a project file asks for. */
export interface RuntimeOptions {
  environment: { [name: string]: string };
  nodeArguments: string[];
}

/** Reads the runtime options that this host honours, as arguments and environment of Node. */
export function runtimeOptions(program: ProgramInfo): RuntimeOptions {
  const options = program.getOptions()?.toJavaScript() ?? {};
  const { typescript = true, tsconfig = "", nodeargs = "" } = options;
  if (typeof typescript !== "boolean") {
    throw new Error("typescript option must be a boolean");
  }
  if (typeof tsconfig !== "string") {
    throw new Error("tsconfigpath option must be a string");
  }
  if (typeof nodeargs !== "string") {
    throw new Error("nodeargs option must be a string");
  }
  return {
    environment: {
      ...(typescript ? { PULUMI_NODEJS_TYPESCRIPT: "true" } : {}),
      ...(tsconfig === "" ? {} : { PULUMI_NODEJS_TSCONFIG_PATH: tsconfig }),
    },
    nodeArguments: splitArguments(nodeargs),
  };
}

function splitArguments(line: string): string[] {
  const words = line.match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? [];
  return words.map((word) => word.replace(/"([^"]*)"|'([^']*)'/g, "$1$2"));
}
