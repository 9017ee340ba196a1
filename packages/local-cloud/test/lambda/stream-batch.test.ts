import { expect, onTestFinished, test, vi } from 'vitest';
import { processBatch } from '../../src/lambda/mappings/streams/process-batch.ts';
import type { BatchRun } from '../../src/lambda/mappings/streams/process-batch.ts';
import type { StreamSettings } from '../../src/lambda/mappings/streams/config.ts';
import type { BatchRecord } from '../../src/lambda/mappings/streams/stream-event.ts';
import { ServiceError } from '../../src/services/service.ts';

const SETTINGS: StreamSettings = {
  batchSize: 100,
  batchingWindowSeconds: 0,
  parallelizationFactor: 1,
  maximumRetryAttempts: -1,
  maximumRecordAgeSeconds: -1,
  bisectOnError: false,
};
const NOW = 1_000_000;

const record = (name: string, arrivedAt = NOW): BatchRecord => ({
  position: name.charCodeAt(0),
  arrivedAt,
  sequenceNumber: name,
  partitionKey: 'k',
  data: '',
});

type Answer = 'throw' | 'throttle' | 'abort' | object | null;

/** Processes records named by letters. Returns what the function got, what was discarded, and the checkpoints. */
async function run(
  records: readonly BatchRecord[],
  answer: (names: string, call: number) => Answer,
  settings: Partial<StreamSettings> = {},
  partial = true,
) {
  const seen = {
    calls: [] as string[],
    discarded: [] as string[],
    checkpoints: [] as string[],
    failures: [] as string[],
  };
  const abort = new AbortController();
  const batchRun: BatchRun = {
    settings: { ...SETTINGS, ...settings },
    partial,
    shard: 0,
    signal: abort.signal,
    now: () => NOW,
    horizon: () => 0,
    event: (some) => some.map(({ sequenceNumber }) => sequenceNumber).join(''),
    invoke: async (names) => {
      seen.calls.push(names);
      const given = answer(names, seen.calls.length);
      if (given === 'throttle') throw new ServiceError('TooManyRequestsException', 'Rate Exceeded.', 429);
      if (given === 'abort') abort.abort();
      const failed = given === 'throw' || given === 'abort';
      return { requestId: 'r', payload: JSON.stringify(given), failed };
    },
    attempting: () => {},
    checkpoint: (position) => seen.checkpoints.push(String.fromCharCode(position)),
    discard: async ({ payload, condition, invocations }) => {
      seen.discarded.push(`${payload} ${condition} ${invocations}`);
    },
    failed: (reason) => seen.failures.push(reason),
  };
  const ended = await processBatch(records, batchRun);
  return { ...seen, ended };
}

const letters = (text: string): BatchRecord[] => text.split('').map((letter) => record(letter));
const failing = (...names: string[]): object => ({
  batchItemFailures: names.map((itemIdentifier) => ({ itemIdentifier })),
});

test('a batch that succeeds is one call', async () => {
  for (const answer of [{}, null, { batchItemFailures: [] }, { batchItemFailures: null }]) {
    const seen = await run(letters('abc'), () => answer);
    expect([seen.calls, seen.checkpoints, seen.ended]).toEqual([['abc'], ['c'], true]);
  }
});

test('the lowest sequence number of the response is the checkpoint; all after it come again', async () => {
  const seen = await run(letters('abcd'), (_names, call) => (call === 1 ? failing('d', 'b') : {}));
  expect(seen.calls).toEqual(['abcd', 'bcd']);
  expect(seen.checkpoints).toEqual(['a', 'd']);
});

test.each([
  ['an empty id', { batchItemFailures: [{ itemIdentifier: '' }] }],
  ['no id', { batchItemFailures: [{ itemIdentifier: null }] }],
  ['a wrong key', { batchItemFailures: [{ id: 'b' }] }],
  ['an id that is not in the batch', failing('z')],
])('%s in the response fails the whole batch', async (_case, answer) => {
  const seen = await run(letters('abc'), (_names, call) => (call === 1 ? answer : {}));
  expect(seen.calls).toEqual(['abc', 'abc']);
  expect(seen.checkpoints).toEqual(['c']);
});

test('without ReportBatchItemFailures the response does not matter', async () => {
  const seen = await run(letters('abc'), () => failing('a'), {}, false);
  expect(seen.calls).toEqual(['abc']);
});

test('the last attempt is followed by the destination, and the next record goes on', async () => {
  const seen = await run(letters('ab'), () => 'throw', { maximumRetryAttempts: 2 });
  expect(seen.calls).toEqual(['ab', 'ab', 'ab']);
  expect(seen.discarded).toEqual(['ab RetryAttemptsExhausted 3']);
  expect([seen.checkpoints, seen.ended]).toEqual([['b'], true]);
});

test('bisecting loses only the bad record, and costs no attempt', async () => {
  const bad = (names: string): Answer => (names.includes('c') ? 'throw' : {});
  const seen = await run(letters('abcdef'), bad, { bisectOnError: true, maximumRetryAttempts: 0 });
  expect(seen.discarded).toEqual(['c RetryAttemptsExhausted 1']);
  const done = seen.calls.filter((names) => !names.includes('c')).join('');
  expect(done).toBe('abdef');
  expect(seen.checkpoints.at(-1)).toBe('f');
  expect(seen.checkpoints).toEqual([...seen.checkpoints].sort((a, b) => (a < b ? -1 : 1)));
});

test('with both, the batch is cut at the number of the response and the good half is kept', async () => {
  const answer = (names: string): Answer => (names.includes('c') ? failing('c') : {});
  const seen = await run(letters('abcdef'), answer, { bisectOnError: true, maximumRetryAttempts: 0 });
  expect(seen.discarded).toEqual(['c RetryAttemptsExhausted 1']);
  expect(seen.calls).toEqual(['abcdef', 'cdef', 'cd', 'c', 'd', 'ef']);
});

test('a record that is too old is discarded without a call', async () => {
  const records = [record('a', NOW - 61_000), record('b', NOW - 60_000)];
  const seen = await run(records, () => ({}), { maximumRecordAgeSeconds: 60 });
  expect(seen.discarded).toEqual(['a RecordAgeExceeded 0']);
  expect([seen.calls, seen.checkpoints]).toEqual([['b'], ['a', 'b']]);
});

test('without a limit of attempts, an outage gives no record up before it is too old', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const settings = { bisectOnError: true, maximumRetryAttempts: -1, maximumRecordAgeSeconds: 21_600 };
  const running = run(letters('ab'), (_names, call) => (call < 60 ? 'throw' : {}), settings);
  await vi.runAllTimersAsync();
  const seen = await running;
  expect([seen.discarded, seen.checkpoints.at(-1), seen.ended]).toEqual([[], 'b', true]);
  expect(seen.calls.length).toBeGreaterThanOrEqual(60);
});

test('a throttled function costs no attempt', async () => {
  const seen = await run(letters('ab'), (_names, call) => (call < 4 ? 'throttle' : {}), { maximumRetryAttempts: 0 });
  expect([seen.calls.length, seen.discarded, seen.checkpoints, seen.failures]).toEqual([4, [], ['b'], []]);
});

test('after an abort nothing is discarded or moved', async () => {
  const seen = await run(letters('ab'), () => 'abort', { maximumRetryAttempts: 0 });
  expect([seen.discarded, seen.checkpoints, seen.ended]).toEqual([[], [], false]);
});
