import { describe, expect, it } from 'vitest';
import { fateOf } from '#core/callbacks/deliver.ts';
import { CALLBACK_ATTEMPTS, callbackWaitMs } from '#core/callbacks/schedule.ts';
import type { DeliveryResult } from '#core/ports/webhook.ts';

const HOUR = 3_600_000;
/** The longest time that SQS can hide a message. */
const MAX_VISIBILITY = 12 * HOUR;
/** Days that the queue keeps a message after it is first sent. */
const RETENTION = 4 * 24 * HOUR;

const waits = (random: number, askedMs?: number): readonly number[] =>
  Array.from({ length: CALLBACK_ATTEMPTS - 1 }, (_, index) => callbackWaitMs(index + 1, random, askedMs));
const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

describe('the schedule', () => {
  it('retries for a day, whatever the jitter', () => {
    expect(sum(waits(0))).toBeGreaterThan(24 * HOUR);
    expect(sum(waits(0.999_999))).toBeLessThan(33 * HOUR);
  });

  it('waits longer each time, from seconds to hours', () => {
    expect(waits(0).slice(0, 4)).toEqual([5_000, 20_000, 80_000, 320_000]);
    expect(waits(0)).toEqual(waits(0).toSorted((a, b) => a - b));
    expect(callbackWaitMs(2, 0.5)).toBeGreaterThan(callbackWaitMs(2, 0));
  });

  it('honours the receiver’s retry-after, within the limit of SQS', () => {
    expect(callbackWaitMs(1, 0, 60_000)).toBe(60_000);
    expect(callbackWaitMs(5, 0, 1_000)).toBe(callbackWaitMs(5, 0));
    const longest = waits(0.999_999, 1_000 * HOUR);
    expect(Math.max(...longest)).toBeLessThan(MAX_VISIBILITY);
    expect(sum(longest)).toBeLessThan(RETENTION);
  });
});

describe('the result of a delivery', () => {
  const answered = (status: number): DeliveryResult => ({ kind: 'answered', status });

  it.each([200, 201, 202, 204, 299])('%i: delivered', (status) =>
    expect(fateOf(answered(status), 1, 0).kind).toBe('delivered'),
  );

  it('410: no retry', () => expect(fateOf(answered(410), 1, 0).kind).toBe('gone'));

  it.each([199, 301, 302, 307, 400, 401, 404, 408, 429, 500, 503])('%i: retried', (status) =>
    expect(fateOf(answered(status), 1, 0)).toMatchObject({ kind: 'retry', waitMs: 5_000 }),
  );

  it('no response: retried', () => {
    const result = { kind: 'failed', failure: 'timeout', reason: 'The receiver took longer than 10 s.' } as const;
    expect(fateOf(result, 2, 0)).toMatchObject({ kind: 'retry', waitMs: 20_000 });
  });

  it('retry-after is used', () => {
    const result = { kind: 'answered', status: 503, retryAfterMs: 120_000 } as const;
    expect(fateOf(result, 1, 0)).toMatchObject({ kind: 'retry', waitMs: 120_000 });
  });

  it('the last failed attempt creates a dead letter', () => {
    expect(fateOf(answered(500), CALLBACK_ATTEMPTS - 1, 0).kind).toBe('retry');
    expect(fateOf(answered(500), CALLBACK_ATTEMPTS, 0).kind).toBe('dead');
    expect(fateOf(answered(200), CALLBACK_ATTEMPTS, 0).kind).toBe('delivered');
  });
});
