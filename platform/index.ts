import { existsSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import {
  admissions,
  configuredPlatform,
  PipelineAccess,
  programSettings,
  rehearsals,
  ReviewPlatform,
} from "secure-environment";
import { audienceWarnings } from "./audiences";
import { type Cluster, connect } from "./cluster";
import { clusterIdentity } from "./clusterIdentity";
import { rehearse } from "./rehearse";
import { requireCluster } from "./requirements";
import { revokeFormer } from "./revoke";
import { storageWarnings } from "./storage";

const {
  args,
  settings,
  cluster: description,
  clusterChoice,
} = configuredPlatform(programSettings(process.env, existsSync));
void pulumi.log.info(`The cluster of this run: ${description}`);

/**
 * The platform of one cluster. The fence comes first, then a rehearsal of what it has to refuse and
 * of what it has to admit, and only then the rights of the pipelines. A preview looks at no cluster.
 */
async function program() {
  const cluster = pulumi.runtime.isDryRun() ? undefined : await connect(clusterChoice);
  if (cluster !== undefined) {
    await prepare(cluster);
  }
  const platform = new ReviewPlatform("platform", args);
  if (cluster !== undefined) {
    await reached(platform.pipelines);
    const repertoire = { refused: rehearsals(settings), admitted: admissions(settings) };
    const warnings = await rehearse(cluster, repertoire);
    warnings.forEach((warning) => void pulumi.log.warn(warning));
  }
  new PipelineAccess("pipelines", {
    projects: args.projects,
    meshes: args.meshes,
    fence: platform.policyNames,
  });
  return {
    policies: platform.policyNames,
    pipelines: platform.pipelines,
    ...clusterIdentity(cluster),
  };
}

/** What has to be known, and done, before anything changes. */
async function prepare(cluster: Cluster): Promise<void> {
  const warnings = [
    ...(await requireCluster(cluster)),
    ...(await audienceWarnings(cluster, settings.apiAudiences)),
    ...(await storageWarnings(cluster)),
  ];
  warnings.forEach((warning) => void pulumi.log.warn(warning));
  for (const binding of await revokeFormer(cluster, settings.projects)) {
    void pulumi.log.info(`Removed ${binding}: it gave rights to a pipeline that is none any more.`);
  }
}

/** Resolves as soon as the resources exist for which the output waits. */
function reached(output: pulumi.Output<unknown>): Promise<void> {
  return new Promise((resolve) => output.apply(() => resolve()));
}

export = program;
