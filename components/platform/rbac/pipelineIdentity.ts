import { type PlatformSettings } from "../platformSettings";
import { pipelineAccount, pipelineNamespace } from "../../core/platformNames";

/** Who the pipeline of a project is for the cluster. */
export interface PipelineIdentity {
  /** The project. */
  project: string;
  /** The namespace of the pipeline's service account. */
  namespace: string;
  /** The pipeline's service account. */
  serviceAccount: string;
  /** The group of the identity provider that is the pipeline as well, if there is one. */
  group?: string;
  /** How an administrator gets a token of the service account: it is short-lived. */
  tokenCommand: string;
}

/** Who the pipeline of each project is. */
export function pipelineIdentities({ projects }: PlatformSettings): PipelineIdentity[] {
  return projects.map(({ name, pipelineGroup }) => {
    const namespace = pipelineNamespace(name);
    return {
      project: name,
      namespace,
      serviceAccount: pipelineAccount,
      ...(pipelineGroup === undefined ? {} : { group: pipelineGroup }),
      tokenCommand: `kubectl create token ${pipelineAccount} --namespace ${namespace} --duration 1h`,
    };
  });
}
