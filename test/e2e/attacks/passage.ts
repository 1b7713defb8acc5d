import { type Twin } from "./attack";

/** Something that has to be let through. */
export interface Passage extends Twin {
  /** A sentence. */
  readonly what: string;
}
