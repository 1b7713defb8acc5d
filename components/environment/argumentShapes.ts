import { argumentsShape } from "../core/schemaShapes";
import { type SecureEnvironmentArgs } from "./secureEnvironmentArgs";
import { type Shape } from "../core/shape";

/** What the arguments of an environment have to look like. */
export const environmentShape = argumentsShape("SecureEnvironment");

/** What each argument of an environment has to look like. */
export const argumentShapes: Readonly<Record<string, Shape>> = environmentShape.properties;

/** The names of all arguments. */
export const argumentNames = Object.keys(argumentShapes) as (keyof SecureEnvironmentArgs)[];
