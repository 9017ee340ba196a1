import { z } from 'zod';
import type { StreamApp } from '#core/streams/app.ts';
import { ABSENT, conditionalPut, dynamodb } from '#runtime/index.ts';

const tallySchema = z.looseObject({ sum: z.number(), seen: z.array(z.string()) });
type Tally = z.infer<typeof tallySchema>;
const effectSchema = z.looseObject({ id: z.string(), amount: z.number() });
const dataSchema = z.object({ amount: z.number() });

/**
 * Adds the amounts of a subject. An amount below 0 breaks it. One of 100 or more has an effect: an item `EFFECT#<id>` that
 * is written once.
 */
export const tallyApp = (table: string): StreamApp<Tally, null, z.infer<typeof effectSchema>> => ({
  types: { 'tally.amount.v1': dataSchema },
  subject: z.string().regex(/^s-\d+$/, 'must be s- and a number'),
  state: tallySchema,
  initial: { sum: 0, seen: [] },
  effect: effectSchema,
  prepare: () => Promise.resolve(null),
  apply(state, event) {
    const { amount } = dataSchema.parse(event.data);
    if (amount < 0) throw new RangeError('An amount is 0 or more.');
    const seen = [...state.seen, `${event.id}${event.late ? ' late' : ''}`];
    const effects = amount >= 100 ? [{ id: `${event.source}/${event.id}`, amount }] : [];
    return { state: { ...state, sum: state.sum + amount, seen }, effects };
  },
  async perform(subject, effects) {
    for (const { id, amount } of effects) {
      const item = { pk: { S: `EFFECT#${id}` }, sk: { S: subject }, amount: { N: String(amount) } };
      await conditionalPut({ client: dynamodb(), table }, item, ABSENT);
    }
  },
});
