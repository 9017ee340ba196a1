import type { Asked, AskedStore } from '../../digests/asked.ts';
import type { Finding } from '../../digests/finding.ts';
import { analysisOf, findingOf, type MatchFinding } from '../../digests/finding.ts';
import type { DigestInput } from '../../digests/make-digest.ts';
import { hourOf } from '../../digests/period.ts';
import type { Closed, DigestRecord, DigestStore, FindingStore } from '../../digests/store.ts';
import type { Match } from '../../events/match.ts';
import { eventAt, matchOf } from '../alerts/support.ts';

export const HOUR_14 = hourOf(Date.parse('2026-11-27T14:00:00Z'));

/** A finding of 14:30, unless it is changed. */
export function finding(change: Partial<Match> = {}, at = Date.parse('2026-11-27T14:30:01Z')): MatchFinding {
  const made = findingOf(matchOf({ event: eventAt('2026-11-27T14:30:00Z', change.id ?? 'e'), ...change }), at);
  if (made === null) throw new Error('no finding');
  return made;
}

export const analysis = (task: string, summary: string | null, change: Partial<Match> = {}): Finding =>
  analysisOf(
    { task, agent: 'price-move', summary },
    [matchOf({ event: eventAt('2026-11-27T14:30:00Z', 'e'), ...change })],
    Date.parse('2026-11-27T14:30:05Z'),
  );

export const inputOf = (change: Partial<DigestInput> = {}): DigestInput => ({
  portfolio: { id: 'tech', name: 'Technology', zone: 'America/New_York' },
  period: HOUR_14,
  findings: [],
  late: [],
  alerts: [],
  counts: { events: 2_083, rejected: 1, outOfOrder: 2 },
  unanswered: { expired: 0, waiting: 0 },
  silentSources: [],
  ...change,
});

/** Where a crash may strike. */
export type Strike = (point: string) => void;

export class MemoryFindings implements FindingStore {
  readonly #items = new Map<string, Finding>();
  async #put(key: string, finding: Finding): Promise<void> {
    await Promise.resolve();
    if (!this.#items.has(key)) this.#items.set(key, finding);
  }
  async #list(prefix: string): Promise<Finding[]> {
    await Promise.resolve();
    return [...this.#items].filter(([key]) => key.startsWith(prefix)).map(([, each]) => each);
  }
  put(each: Finding): Promise<void> {
    return this.#put(`FIND ${each.portfolio} ${each.hour} ${each.id}`, each);
  }
  putLate(each: Finding, hour: string): Promise<void> {
    return this.#put(`LATE ${each.portfolio} ${hour} ${each.id}`, each);
  }
  of(portfolio: string, hour: string): Promise<Finding[]> {
    return this.#list(`FIND ${portfolio} ${hour} `);
  }
  lateFor(portfolio: string, hour: string): Promise<Finding[]> {
    return this.#list(`LATE ${portfolio} ${hour} `);
  }
}

export class MemoryDigests implements DigestStore {
  readonly records = new Map<string, DigestRecord>();
  readonly #closed = new Map<string, Closed>();
  readonly #strike: Strike;

  constructor(strike: Strike = () => undefined) {
    this.#strike = strike;
  }

  async closed(portfolio: string): Promise<Closed | null> {
    await Promise.resolve();
    return this.#closed.get(portfolio) ?? null;
  }

  async close(portfolio: string, closed: Closed): Promise<'written' | 'refused'> {
    this.#strike('before close');
    await Promise.resolve();
    if ((this.#closed.get(portfolio)?.version ?? 0) !== closed.version - 1) return 'refused';
    this.#closed.set(portfolio, closed);
    this.#strike('after close');
    return 'written';
  }

  async put(record: DigestRecord): Promise<'written' | 'refused'> {
    this.#strike('before put');
    await Promise.resolve();
    const key = `${record.portfolio}/${record.period}`;
    if (this.records.has(key)) return 'refused';
    this.records.set(key, structuredClone(record));
    this.#strike('after put');
    return 'written';
  }

  async get(portfolio: string, period: string): Promise<DigestRecord | null> {
    await Promise.resolve();
    return this.records.get(`${portfolio}/${period}`) ?? null;
  }
}

/** Tasks that analysts were asked for, in memory. */
export function memoryAsked(): AskedStore {
  const asked = new Map<string, Asked>();
  const answered = new Set<string>();
  const keyOf = ({ portfolio, hour, task }: Pick<Asked, 'portfolio' | 'hour' | 'task'>) =>
    `${portfolio} ${hour} ${task}`;
  return {
    ask: (each) => Promise.resolve(void asked.set(keyOf(each), each)),
    answer: (each) => Promise.resolve(void answered.add(keyOf(each))),
    unanswered: (portfolio, hour) =>
      Promise.resolve(
        [...asked].flatMap(([key, each]) =>
          !answered.has(key) && each.portfolio === portfolio && each.hour === hour ? [each] : [],
        ),
      ),
  };
}
