import { serviceAccountGroup } from "../../core/flowSchema";
import { objectNames } from "../../core/objectNames";
import { type KubernetesObject } from "../../core/plan";
import { pipelineNamespace } from "../../core/platformNames";
import { type PlatformSettings } from "../platformSettings";
import { rehearsedEnvironment } from "./environment";
import { rehearsalNamespace } from "./namespace";

/**
 * A request that has to be admitted, or no environment of the project comes up. It is made as a dry
 * run, and counts as admitted where the object is there already: admission has judged it before.
 */
export interface Admission {
  /** What is made, in words. */
  readonly what: string;
  /** Whether each environment has exactly this; otherwise it stands for what people bring. */
  readonly isPartOfEach: boolean;
  readonly as: { readonly user: string; readonly groups: readonly string[] };
  /** Where the object is created. */
  readonly path: string;
  readonly object: object;
}

/** For each project: an environment by its pipeline, and an application in it by the deployer. */
export function admissions(settings: PlatformSettings): Admission[] {
  return settings.projects.flatMap(({ name }) => [
    ...rehearsedEnvironment(name, settings).map((object) => ofPipeline(name, object)),
    ...application.map((object) => ofDeployer(rehearsalNamespace(name), object)),
  ]);
}

function ofPipeline(project: string, object: KubernetesObject): Admission {
  return {
    what: `the ${object.kind} ${object.metadata.name as string}`,
    isPartOfEach: true,
    as: {
      user: "secure-environment-rehearsed-pipeline",
      groups: ["system:masters", serviceAccountGroup(pipelineNamespace(project))],
    },
    path: pathOf(object),
    object,
  };
}

function ofDeployer(namespace: string, object: KubernetesObject): Admission {
  const placed = { ...object, metadata: { ...object.metadata, namespace } };
  return {
    what: `a plain ${object.kind}`,
    isPartOfEach: false,
    as: {
      user: `system:serviceaccount:${namespace}:${objectNames.deployer}`,
      groups: ["system:serviceaccounts", serviceAccountGroup(namespace), "system:authenticated"],
    },
    path: pathOf(placed),
    object: placed,
  };
}

/** The collection in which the object is created. */
function pathOf({ apiVersion, kind, metadata: { namespace } }: KubernetesObject): string {
  const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const inside = namespace === undefined ? "" : `/namespaces/${namespace as string}`;
  return `${root}${inside}/${`${kind.toLowerCase()}s`.replace(/ys$/, "ies")}`;
}

const plainPod = {
  automountServiceAccountToken: false,
  securityContext: {
    runAsNonRoot: true,
    runAsUser: 1000,
    seccompProfile: { type: "RuntimeDefault" },
  },
  containers: [
    {
      name: "rehearsal",
      image: "registry.example/rehearsal:1",
      // Where pods have to pull their images, it is part of being plain.
      imagePullPolicy: "Always",
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
    },
  ],
};
const metadata = { name: "rehearsal" };
const labels = { app: "rehearsal" };

/** An application that asks for nothing special. */
const application: readonly KubernetesObject[] = [
  {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata,
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: plainPod },
    },
  },
  { apiVersion: "v1", kind: "Pod", metadata, spec: plainPod },
];
