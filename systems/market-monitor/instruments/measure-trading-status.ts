import type { EventData } from '../events/events.ts';
import type { Measured } from './measure-bar.ts';
import { withPrice } from './with-price.ts';
import type { SubjectState } from './state.ts';

/** A halt or its end. One that is older than what is known says nothing about now. */
export function measureTradingStatus(
  before: SubjectState,
  { status, reason, level = 0 }: EventData<'market.trading-status.v1'>,
  time: number,
): Measured {
  const { halt, ...rest } = before;
  const known = Math.max(halt?.since ?? 0, before.resumedAt ?? 0);
  if (time < known) return { state: before, measures: null };
  const measures = Object.assign(withPrice(before), {
    halted: status === 'halted',
    haltBefore: halt?.reason ?? '',
    haltLevelBefore: halt?.level ?? 0,
  });
  if (status === 'resumed') return { state: { ...rest, resumedAt: time }, measures };
  return { state: { ...rest, halt: { reason, level, since: time } }, measures };
}
