import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Schedules } from '../../src/services/scheduler/schedules.ts';
import { ROOT } from '../../src/services/service.ts';

const EVENING = Date.UTC(2026, 10, 23, 21, 0);

beforeEach(() => void vi.useFakeTimers({ now: EVENING }));
afterEach(() => void vi.useRealTimers());

/** Starts one schedule. Returns the scheduled times of what it fires. */
function fired(expression: string, until?: number, timezone = 'UTC'): string[] {
  const times: string[] = [];
  const call = async (_service: string, _action: string, input: Readonly<Record<string, unknown>>) => {
    times.push((JSON.parse(String(input['Payload'])) as { at: string }).at);
    return {};
  };
  const schedules = new Schedules(call, () => {});
  const target = {
    arn: 'arn:aws:lambda:us-east-1:000000000000:function:night',
    input: '{"at":"<aws.scheduler.scheduled-time>"}',
    deadLetterArn: undefined,
    messageGroupId: undefined,
  };
  const rest = { arn: 'arn:night', name: 'night', timezone, from: undefined, until, event: () => ({}) };
  schedules.add({ ...rest, expression, targets: [target] }, ROOT);
  schedules.start();
  return times;
}

/** The clock moves on, and timers do not, as when the machine sleeps. */
async function sleepFor(ms: number): Promise<void> {
  vi.setSystemTime(Date.now() + ms);
  await vi.advanceTimersByTimeAsync(30_000);
}

const HOUR_MS = 3_600_000;

test('a run that was missed in a sleep is caught up within 30 seconds, with its own time', async () => {
  const times = fired('cron(0 22 * * ? *)');
  await sleepFor(9 * HOUR_MS);
  expect(times).toEqual(['2026-11-23T22:00:00Z']);
  await vi.advanceTimersByTimeAsync(16 * HOUR_MS);
  expect(times).toEqual(['2026-11-23T22:00:00Z', '2026-11-24T22:00:00Z']);
});

test('of many missed runs only the last is caught up', async () => {
  const nightly = fired('cron(0 22 * * ? *)');
  const often = fired('rate(1 minute)');
  await sleepFor(75 * HOUR_MS);
  expect(nightly).toEqual(['2026-11-26T22:00:00Z']);
  expect(often).toEqual(['2026-11-26T23:59:45Z']);
});

test('a schedule that ended in the sleep fires for its last time before the end', async () => {
  const times = fired('cron(0 22 * * ? *)', EVENING + 30 * HOUR_MS);
  await sleepFor(75 * HOUR_MS);
  expect(times).toEqual(['2026-11-24T22:00:00Z']);
});

// Berlin's clocks go forward on 28 March and back on 31 October 2027, at 01:00 UTC.
test.each([
  ['forward', '2027-03-27T20:00:00Z', ['2027-03-27T21:00:00Z', '2027-03-28T02:30:00Z', '2027-03-28T05:05:00Z']],
  ['back', '2027-10-30T19:00:00Z', ['2027-10-30T20:00:00Z', '2027-10-31T03:30:00Z', '2027-10-31T06:05:00Z']],
])(
  'a run, its watchdog and its check are each caught up for their own time: clocks go %s',
  async (_, evening, expected) => {
    vi.setSystemTime(evening);
    const parts = ['cron(0 22 * * ? *)', 'cron(30 4 * * ? *)', 'cron(5 7 * * ? *)'];
    const times = parts.map((expression) => fired(expression, undefined, 'Europe/Berlin'));
    await sleepFor(13 * HOUR_MS);
    expect(times).toEqual(expected.map((time) => [time]));
    // Once: the next times are those of the coming night.
    await vi.advanceTimersByTimeAsync(8 * HOUR_MS);
    expect(times.flat()).toHaveLength(3);
  },
);
