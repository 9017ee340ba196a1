import { describe, expect, it } from 'vitest';
import { nextEpoch, regionOfEpoch, isFirstEpoch } from '#core/regions/epoch.ts';
import {
  executionOfRun,
  homeOfKey,
  homeOfSubmission,
  homeOfTask,
  keyMadeIn,
  runIdHere,
  taskIdAt,
  type RegionNames,
} from '#core/regions/home.ts';
import { taskIdSchema } from '#core/tasks/task-id.ts';

const NAMES: RegionNames = ['us', 'eu', 'ap'];
const UUID = 'f81d4fae-7dec-41d0-a765-00a0c91e6bf6';
const id = taskIdSchema.parse('task-0123456789abcdef0123456789abcdef');

describe('the home of a task', () => {
  it('is readable from its id', () => {
    for (const home of [0, 1, 2]) expect(homeOfTask(taskIdAt(home, id, NAMES), NAMES)).toBe(home);
    expect(taskIdAt(2, id, NAMES)).toBe(`ap.${id}`);
  });

  it('is the first region for ids of a fleet of one region, which keep their form', () => {
    expect(taskIdAt(0, id, NAMES)).toBe(id);
    expect(homeOfTask(id, ['us'])).toBe(0);
    expect(homeOfTask(taskIdSchema.parse('contract-analyst-0123'), NAMES)).toBe(0);
  });

  it('follows from the idempotency key, whichever region received it (I10)', () => {
    expect(homeOfKey(keyMadeIn('eu', UUID), 0, NAMES)).toBe(1);
    expect(homeOfKey(keyMadeIn('ap', UUID), 1, NAMES)).toBe(2);
  });

  it("is the tenant's home for a key that our client did not make", () => {
    for (const key of ['order-17', 'eu.order-17', `xx.${UUID}`, UUID, 'eu.', '.'])
      expect(homeOfKey(key, 2, NAMES)).toBe(2);
  });
});

describe('the home of something new', () => {
  const homes = { here: 2, names: NAMES };
  const key = keyMadeIn('ap', UUID);

  it('is that of its session, of the task that it starts again, of its run, of its key, or the region it is in', () => {
    const origin = { sessionId: 'eu.talk', retryOf: 'ap.task-1', runId: 'run-1', idempotencyKey: key };
    expect(homeOfSubmission(homes, origin)).toBe(1);
    expect(homeOfSubmission(homes, { ...origin, sessionId: undefined })).toBe(2);
    expect(homeOfSubmission(homes, { runId: 'run-1', idempotencyKey: key })).toBe(0);
    expect(homeOfSubmission(homes, { idempotencyKey: keyMadeIn('eu', UUID) })).toBe(1);
    expect(homeOfSubmission(homes, { idempotencyKey: 'order-17' })).toBe(0);
    expect(homeOfSubmission(homes, {})).toBe(2);
  });
});

describe('the id of a run', () => {
  it('has its region in front of the name of its execution, except in the first region and in a fleet of one', () => {
    expect(runIdHere({ here: 1, names: NAMES }, 'batch-1')).toBe('eu.batch-1');
    expect(runIdHere({ here: 0, names: NAMES }, 'batch-1')).toBe('batch-1');
    expect(runIdHere(undefined, 'batch-1')).toBe('batch-1');
    for (const runId of ['eu.batch-1', 'batch-1']) expect(executionOfRun(runId)).toBe('batch-1');
  });
});

describe('an epoch of a home', () => {
  it('belongs to one region, and is above every epoch that was seen', () => {
    expect([0, 1, 2].map((region) => nextEpoch(-1, region))).toEqual([0, 1, 2]);
    expect([0, 1, 2].map((region) => nextEpoch(17, region))).toEqual([32, 33, 34]);
    expect([0, 16, 17, 34].map(regionOfEpoch)).toEqual([0, 0, 1, 2]);
    expect([0, 2, 16, 17].map(isFirstEpoch)).toEqual([true, true, false, false]);
  });
});
