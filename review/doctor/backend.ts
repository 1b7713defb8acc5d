import { existsSync } from "node:fs";
import { listOf, recordOf, shownWords } from "secure-environment/core";
import { withProjectFolder } from "../engine/projectFolder";
import { type ReviewSettings } from "../settings/reviewSettings";
import { type Check, type Surroundings } from "./examination";
import { doubtful, fine, type Finding, refused, wrong } from "./finding";
import { askPulumi, jsonOf, type ProgramEnd } from "./programs";

const subject = "state backend";

/** What is seen of the state backend. */
export interface SeenBackend {
  /** What says which one it is. */
  readonly chosenBy: "PULUMI_BACKEND_URL" | "Pulumi.yaml" | "pulumi login";
  /** What came of `pulumi whoami`. */
  readonly who: ProgramEnd;
  /** What came of `pulumi stack ls`. */
  readonly stacks: ProgramEnd;
}

/** Where the state of stacks is kept: whether it is reached, and whether secrets in it can be read. */
export const backend: Check = {
  subject,
  look: async (surroundings) => {
    const { settings, environment } = surroundings;
    const seen = await look(settings ?? { project: "project" }, surroundings);
    return [...judgeBackend(seen), ...judgePlace(seen, environment, settings?.organization)];
  },
};

/** Asked in a folder of the project, as Pulumi.yaml may name the backend. */
async function look(
  settings: Pick<ReviewSettings, "project" | "backend">,
  { environment, over }: Surroundings,
): Promise<SeenBackend> {
  return withProjectFolder(settings, {}, async ({ folder }) => {
    const how = { environment, over, folder };
    const [who, stacks] = await Promise.all([
      askPulumi(["whoami", "--verbose", "--json"], how),
      askPulumi(["stack", "ls", "--json"], how),
    ]);
    const isNamed = settings.backend !== undefined;
    const chosenBy = environment.PULUMI_BACKEND_URL
      ? "PULUMI_BACKEND_URL"
      : isNamed
        ? "Pulumi.yaml"
        : "pulumi login";
    return { chosenBy, who, stacks };
  });
}

/** Whether it is reached, and its stacks can be listed. */
export function judgeBackend({ chosenBy, who, stacks }: SeenBackend): readonly Finding[] {
  const failed = [who, stacks].find(({ end }) => end !== 0);
  if (failed === undefined) {
    const count = listOf(jsonOf(stacks.output)).length;
    return [fine(subject, `${urlOf(who)}, by ${chosenBy}; stacks of the project: ${count}`)];
  }
  if (failed.end === "missing") {
    return [];
  }
  const said = shownWords(failed.words.replace(/^error: /, "").replaceAll("\n", " "));
  if (failed.end === 3 || /PULUMI_ACCESS_TOKEN|unauthorized|401/i.test(said)) {
    const remedy = "Set PULUMI_BACKEND_URL, or PULUMI_ACCESS_TOKEN, or log in with `pulumi login`.";
    return [refused(subject, said, remedy)];
  }
  const remedy =
    "See that it is there and may be read and written from here, or have PULUMI_BACKEND_URL name another one.";
  return [wrong(subject, `by ${chosenBy}: ${said || "no answer"}`, remedy)];
}

/** An address may have credentials in it. */
function urlOf({ output }: ProgramEnd): string {
  const { url } = recordOf(jsonOf(output));
  return typeof url === "string" ? shownWords(url) : "a backend that does not say its address";
}

/** What the kind of the backend asks for: a passphrase, an organization, a folder that stays. */
export function judgePlace(
  { who }: Pick<SeenBackend, "who">,
  environment: NodeJS.ProcessEnv,
  organization: string | undefined,
): readonly Finding[] {
  const { url, user, organizations } = recordOf(jsonOf(who.output));
  if (who.end !== 0 || typeof url !== "string") {
    return [];
  }
  if (/^https?:/.test(url)) {
    return judgeOrganization(organization, [user, ...listOf(organizations)]);
  }
  return [
    ...judgePassphrase(environment),
    ...(organization !== undefined && organization !== "organization"
      ? [foreignOrganization(organization)]
      : []),
    ...(url.startsWith("file:") && environment.CI ? [passingFolder(url)] : []),
  ];
}

function foreignOrganization(organization: string): Finding {
  return wrong(
    "organization",
    `the settings say ${organization}, and this backend calls the owner of all stacks \`organization\``,
    "Take `organization` out of the settings, or choose Pulumi Cloud.",
  );
}

function passingFolder(url: string): Finding {
  return doubtful(
    "state of a runner",
    `${url} is a folder on a runner: state that ends with it is lost, and others do not see it`,
    "Use a bucket or Pulumi Cloud, unless this folder is mounted from outside.",
  );
}

/** Whose value is looked at no further than whether it is there. */
export function judgePassphrase({
  PULUMI_CONFIG_PASSPHRASE: passphrase,
  PULUMI_CONFIG_PASSPHRASE_FILE: file,
}: NodeJS.ProcessEnv): readonly Finding[] {
  const about = "passphrase";
  if (passphrase !== undefined) {
    return passphrase === ""
      ? [
          doubtful(
            about,
            "PULUMI_CONFIG_PASSPHRASE is empty: who reads the state reads its secrets",
            "Set one before the first `up`; it cannot be changed by setting another.",
          ),
        ]
      : [fine(about, "PULUMI_CONFIG_PASSPHRASE is set")];
  }
  if (file) {
    return existsSync(file)
      ? [fine(about, "PULUMI_CONFIG_PASSPHRASE_FILE names a file")]
      : [wrong(about, "PULUMI_CONFIG_PASSPHRASE_FILE names no file", "Correct the path.")];
  }
  return [
    wrong(
      about,
      "neither PULUMI_CONFIG_PASSPHRASE nor PULUMI_CONFIG_PASSPHRASE_FILE is set, and this backend needs one",
      "Set one of the two, the same in all runs.",
    ),
  ];
}

/** @param own the user and the organizations that the backend says are theirs. */
function judgeOrganization(
  organization: string | undefined,
  own: readonly unknown[],
): readonly Finding[] {
  const about = "organization";
  const names = [...new Set(own)].filter((one): one is string => typeof one === "string");
  if (organization === undefined) {
    return [];
  }
  if (names.includes(organization)) {
    return [fine(about, organization)];
  }
  const found =
    organization === "organization"
      ? "the settings name no organization, and in Pulumi Cloud stacks belong to one"
      : `the settings say ${organization}, which is none of yours`;
  return [wrong(about, found, `Write \`organization: ${names.join("` or `") || "NAME"}\`.`)];
}
