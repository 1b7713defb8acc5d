import { argumentsShape } from "../core/schemaShapes";
import { type Shape } from "../core/shape";

/** What the arguments of a platform have to look like. */
export const platformShape = argumentsShape("ReviewPlatform");

/** What each argument of a platform has to look like. */
export const platformShapes: Readonly<Record<string, Shape>> = platformShape.properties;
