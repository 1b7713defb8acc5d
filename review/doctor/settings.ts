import { existsSync } from "node:fs";
import { join } from "node:path";
import { ReviewError } from "../exitCodes";
import { readSettings, type ReviewSettings, settingsFile } from "../settings/reviewSettings";
import { fine, type Finding, wrong } from "./finding";

const subject = "settings";

/** The settings of a folder, if they can be taken, and how they are. */
export function lookAtSettings(folder: string): {
  readonly settings: ReviewSettings | undefined;
  readonly finding: Finding;
} {
  try {
    const settings = readSettings(folder);
    const file = existsSync(join(folder, settingsFile)) ? settingsFile : "Pulumi.yaml";
    return { settings, finding: fine(subject, `${file} of the project ${settings.project}`) };
  } catch (error) {
    if (!(error instanceof ReviewError)) {
      throw error;
    }
    const remedy = "Correct the settings; docs/review.md says what they may say.";
    return { settings: undefined, finding: wrong(subject, error.message, remedy) };
  }
}
