import { describe, expect, it } from 'vitest';
import { fateOf } from '#core/callbacks/deliver.ts';
import { CALLBACK_ATTEMPTS, callbackWaitMs } from '#core/callbacks/schedule.ts';
import type { DeliveryResult } from '#core/ports/webhook.ts';

const HOUR = 3_600_000;
/** SQS hides a message for at most so long. */
const MAX_VISIBILITY = 12 * HOUR;
/** Days that the queue keeps a message, from its first sending on. */
const RETENTION = 4 * 24 * HOUR;

const waits = (random: number, askedMs?: number): readonly number[] =>
  Array.from({ length: CALLBACK_ATTEMPTS - 1 }, (_, index) => callbackWaitMs(index + 1, random, askedMs));
const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

describe('the schedule', () => {
  it('tries for a day, whatever the dice say', () => {
    expect(sum(waits(0))).toBeGreaterThan(24 * HOUR);
    expect(sum(waits(0.999_999))).toBeLessThan(33 * HOUR);
  });

  it('waits longer and longer, from seconds to hours', () => {
    expect(waits(0).slice(0, 4)).toEqual([5_000, 20_000, 80_000, 320_000]);
    expect(waits(0)).toEqual(waits(0).toSorted((a, b) => a - b));
    expect(callbackWaitMs(2, 0.5)).toBeGreaterThan(callbackWaitMs(2, 0));
  });

  it('honours what the receiver asks for, within what SQS can do', () => {
    expect(callbackWaitMs(1, 0, 60_000)).toBe(60_000);
    expect(callbackWaitMs(5, 0, 1_000)).toBe(callbackWaitMs(5, 0));
    const longest = waits(0.999_999, 1_000 * HOUR);
    expect(Math.max(...longest)).toBeLessThan(MAX_VISIBILITY);
    expect(sum(longest)).toBeLessThan(RETENTION);
  });
});

describe('what becomes of a delivery', () => {
  const answered = (status: number): DeliveryResult => ({ kind: 'answered', status });

  it.each([200, 201, 202, 204, 299])('%i: delivered', (status) =>
    expect(fateOf(answered(status), 1, 0).kind).toBe('delivered'),
  );

  it('410: its receiver wants none', () => expect(fateOf(answered(410), 1, 0).kind).toBe('gone'));

  it.each([199, 301, 302, 307, 400, 401, 404, 408, 429, 500, 503])('%i: tried again', (status) =>
    expect(fateOf(answered(status), 1, 0)).toMatchObject({ kind: 'retry', waitMs: 5_000 }),
  );

  it('no answer: tried again', () => {
    const result = { kind: 'failed', failure: 'timeout', reason: 'The receiver took longer than 10 s.' } as const;
    expect(fateOf(result, 2, 0)).toMatchObject({ kind: 'retry', waitMs: 20_000 });
  });

  it('retry-after counts', () => {
    const result = { kind: 'answered', status: 503, retryAfterMs: 120_000 } as const;
    expect(fateOf(result, 1, 0)).toMatchObject({ kind: 'retry', waitMs: 120_000 });
  });

  it('the last attempt makes a dead letter', () => {
    expect(fateOf(answered(500), CALLBACK_ATTEMPTS - 1, 0).kind).toBe('retry');
    expect(fateOf(answered(500), CALLBACK_ATTEMPTS, 0).kind).toBe('dead');
    expect(fateOf(answered(200), CALLBACK_ATTEMPTS, 0).kind).toBe('delivered');
  });
});
