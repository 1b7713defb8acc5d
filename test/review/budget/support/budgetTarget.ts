import { type Target, targetOf } from "#review/environment/target";
import { type ReviewSettings } from "#review/settings/reviewSettings";

/** The environment of the branch `login` of the project `shop`. */
export function targetIn(settings: Partial<ReviewSettings> = {}): Target {
  const whole: ReviewSettings = {
    folder: ".",
    file: "review.yaml",
    project: "shop",
    organization: "organization",
    unreviewed: [],
    permanent: [],
    policies: {},
    leaseNamespace: "platform",
    configuration: { "shop:project": "shop", "shop:size": "small" },
    ...settings,
  };
  return targetOf(whole, "login");
}
