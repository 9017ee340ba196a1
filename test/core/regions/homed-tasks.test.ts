import { beforeEach, describe, expect, it } from 'vitest';
import { acceptAtHome, homedTasks, HomeLost, isLeftBehind, type TaskVersion } from '#core/regions/homed-tasks.ts';
import { MAX_DEADLINE_MS } from '#core/api/tasks/build-submission.ts';
import { MAX_TAKEOVER_AGE_MS, TASK_KEPT_DAYS } from '#core/regions/forgotten.ts';
import { pledgeBefore } from '#core/regions/adopt.ts';
import { answerPledge, NO_PLEDGE, type Pledge, type PledgeRequest } from '#core/regions/pledge.ts';
import { apply } from '#core/tasks/apply.ts';
import { claim } from '#core/tasks/claim.ts';
import { succeed } from '#core/tasks/finish.ts';
import type { Task } from '#core/tasks/task.ts';
import { freshId, NOW, sampleTask } from '../../contract/samples.ts';

/** The replica of one region, and the pledges of three. */
class Region {
  readonly versions: TaskVersion[] = [];
  pledges: Pledge[] = [NO_PLEDGE, NO_PLEDGE, NO_PLEDGE];
  reachable: readonly number[] = [0, 1, 2];

  readonly store = (epoch: number) =>
    homedTasks(
      {
        replica: {
          versions: async (id) => this.versions.filter(({ task }) => task.id === id),
          write: async (version, before) => {
            const at = this.versions.findIndex((one) => one.epoch === version.epoch && one.task.id === version.task.id);
            const stored = this.versions[at];
            if (before === 'absent' ? stored : stored?.task.version !== before) return 'conflict';
            this.versions.splice(at < 0 ? this.versions.length : at, stored ? 1 : 0, version);
            return 'written';
          },
        },
        pledges: { ask: async (_, request) => this.reachable.map((table) => this.#ask(table, request)) },
        now: () => NOW,
      },
      epoch,
    );

  #ask(table: number, request: PledgeRequest) {
    const answer = answerPledge(this.pledges[table] ?? NO_PLEDGE, request);
    this.pledges[table] = answer.pledge;
    return answer;
  }
}

const CANCELLED = { status: 'cancelled', finishedAt: NOW, notified: false } as const;

let region: Region;
let task: Task;
beforeEach(() => {
  region = new Region();
  task = sampleTask({ id: freshId(), budget: { tokens: 1_000, usd: 4 } });
});

const claimed = (epoch: number, of: Task) => apply(region.store(epoch), of, (current) => claim(current, 'w', NOW));

describe('a task of a home', () => {
  it('is written by each epoch under a key of its own, and the newest counts', async () => {
    await region.store(0).create(task);
    const first = await claimed(0, task);
    const mine = (await region.store(17).adopt(task.id)) ?? task;
    const second = await claimed(17, mine);
    expect(second).toMatchObject({ ok: true, task: { state: { status: 'running' }, crashes: 0 } });
    expect(region.versions.map(({ epoch }) => epoch)).toEqual([0, 17]);
    // Claims are numbered apart, so that their steps have keys of their own.
    expect(second.task.epoch).toBeGreaterThan(first.task.epoch + 1_000_000);
    expect(await region.store(17).get(task.id)).toEqual(second.task);
  });

  it('is not written by an epoch that was overtaken', async () => {
    await region.store(0).create(task);
    const running = await claimed(0, task);
    const taken = await claimed(17, task);
    const end = succeed(running.task, running.task.epoch, { output: 'late', warnings: [] }, NOW).task;
    await expect(region.store(0).replace(end)).rejects.toThrow(HomeLost);
    // What it writes under its own key changes nothing.
    await region.store(0).replace({ ...running.task, version: 3 });
    expect(await region.store(17).get(task.id)).toEqual(taken.task);
    await expect(region.store(0).pledge(task.id, { mayHaveSpent: 0 })).rejects.toThrow(HomeLost);
  });

  it('is not adopted while two tables cannot be reached', async () => {
    await region.store(0).create(task);
    region.reachable = [1];
    await expect(region.store(17).adopt(task.id)).rejects.toThrow(HomeLost);
  });

  it('keeps an end that two tables hold, although the replica has not seen it (I1)', async () => {
    await region.store(0).create(task);
    const running = await claimed(0, task);
    const seen = [...region.versions];
    const end = succeed(running.task, running.task.epoch, { output: 'answer', warnings: [] }, NOW).task;
    await region.store(0).pledge(task.id, { mayHaveSpent: 1, end: end.state });
    region.versions.splice(0, Infinity, ...seen);
    expect(await region.store(17).adopt(task.id)).toMatchObject({ state: { status: 'succeeded', output: 'answer' } });
  });

  it('that was cancelled in its batch, and has no end that two tables hold, goes on without the batch', async () => {
    const batch = { id: 'batch-1', since: NOW, held: [] };
    region.versions.push({ epoch: 0, task: { ...task, batch, state: CANCELLED } });
    const mine = await region.store(17).adopt(task.id);
    expect(mine).toMatchObject({ state: { status: 'queued' } });
    expect(mine?.batch).toBeUndefined();
  });

  it('has no end that can be read before two tables hold it', async () => {
    await region.store(0).create(task);
    const running = await claimed(0, task);
    const ending = () =>
      apply(region.store(0), running.task, (current) =>
        succeed(current, current.epoch, { output: 'unheard', warnings: [] }, NOW),
      );
    region.reachable = [0];
    await expect(ending()).rejects.toThrow(HomeLost);
    expect(await region.store(0).get(task.id)).toMatchObject({ state: { status: 'running' } });
    region.reachable = [1, 2];
    expect(await region.store(17).adopt(task.id)).toMatchObject({ state: { status: 'queued' } });
    region.reachable = [0, 1, 2];
    await expect(ending()).rejects.toThrow(HomeLost);
  });

  it('ends one way, where two want to end the same version differently (G3)', async () => {
    await region.store(0).create(task);
    const running = (await claimed(0, task)).task;
    const cancelled: Task = { ...running, version: running.version + 1, state: CANCELLED };
    const done = succeed(running, running.epoch, { output: 'answer', warnings: [] }, NOW).task;
    // The first one has pledged its end, and not written it yet.
    await region.store(0).pledge(task.id, { mayHaveSpent: 0, end: CANCELLED, version: cancelled.version });
    expect(await region.store(0).replace(done)).toBe('conflict');
    // Now neither can be written at that version: both decide again.
    expect(await region.store(0).replace(cancelled)).toBe('conflict');
    expect(await region.store(0).replace({ ...done, version: done.version + 1 })).toBe('replaced');
    const stored = await region.store(0).get(task.id);
    expect(stored).toMatchObject({ state: { status: 'succeeded' } });
    expect((await region.store(17).adopt(task.id))?.state).toEqual({ ...stored?.state, notified: false });
  });

  it('keeps an end that one table had, before anybody can read it under the new epoch (G3)', async () => {
    await region.store(0).create(task);
    region.reachable = [0, 1];
    await region.store(0).pledge(task.id, { mayHaveSpent: 0, end: CANCELLED, version: 2 });
    region.reachable = [1, 2];
    expect(await region.store(17).adopt(task.id)).toMatchObject({ state: CANCELLED });
    // Two tables have it under epoch 17, so every later one finds it.
    region.versions.pop();
    region.reachable = [0, 2];
    expect(await region.store(34).adopt(task.id)).toMatchObject({ state: CANCELLED });
  });

  it('keeps the end of the higher version, where one epoch pledged two', async () => {
    await region.store(0).create(task);
    // The first one was pledged, and its write came too late.
    region.reachable = [0, 1];
    await region.store(0).pledge(task.id, { mayHaveSpent: 0, end: { ...CANCELLED, finishedAt: NOW + 1 }, version: 3 });
    region.reachable = [1, 2];
    await region.store(0).pledge(task.id, { mayHaveSpent: 0, end: { ...CANCELLED, finishedAt: NOW + 2 }, version: 4 });
    // And once more, late.
    await region.store(0).pledge(task.id, { mayHaveSpent: 0, end: { ...CANCELLED, finishedAt: NOW + 1 }, version: 3 });
    region.reachable = [0, 1];
    expect(await region.store(17).adopt(task.id)).toMatchObject({ state: { finishedAt: NOW + 2 } });
  });

  it('is charged what earlier epochs may have spent: a quarter, or what they pledged (I4)', async () => {
    await region.store(0).create(task);
    expect((await region.store(17).adopt(task.id))?.spend.lost.usd).toBe(1);
    await region.store(17).pledge(task.id, { mayHaveSpent: 3 });
    expect((await region.store(34).adopt(task.id))?.spend.lost.usd).toBe(3);
  });

  it('is made under a later epoch only after earlier ones were asked', async () => {
    const created = await region.store(17).create(task);
    expect(created).toMatchObject({ created: true, task: { spend: { lost: { usd: 1 } } } });
    expect(region.pledges.map(({ barred }) => barred)).toEqual([17, 17, 17]);
    expect(await region.store(17).create(task)).toMatchObject({ created: false });
  });
});

describe('a key that is used again when its task has expired', () => {
  const DAY_MS = 86_400_000;
  const later = (days: number): Task => ({ ...task, input: { file: 'new' }, createdAt: NOW + days * DAY_MS });
  const ended = async (epoch: number): Promise<void> => {
    const { task: made } = await region.store(epoch).create({ ...task, createdAt: NOW });
    const running = (await claimed(epoch, made)).task;
    const end = succeed(running, running.epoch, { output: 'old', warnings: [] }, NOW).task;
    expect(await region.store(epoch).replace(end)).toBe('replaced');
    // It had more versions than the next one has.
    await region.store(epoch).pledge(task.id, { mayHaveSpent: 0, end: end.state, version: 9 });
    region.versions.length = 0;
  };

  it.each([0, 16])('makes a new task, after an end under epoch %i', async (epoch) => {
    await ended(epoch);
    expect(await region.store(16).create(later(31))).toMatchObject({
      created: true,
      task: { state: { status: 'queued' }, input: { file: 'new' } },
    });
  });

  it('has the old end while that may only have been late (I1)', async () => {
    await ended(0);
    expect(await region.store(16).create(later(1))).toMatchObject({ task: { state: { output: 'old' } } });
  });

  it.each([0, 16])('ends once more under epoch %i, and that end outlives its region (I1)', async (epoch) => {
    await ended(epoch);
    const { task: made } = await region.store(epoch).create(later(31));
    const running = (await claimed(epoch, made)).task;
    // Taken over while it runs, it is not ended by the old one.
    const seen = [...region.versions];
    expect(await homeless(seen, 17 + epoch)).toMatchObject({ status: 'queued' });
    const at = NOW + 31 * DAY_MS;
    const end = succeed(running, running.epoch, { output: 'new', warnings: [] }, at).task;
    expect(await region.store(epoch).replace(end)).toBe('replaced');
    expect(await homeless(region.versions, 17 + epoch)).toMatchObject({ status: 'succeeded', output: 'new' });
  });

  it('is accepted once more, and that acceptance outlives its region (G4)', async () => {
    await ended(0);
    await acceptAtHome(region.store(0), { ...later(31), durability: 'global' }, 'global');
    for (const { value } of region.pledges) {
      expect(value).toMatchObject({ accepted: { input: { file: 'new' } } });
      expect(value.end).toBeUndefined();
    }
  });

  /** The state of the task as another region adopts it, in a world that forgets that it did. */
  async function homeless(versions: readonly TaskVersion[], epoch: number) {
    const other = new Region();
    other.versions.push(...versions);
    other.pledges = [...region.pledges];
    return (await other.store(epoch).adopt(task.id))?.state;
  }
});

describe('a durable acceptance', () => {
  it('is in two tables before the caller is answered', async () => {
    await acceptAtHome(region.store(0), task, 'global');
    expect(region.pledges.filter(({ value }) => value.accepted !== undefined)).toHaveLength(3);
    region.reachable = [0];
    const other = sampleTask({ id: freshId() });
    await expect(acceptAtHome(region.store(0), other, 'global')).rejects.toThrow(HomeLost);
    await expect(acceptAtHome(region.store(0), sampleTask({ id: freshId() }), 'region')).resolves.toBeDefined();
  });

  it('stays pledged under later epochs', async () => {
    await acceptAtHome(region.store(0), task, 'global');
    await region.store(17).adopt(task.id);
    await region.store(17).pledge(task.id, { mayHaveSpent: 2 });
    expect(region.pledges[0]?.value).toMatchObject({ mayHaveSpent: 2, accepted: { id: task.id } });
  });
});

it('a limit is pledged in quarters, and by the first epoch only beyond the first of them', () => {
  const before = (usd: number, isFirst: boolean, pledged: number) =>
    pledgeBefore({ ...task, reservation: { step: 0, epoch: 1, tokens: 1, usd } }, isFirst, pledged)?.mayHaveSpent ??
    null;
  expect(before(1, true, 0)).toBeNull();
  expect(before(1.5, true, 0)).toBe(2);
  expect(before(2, true, 2)).toBeNull();
  expect(before(0.1, false, 0)).toBe(1);
  expect(before(4, false, 0)).toBe(4);
  expect(pledgeBefore(task, false, 0)).toBeNull();
});

it('an end is pledged as it is before anybody was notified, with the version that has it', () => {
  const ended: Task = { ...task, version: 5, state: { ...CANCELLED, notified: true } };
  expect(pledgeBefore(ended, true, 0)).toEqual({ mayHaveSpent: expect.closeTo(0), end: CANCELLED, version: 5 });
});

it('a copy is left behind while a newer epoch holds the home, unless the task is done', () => {
  expect(isLeftBehind({ epoch: 0, task }, 17, NOW)).toBe(true);
  expect(isLeftBehind({ epoch: 17, task }, 17, NOW)).toBe(false);
  expect(isLeftBehind({ epoch: 0, task }, 17, NOW + MAX_TAKEOVER_AGE_MS)).toBe(true);
  expect(isLeftBehind({ epoch: 0, task }, 17, NOW + MAX_TAKEOVER_AGE_MS + 1)).toBe(false);
  const done: Task = { ...task, state: { status: 'cancelled', finishedAt: NOW, notified: true } };
  expect(isLeftBehind({ epoch: 0, task: done }, 17, NOW)).toBe(false);
});

it('a remnant of an earlier epoch is not adopted, and an old task of this one is', async () => {
  const old = { ...task, createdAt: NOW - MAX_TAKEOVER_AGE_MS - 1 };
  await region.store(0).create(old);
  expect(await region.store(0).get(old.id)).toMatchObject({ id: old.id });
  expect(await region.store(17).adopt(old.id)).toBeNull();
  expect(await region.store(17).get(old.id)).toBeNull();
  const ended: Task = { ...old, id: freshId(), state: CANCELLED };
  await region.store(0).create(ended);
  expect(await region.store(17).get(ended.id)).toMatchObject({ id: ended.id });
});

it('what an earlier epoch wrote is a remnant before the end that hides it expires', () => {
  expect(MAX_TAKEOVER_AGE_MS).toBeGreaterThan(MAX_DEADLINE_MS);
  // DynamoDB may delete days later what has expired: the newest item first.
  expect(MAX_TAKEOVER_AGE_MS).toBeLessThan(TASK_KEPT_DAYS * 86_400_000);
});
