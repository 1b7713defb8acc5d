import { type KubernetesResponse } from "secure-environment-sandbox";
import { type ApiRequest, rehearsal, send } from "../support/apiRequests";
import { type Attack, type Twin } from "./attack";
import { type Clients } from "./clients";
import { isSaid, type Refusal } from "./refusal";

/** Tries attacks, and what is legitimate instead. */
export class Trial {
  /** Many attacks bend the same request: whether it passes is asked once. */
  private readonly twins = new Map<string, Promise<string[]>>();

  constructor(private readonly clients: Clients) {}

  /** What is wrong with how the API server takes the attack: sentences; none is right. */
  async faultsOf({ who, request, refusal, twin }: Attack): Promise<string[]> {
    const api = this.clients[who];
    const rehearsed = refusalFaults(await send(api, rehearsal(request)), refusal);
    // What is not refused in rehearsal is not tried in earnest: other attacks would feel it.
    const faults =
      rehearsed.length > 0 ? rehearsed : refusalFaults(await send(api, request), refusal);
    return [...faults, ...(await this.twinFaultsOf(twin))];
  }

  /** The same, with nothing tried in earnest and every twin asked anew. */
  async faultsInRehearsal({ who, request, refusal, twin }: Attack): Promise<string[]> {
    const answer = await send(this.clients[who], rehearsal(request));
    return [...refusalFaults(answer, refusal), ...(await this.passageFaults(twin))];
  }

  /** What is wrong with how the API server takes what has to be let through, in rehearsal. */
  async passageFaults({ by, request }: Twin): Promise<string[]> {
    const { status, body } = await send(this.clients[by], rehearsal(request));
    return isPassed(request, status) ? [] : [`the twin answered ${status} ${body.message}`];
  }

  private twinFaultsOf(twin: Twin): Promise<string[]> {
    const key = JSON.stringify(twin);
    const faults = this.twins.get(key) ?? this.passageFaults(twin);
    this.twins.set(key, faults);
    return faults;
  }
}

function refusalFaults({ status, body }: KubernetesResponse, refusal: Refusal): string[] {
  const message = String(body.message);
  const isRefused = refusal.statuses.includes(status) && isSaid(refusal, message);
  return isRefused ? [] : [`it answered ${status} ${message}`];
}

/** What connects to a pod fails behind the API server once it is let through: none runs here. */
function isPassed({ path }: ApiRequest, status: number): boolean {
  return /\/(?:proxy|exec)\b/.test(path) ? ![401, 403, 404].includes(status) : status < 300;
}
