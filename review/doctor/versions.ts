import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { listOf, recordOf } from "secure-environment/core";
import { providerVersion } from "../engine/providerVersion";
import { type Check } from "./examination";
import { doubtful, fine, type Finding, wrong } from "./finding";
import { askPulumi, jsonOf, type ProgramEnd } from "./programs";
import { ownPackage } from "./ownPackage";

/** From here on Pulumi starts a policy pack that is a program. */
const neededPulumi = "3.255.0";

/** The programs of a run: Node.js, Pulumi, its provider for Kubernetes, and this command. */
export const versions: Check = {
  subject: "versions",
  look: async ({ settings, ...how }) => {
    const [version, plugins] = await Promise.all([
      askPulumi(["version"], how),
      askPulumi(["plugin", "ls", "--json"], how),
    ]);
    const hasOwnProgram = settings?.program !== undefined;
    return [
      fine("review", ownPackage.version),
      judgeNode(process.version, ownPackage.neededNode),
      judgePulumi(version),
      ...(hasOwnProgram || version.end === "missing"
        ? []
        : [judgeProvider(plugins, onPath(how.environment))]),
    ];
  },
};

/** @param needed such as `>=20.19`. */
export function judgeNode(version: string, needed: string): Finding {
  return isAtLeast(version, needed.replace(/^\D+/, ""))
    ? fine("Node.js", version)
    : wrong("Node.js", `${version}, and ${needed} is needed`, "Install a later version.");
}

/** What came of `pulumi version`. */
export function judgePulumi({ end, output, words }: ProgramEnd): Finding {
  const remedy = `Install Pulumi ${neededPulumi} or later, and have it on the PATH.`;
  const version = output.trim();
  if (end === "missing") {
    return wrong("pulumi", "is not on the PATH", remedy);
  }
  if (end !== 0 || !/^v?\d+\.\d+/.test(version)) {
    return wrong("pulumi", `does not say its version: ${words || "no reason was given"}`, remedy);
  }
  return isAtLeast(version, neededPulumi)
    ? fine("pulumi", version)
    : wrong("pulumi", `${version}, which starts no policy pack that is a program`, remedy);
}

/** Where a provider lies on the search path: such a one Pulumi takes, whatever its version. */
function onPath({ PATH = "" }: NodeJS.ProcessEnv): string | undefined {
  return PATH.split(delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, "pulumi-resource-kubernetes"))
    .find((file) => existsSync(file));
}

/**
 * What came of `pulumi plugin ls --json`.
 *
 * @param found the provider on the search path, if there is one.
 */
export function judgeProvider(
  { output }: ProgramEnd,
  found: string | undefined,
  needed = providerVersion,
): Finding {
  const subject = "Kubernetes provider";
  if (found !== undefined) {
    return fine(subject, `${found} is on the PATH, and taken as it is`);
  }
  const installed = listOf(jsonOf(output))
    .map(recordOf)
    .filter(({ name, kind }) => name === "kubernetes" && kind === "resource")
    .map(({ version }) => String(version));
  const fitting = installed.find((version) => isAtLeast(version, needed));
  if (fitting !== undefined) {
    return fine(subject, `${fitting} is installed, and ${needed} is what the program asks for`);
  }
  const seen = installed.length === 0 ? "none is seen" : `only ${installed.join(", ")} is seen`;
  return doubtful(
    subject,
    `${seen} in Pulumi's folder of plugins, and the program asks for ${needed}`,
    `Pulumi downloads it in the first run. To have it before: pulumi plugin install resource kubernetes ${needed}`,
  );
}

/** Of versions whose first three numbers tell. */
export function isAtLeast(version: string, needed: string): boolean {
  const [wanted, given] = [numbersOf(needed), numbersOf(version)];
  const different = wanted.findIndex((part, index) => part !== given[index]);
  return different === -1 || (given[different] ?? Number.NaN) > (wanted[different] ?? 0);
}

function numbersOf(version: string): readonly number[] {
  const [, ...numbers] = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(version) ?? [];
  return [0, 1, 2].map((index) => Number(numbers[index] ?? (numbers.length > 0 ? 0 : Number.NaN)));
}
