import { z } from 'zod';
import { MAX_OUTBOX_BYTES, type SubjectItem } from './subject-item.ts';

/** What a router rejected, as it lies in the bucket. */
export const rejectedSchema = z.object({
  records: z.array(z.object({ key: z.string(), reason: z.string(), bytes: z.base64() })),
});

/** Effects that a router set aside, as they lie in the bucket. */
export const failedEffectsSchema = z.object({
  effects: z.array(z.object({ subject: z.string(), effect: z.object({ id: z.string(), effect: z.unknown() }) })),
});
export type FailedEffects = z.infer<typeof failedEffectsSchema>['effects'];

/**
 * The item with an effect that was set aside, which the next sweep performs. Null if it waits there already. Throws if the
 * outbox has no room.
 */
export function waitsAgain(
  item: SubjectItem,
  { id, effect }: FailedEffects[number]['effect'],
  now: number,
): SubjectItem | null {
  if (item.outbox.some((waiting) => waiting.id === id)) return null;
  const outbox = [...item.outbox, { id, effect, since: now, attempts: 0, notBefore: now }];
  if (JSON.stringify(outbox).length > MAX_OUTBOX_BYTES) throw new Error(`The outbox has no room for the effect ${id}.`);
  return { ...item, version: item.version + 1, outbox };
}
