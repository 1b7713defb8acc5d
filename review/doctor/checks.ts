import { backend } from "./backend";
import { clock } from "./clock";
import { cluster } from "./cluster";
import { deletions } from "./deletions";
import { type Check } from "./examination";
import { hosts } from "./hosts";
import { identity } from "./identity";
import { networkPlugin } from "./networkPlugin";
import { platform } from "./platform";
import { rights } from "./rights";
import { versions } from "./versions";

/** Everything that is looked at, in the order in which it is told. */
export const checks: readonly Check[] = [
  versions,
  backend,
  cluster,
  identity,
  rights,
  platform,
  networkPlugin,
  clock,
  hosts,
  deletions,
];
