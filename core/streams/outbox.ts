import type { SubjectItem, WaitingEffect } from './subject-item.ts';

/** After this many attempts, about four hours, an effect is set aside. */
export const MAX_EFFECT_ATTEMPTS = 20;

const FIRST_WAIT_MS = 30_000;
const MAX_WAIT_MS = 15 * 60_000;

/** A router performs an effect within this time, unless it died: then the sweep does. */
export const SWEEP_AFTER_MS = 60_000;

/** The effect after it failed by itself. */
export function afterFailure(effect: WaitingEffect, now: number): WaitingEffect {
  const attempts = effect.attempts + 1;
  return { ...effect, attempts, notBefore: now + Math.min(MAX_WAIT_MS, FIRST_WAIT_MS * 2 ** effect.attempts) };
}

export const isDue = ({ notBefore = 0 }: WaitingEffect, now: number): boolean => notBefore <= now;

/** Whether a failing effect is set aside. An outbox without room is no reason: the events of its subject come again instead. */
export const isGivenUp = ({ attempts }: WaitingEffect): boolean => attempts >= MAX_EFFECT_ATTEMPTS;

/** When the sweep reads an item: its first effect that is due. Null: it has none. */
export const sweepAt = ({ outbox }: SubjectItem): number | null =>
  outbox.length === 0 ? null : Math.min(...outbox.map(({ since, notBefore }) => notBefore ?? since + SWEEP_AFTER_MS));

/** The item without these effects, and with others as they failed. It has the next version. */
export function settled(
  item: SubjectItem,
  gone: ReadonlySet<string>,
  failed: ReadonlyMap<string, WaitingEffect>,
): SubjectItem {
  const outbox = item.outbox.filter(({ id }) => !gone.has(id)).map((waiting) => failed.get(waiting.id) ?? waiting);
  return { ...item, version: item.version + 1, outbox };
}
