import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Task } from '#core/tasks/task.ts';
import { startEchoFleet, type EchoFleet } from './support/echo-fleet.ts';
import { endOf } from './support/tasks.ts';

const MODEL_MS = 400;

let fleet: EchoFleet;
beforeAll(async () => {
  fleet = await startEchoFleet({ latency: { kind: 'fixed', ms: MODEL_MS } });
});
afterAll(() => fleet.close());

const took = (task: Task): number => endOf(task) - task.createdAt;

describe('priority', () => {
  it('high waits for at most one default task per worker, however many are queued', async () => {
    const backlog = await fleet.sayMany(160);
    const single = await fleet.say('and I?', 'high');
    const [done] = await fleet.allEnded([single], 30_000);
    const left = backlog.length - (await fleet.ended(backlog)).length;
    const ms = done ? took(done) : Infinity;
    console.info(`A high-priority task took ${ms} ms, while ${left} of the 160 tasks before it had not ended.`);
    expect(left).toBeGreaterThan(60);
    // One default call before it, its own call, and the start of a worker for the high queue.
    expect(ms).toBeLessThan(2 * MODEL_MS + 3_000);
    await fleet.allEnded(backlog, 60_000);
  });

  it('default is never starved: it keeps its share while high has a backlog', async () => {
    const waiting = await fleet.sayMany(60);
    const high = await fleet.sayMany(60, 'high');
    const done = await fleet.allEnded(high, 60_000);
    const [from, to] = [Math.min(...high.map(({ createdAt }) => createdAt)), Math.max(...done.map(endOf))];
    const defaults = await fleet.allEnded(waiting, 60_000);
    const meanwhile = defaults.filter((task) => endOf(task) > from && endOf(task) <= to).length;
    console.info(`While 60 high-priority tasks ended within ${to - from} ms, ${meanwhile} default tasks ended too.`);
    // The pool runs two default tasks for each high-priority task.
    expect(meanwhile).toBeGreaterThan(20);
    expect([...done, ...defaults].every(({ state }) => state.status === 'succeeded')).toBe(true);
  });
});
