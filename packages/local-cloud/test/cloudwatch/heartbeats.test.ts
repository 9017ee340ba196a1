import { expect, test } from 'vitest';
import { temporaryFolder } from '../../testing/serve.ts';
import { rig, START } from './support.ts';

const HEARTBEAT = {
  MetricName: 'Beats',
  EvaluationPeriods: 5,
  DatapointsToAlarm: 3,
  ComparisonOperator: 'LessThanThreshold',
  TreatMissingData: 'breaching',
};

/** A heartbeat of every minute, until its function dies. */
function heartbeats(dataDir?: string, now?: number) {
  const made = rig(dataDir, now);
  made.add('dead', HEARTBEAT);
  const beat = () =>
    made.service.measure({ namespace: 'fleet', name: 'Beats', dimensions: { service: 'echo' }, value: 1 });
  const minutes = async (count: number, beats: boolean): Promise<(string | undefined)[]> => {
    const states: (string | undefined)[] = [];
    for (let minute = 0; minute < count; minute++) {
      if (beats) beat();
      await made.minute();
      states.push(made.state('dead'));
    }
    return states;
  };
  return { ...made, minutes };
}

test('an alarm on heartbeats rings five minutes after the last one, and clears with the third of five', async () => {
  const { minutes } = heartbeats();
  expect(new Set(await minutes(8, true))).toEqual(new Set(['OK']));
  expect(await minutes(6, false)).toEqual(['OK', 'OK', 'OK', 'OK', 'ALARM', 'ALARM']);
  expect(await minutes(3, true)).toEqual(['ALARM', 'ALARM', 'OK']);
});

test('a heartbeat that is missed every other minute rings nothing', async () => {
  const { minutes } = heartbeats();
  const states: unknown[] = [];
  for (let round = 0; round < 9; round++) states.push(...(await minutes(1, true)), ...(await minutes(1, false)));
  expect(new Set(states)).toEqual(new Set(['OK']));
});

test('before the first heartbeat the alarm waits for as long as it looks at, and then rings', async () => {
  const { minutes } = heartbeats(undefined, START + 20_000);
  expect(await minutes(6, false)).toEqual([...Array<string>(5).fill('INSUFFICIENT_DATA'), 'ALARM']);
});

test('a machine that slept is no dead function, and one that dies after it woke is', async () => {
  const { minutes, clock, published } = heartbeats();
  await minutes(8, true);
  clock.now += 8 * 3_600_000;
  expect(await minutes(2, false)).toEqual(['OK', 'OK']);
  expect(new Set(await minutes(7, true))).toEqual(new Set(['OK']));
  expect((await minutes(6, false)).at(-1)).toBe('ALARM');
  expect(published).toEqual([]);
});

test('after a restart the state stays until the time that the alarm looks at has passed', async () => {
  const dataDir = temporaryFolder();
  const before = heartbeats(dataDir);
  await before.minutes(8, true);
  await before.service.close();
  const { minutes, service } = heartbeats(dataDir, before.clock.now + 3_600_000);
  expect(await minutes(4, false)).toEqual(Array<string>(4).fill('OK'));
  expect(await minutes(1, false)).toEqual(['ALARM']);
  await service.close();
});
