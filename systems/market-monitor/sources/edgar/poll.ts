import type { CloudEvent } from '#core/streams/cloud-event.ts';
import { filingEvent } from './event.ts';
import { readCurrentFilings, type CurrentFiling, type CurrentFilings } from './feed.ts';
import { PAGE, type Answer, type RequestPage, type Validators } from './request.ts';

export interface PollPorts {
  readonly request: RequestPage;
  /** Puts events into the stream in this order. When it resolves, all are there. */
  send(events: readonly CloudEvent[], signal: AbortSignal): Promise<void>;
  /** Waits between two requests. @param ms milliseconds */
  pause(ms: number, signal: AbortSignal): Promise<void>;
}

export type Polled =
  | {
      readonly kind: 'read';
      /** Events that were sent. */
      readonly sent: number;
      /** The title of an entry that cannot be read. Null: all were read. */
      readonly unread: string | null;
      /** Filings accepted before this one were out of reach, though they are new. Null: none. */
      readonly outOfReach: string | null;
    }
  | Exclude<Answer, { readonly kind: 'page' | 'unchanged' }>;

/** A fifth of a second between requests is half of the rate that the SEC allows. */
const BETWEEN_MS = 200;
/** Half of a busy day. */
const MAX_PAGES = 20;
/** Four busy days. One that is forgotten is sent again, and the router drops it. */
const MAX_SEEN = 20_000;

/**
 * Reads new filings, page after page until one ends with what is known. Filings count as known once they are in the stream:
 * whatever fails before is repeated by the next poll, and the router drops what comes twice.
 */
export class EdgarPoll {
  readonly #ports: PollPorts;
  readonly #since: number;
  readonly #seen = new Set<string>();
  #validators: Validators = {};

  /** @param since filings that were accepted earlier are not read, in milliseconds since 1970 */
  constructor(ports: PollPorts, since: number) {
    this.#ports = ports;
    this.#since = since;
  }

  /** Throws what `send` throws, or if the signal is aborted. */
  async poll(signal: AbortSignal): Promise<Polled> {
    const found: CurrentFiling[] = [];
    let validators = this.#validators;
    let unread: string | null = null;
    let isComplete = false;
    for (let number = 0; number < MAX_PAGES && !isComplete; number += 1) {
      if (number > 0) await this.#ports.pause(BETWEEN_MS, signal);
      const answer = await this.#ports.request(number * PAGE, number === 0 ? validators : {}, signal);
      if (answer.kind === 'unchanged') return { kind: 'read', sent: 0, unread: null, outOfReach: null };
      if (answer.kind !== 'page') return answer;
      if (number === 0) validators = answer.validators;
      const page = readCurrentFilings(answer.text);
      if (page === null) return { kind: 'failed', reason: 'the answer is not an Atom feed' };
      found.push(...page.filings.filter((filing) => this.#isNew(filing)));
      unread ??= page.unread;
      isComplete = this.#endsWithKnown(page);
    }
    const events = eventsOf(found);
    await this.#ports.send(events, signal);
    this.#keep(found);
    this.#validators = validators;
    return { kind: 'read', sent: events.length, unread, outOfReach: isComplete ? null : oldestOf(found) };
  }

  #isNew(filing: CurrentFiling): boolean {
    return filing.acceptedMs >= this.#since && !this.#seen.has(keyOf(filing));
  }

  /** New filings push older ones to the next page: what is between two requests is seen twice, and never missed. */
  #endsWithKnown({ filings, entries }: CurrentFilings): boolean {
    const last = filings.at(-1);
    return entries < PAGE || last === undefined || !this.#isNew(last);
  }

  #keep(filings: readonly CurrentFiling[]): void {
    for (const filing of filings) this.#seen.add(keyOf(filing));
    for (const key of this.#seen) {
      if (this.#seen.size <= MAX_SEEN) break;
      this.#seen.delete(key);
    }
  }
}

const keyOf = ({ accessionNumber, cik, role }: CurrentFiling): string => `${accessionNumber}/${cik}/${role}`;

/** The oldest first, each once for its company. */
function eventsOf(filings: readonly CurrentFiling[]): CloudEvent[] {
  const inOrder = filings.toReversed().toSorted((one, other) => one.acceptedMs - other.acceptedMs);
  const events = inOrder.flatMap((filing) => filingEvent(filing) ?? []);
  return [...new Map(events.map((event) => [`${event.subject}/${event.id}`, event])).values()];
}

const oldestOf = (filings: readonly CurrentFiling[]): string | null =>
  filings.toSorted((one, other) => one.acceptedMs - other.acceptedMs)[0]?.accepted ?? null;
