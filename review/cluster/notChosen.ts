import { basename } from "node:path";
import { exitCodes, ReviewError } from "../exitCodes";
import { type ReviewSettings, settingsFile } from "../settings/reviewSettings";

/** The end of a command for which nobody chose a cluster. */
export function notChosen(settings: ReviewSettings | undefined): ReviewError {
  const message = [
    "No cluster was chosen, and the current context of ~/.kube/config is never used.",
    ...remediesFor(settings),
  ];
  return new ReviewError(message.join(" "), exitCodes.usage);
}

function remediesFor(settings: ReviewSettings | undefined): readonly string[] {
  const variable = "Set the environment variable KUBECONFIG to the path of a kubeconfig";
  if (settings === undefined) {
    return [`${variable}.`];
  }
  const file = basename(settings.file);
  if (file !== settingsFile) {
    return [`${variable}, or \`kubernetes:context\` in its \`config\`.`];
  }
  return [
    `${variable}, or \`kubernetes:context\` in \`config\` of ${file}.`,
    settings.signIn === undefined
      ? `Runs of pipelines need neither where ${file} says \`signIn\`.`
      : `\`signIn\` of ${file} is for runs whose host says who they are: on GitHub those of a job with the permission ` +
        "`id-token: write`, on GitLab those of one with `id_tokens` that names REVIEW_ID_TOKEN. This is neither.",
  ];
}
