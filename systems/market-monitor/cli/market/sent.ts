import type { MarketRecord } from '@agent-fleet/simulated-market';
import { z } from 'zod';
import type { EventName } from '#core/ports/subject-store.ts';

/** The valid events of one subject that were sent, each once. */
export interface SentToSubject {
  /** Numbers by source, of events that are numbered. */
  readonly numbers: Map<string, Set<bigint>>;
  /** Source and id of the others, by both as JSON. */
  readonly names: Map<string, EventName>;
  /** The newest revision of each bar, by its start in milliseconds since 1970. */
  readonly bars: Map<number, number>;
}
export type Sent = ReadonlyMap<string, SentToSubject>;

const eventSchema = z.looseObject({
  source: z.string(),
  id: z.string(),
  type: z.string(),
  subject: z.string(),
  sequence: z.coerce.bigint().optional(),
  data: z.unknown(),
});
const barSchema = z.looseObject({ start: z.string(), revision: z.number() });

/** What a day sends, by what its generator says of each record: the monitor's own schemas have no say in it. */
export function sentBy(records: Iterable<Pick<MarketRecord, 'bytes' | 'is'>>): Sent {
  const sent = new Map<string, SentToSubject>();
  for (const record of records) {
    const event = eventIn(record);
    if (event === null) continue;
    const own = sent.get(event.subject) ?? { numbers: new Map(), names: new Map(), bars: new Map() };
    sent.set(event.subject, own);
    add(own, event);
  }
  return sent;
}

/** The event of a valid record that is the first of its kind. Null: a duplicate, or none that a router must handle. */
export function eventIn({ bytes, is }: Pick<MarketRecord, 'bytes' | 'is'>): z.infer<typeof eventSchema> | null {
  return is === 'event' ? eventSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8'))) : null;
}

function add(own: SentToSubject, { source, id, type, sequence, data }: z.infer<typeof eventSchema>): void {
  if (sequence === undefined) own.names.set(JSON.stringify([source, id]), [source, id]);
  else own.numbers.set(source, (own.numbers.get(source) ?? new Set()).add(sequence));
  if (type !== 'market.bar.v1') return;
  const { start, revision } = barSchema.parse(data);
  own.bars.set(Date.parse(start), Math.max(revision, own.bars.get(Date.parse(start)) ?? 0));
}

/** How many events were sent. */
export const countOf = (sent: Sent): number =>
  [...sent.values()]
    .flatMap(({ numbers, names }) => [names.size, ...[...numbers.values()].map(({ size }) => size)])
    .reduce((sum, each) => sum + each, 0);
