import { type Attacker } from "./attackers";
import { type Refusal } from "./refusal";

/** A request as it is sent to the API server. */
export interface ApiRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly body?: object;
  /** Default `application/json`; a PATCH says which kind of patch it is. */
  readonly contentType?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Somebody who may do what the attacker wants to do, or something that is very like it. */
export interface Twin {
  /** The attacker when the request is a legitimate one; otherwise somebody who may. */
  readonly by: Attacker | "administrator";
  /** Differs from the attack in nothing but the sin; it is the attack itself when that is who asks. */
  readonly request: ApiRequest;
}

/** One request by which somebody would get more than they were given. */
export interface Attack {
  readonly who: Attacker;
  /** A sentence without its subject: the attacker … */
  readonly what: string;
  /** What it would cost if it got through. */
  readonly harm: string;
  readonly request: ApiRequest;
  readonly refusal: Refusal;
  readonly twin: Twin;
}

/** What an attack does to a legitimate request: a sentence, what it would cost, and the request. */
export interface Sin {
  readonly what: string;
  readonly harm: string;
  readonly request: ApiRequest;
  readonly refusal: Refusal;
}

/** Attacks of one attacker that each bend a request which the attacker may send. */
export function sinsAgainst(who: Attacker, legitimate: ApiRequest, sins: readonly Sin[]): Attack[] {
  return sins.map((sin) => ({ who, ...sin, twin: { by: who, request: legitimate } }));
}

/** The attack by each of them; an administrator's same request is what passes. */
export function byEach(attackers: readonly Attacker[], sin: Sin): Attack[] {
  return attackers.map((who) => ({
    who,
    ...sin,
    twin: { by: "administrator", request: sin.request },
  }));
}

/**
 * The same request with another body: the changes of a JSON merge patch. Where the body is a patch
 * itself, `null` stays in it, to be taken out by the API server.
 * See https://www.rfc-editor.org/rfc/rfc7386
 */
export function bent(request: ApiRequest, changes: object): ApiRequest {
  const keepsNull = request.method === "PATCH";
  return { ...request, body: merged(request.body ?? {}, changes, keepsNull) };
}

function merged(target: object, patch: object, keepsNull: boolean): object {
  const entries = new Map<string, unknown>(Object.entries(target));
  for (const [key, value] of Object.entries(patch) as [string, unknown][]) {
    if (value === null && !keepsNull) {
      entries.delete(key);
    } else {
      const before = mapOrEmpty(entries.get(key));
      entries.set(key, isMap(value) ? merged(before, value, keepsNull) : value);
    }
  }
  return Object.fromEntries(entries);
}

function mapOrEmpty(value: unknown): object {
  return isMap(value) ? value : {};
}

function isMap(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
