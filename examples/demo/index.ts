import { commandLine, progressReporter, runCommandLine } from "secure-environment-sandbox";
import { demonstrate } from "./demo";

/** The demo as a command; it ends as the sandbox's own commands do. */
const command = commandLine(
  "demo",
  "bring up a walled environment for a branch, show it and prove its walls",
).action(({ state }: { readonly state: string }) => demonstrate(state, progressReporter()));

runCommandLine(command);
