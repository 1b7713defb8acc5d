import { Mesh } from "../environment/mesh/meshArgs";
import { argumentShapes } from "../environment/argumentShapes";
import {
  amount,
  boolean,
  choice,
  list,
  map,
  number,
  object,
  type Shape,
  text,
} from "../core/shape";
import { type ReviewPlatformArgs } from "./platformArgs";

const people = object({ groups: list(text), users: list(text) });

/** What each argument of a platform has to look like. */
export const platformShapes = {
  projects: list(object({ name: text, pipelineGroup: text }, ["name"])),
  administrators: people,
  developers: people,
  protected: argumentShapes.protected,
  clusterNetwork: argumentShapes.clusterNetwork,
  dns: argumentShapes.dns,
  ceilings: map(amount),
  apiAudiences: list(text),
  domain: text,
  ingressAnnotations: list(text),
  objectAnnotations: list(text),
  csiDrivers: list(text),
  operators: list(text),
  nodePools: list(text),
  requireNodePool: boolean,
  maximumPodPriority: number,
  maximumDataSize: text,
  alwaysPullImages: boolean,
  meshes: list(choice(Mesh)),
} satisfies Record<keyof ReviewPlatformArgs, Shape>;
