import { z } from 'zod';
import type { RoutedEvent, StreamApp } from '#core/streams/app.ts';
import { applyBatch, type Batch } from '#core/streams/apply-batch.ts';
import { EMPTY, type SubjectItem } from '#core/streams/subject-item.ts';

const tallySchema = z.object({ sum: z.number(), seen: z.array(z.string()) });
type Tally = z.infer<typeof tallySchema>;
const effectSchema = z.object({ id: z.string(), amount: z.number() });
type Effect = z.infer<typeof effectSchema>;
const dataSchema = z.object({ amount: z.number(), pad: z.string().optional(), effects: z.number().optional() });

/** Adds amounts. An amount below 0 breaks it, one of 100 or more has an effect. */
export const tally: StreamApp<Tally, null, Effect> = {
  types: { 'tally.amount.v1': dataSchema },
  subject: z.string().regex(/^s-\d+$/),
  state: tallySchema,
  initial: { sum: 0, seen: [] },
  effect: effectSchema,
  prepare: () => Promise.resolve(null),
  apply(state, event) {
    const { amount, pad, effects = amount >= 100 ? 1 : 0 } = dataSchema.parse(event.data);
    if (amount < 0) throw new RangeError('below 0');
    const seen = [...state.seen, `${event.id}${event.late ? ' late' : ''}${pad ?? ''}`];
    return {
      state: { sum: state.sum + amount, seen },
      effects: Array.from({ length: effects }, (_, index) => ({ id: `${event.source}/${event.id}/${index}`, amount })),
    };
  },
  perform: () => Promise.resolve(),
};

const T0 = Date.parse('2026-11-30T14:30:00Z');

/** An event whose time follows its number. */
export function anEvent(of: Partial<RoutedEvent> & { readonly amount?: number } = {}): RoutedEvent {
  const { amount = 1, ...event } = of;
  const minutes = Number(event.sequence ?? 0n);
  return {
    source: 'bars',
    id: `e-${event.sequence ?? 'x'}`,
    type: 'tally.amount.v1',
    subject: 's-1',
    time: T0 + minutes * 60_000,
    sequence: null,
    data: { amount },
    arrivedAt: T0,
    late: false,
    ...event,
  };
}

const MEMORY_MS = 48 * 3_600_000;

/** Applies events to an item, each as a batch item. */
export function applied(
  events: readonly RoutedEvent[],
  item: SubjectItem = EMPTY,
  with_: Partial<Batch<{ event: RoutedEvent }, null>> = {},
) {
  const state = item.state === undefined ? tally.initial : tallySchema.parse(item.state);
  const items = events.map((event) => ({ event }));
  const batch = { items, context: null, now: T0, memoryMs: MEMORY_MS, isSpilled: () => false, ...with_ };
  return applyBatch(tally, { item, state }, batch);
}

/** The ids that an item's state has seen. */
export const seenBy = (item: SubjectItem | null): readonly string[] => tallySchema.parse(item?.state).seen;

export { MEMORY_MS, T0 };
