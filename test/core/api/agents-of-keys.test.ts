import { describe, expect, it } from 'vitest';
import { agentCard } from '#core/agents/agent-card.ts';
import { defineAgent } from '#core/agents/define-agent.ts';
import { cancelRun, getRun, listRuns, submitRun } from '#core/api/runs/rules.ts';
import { forgetSession, getSession } from '#core/api/sessions/rules.ts';
import { retryTask } from '#core/api/tasks/retry-task.ts';
import { taskSubmissionSchema } from '#core/api/tasks/messages.ts';
import { submitTask } from '#core/api/tasks/submit-task.ts';
import type { Run } from '#core/runs/run.ts';
import type { Task } from '#core/tasks/task.ts';
import { adderOptions, workerHarness } from '../../support/worker-harness.ts';

const caller = (agents: string[] | null) => ({ tenant: 'acme', keyId: 'key-1', scopes: ['submit' as const], agents });
const EVERY = caller(null);
const ADDER = caller(['adder']);
const OTHER = caller(['other']);
const FORBIDDEN = { kind: 'not-allowed' };

function fleet() {
  const h = workerHarness([{ json: { sum: 3 } }]);
  const cards = ['adder', 'other'].map((name) => agentCard(defineAgent({ ...adderOptions, name })));
  const kept = new Map<string, Run>();
  const runs = {
    async create(run: Run) {
      const found = kept.get(run.id);
      kept.set(run.id, found ?? run);
      return { created: !found, run: found ?? run };
    },
    get: async (_: string, id: string) => kept.get(id) ?? null,
    async mark(_: string, id: string, what: 'cancelledAt' | 'endedAt', now: number) {
      const run = kept.get(id);
      if (run) kept.set(id, { ...run, [what]: now });
      return kept.get(id) ?? null;
    },
    async *list(_: string, after?: { id: string }) {
      const all = [...kept.values()];
      yield* all.slice(all.findIndex(({ id }) => id === after?.id) + 1);
    },
  };
  const ports = {
    ...h.ports,
    agents: new Map(cards.map((card) => [card.name, card])),
    callbackRules: { privateAddresses: false },
    runs,
    executions: { stop: () => Promise.reject(new Error('No execution may be stopped.')) },
  };
  const submit = (agents: typeof EVERY, agent: string) =>
    submitTask(ports, agents, taskSubmissionSchema.parse({ agent, input: {}, sessionId: 'talk' }), {});
  return { h, ports: ports as never, kept, submit };
}

describe('a key of some agents', () => {
  it("reads, forgets and enters no session with another agent's tasks", async () => {
    const { ports, submit } = fleet();
    const { id } = await submit(ADDER, 'adder');
    await expect(getSession(ports, OTHER, 'talk')).rejects.toMatchObject(FORBIDDEN);
    await expect(forgetSession(ports, OTHER, 'talk')).rejects.toMatchObject(FORBIDDEN);
    await expect(submit(OTHER, 'other')).rejects.toMatchObject(FORBIDDEN);
    expect(await getSession(ports, ADDER, 'talk')).toMatchObject({ waiting: [id] });
    await submit(ADDER, 'adder');
    await submit(EVERY, 'other');
    await expect(getSession(ports, ADDER, 'talk')).rejects.toMatchObject(FORBIDDEN);
    await expect(retryTask(ports, ADDER, id)).rejects.toMatchObject(FORBIDDEN);
    await forgetSession(ports, EVERY, 'talk');
  });

  it("enters no session at the same time as another agent's task", async () => {
    const { h, submit } = fleet();
    const get = h.sessions.get.bind(h.sessions);
    let first: Promise<Task> | undefined;
    // The adder's task enters right after the session was found empty.
    h.sessions.get = async (...args) => {
      const found = await get(...args);
      if (first === undefined) await (first = submit(ADDER, 'adder'));
      return found;
    };
    await expect(submit(OTHER, 'other')).rejects.toMatchObject(FORBIDDEN);
    const ids = (await get('acme', 'talk'))?.waiting ?? [];
    const tasks = (await h.store.getMany(ids)).map(({ agent, state }) => [agent, state.status]);
    expect(tasks.filter(([, status]) => status !== 'cancelled')).toEqual([['adder', 'queued']]);
    expect((await first)?.agent).toBe('adder');
  });

  it("reads, lists and cancels no run with another agent's tasks", async () => {
    const { ports } = fleet();
    const { id } = await submitRun(ports, EVERY, { tasks: [{ agent: 'adder', input: {} }] }, undefined);
    await expect(getRun(ports, OTHER, id)).rejects.toMatchObject(FORBIDDEN);
    await expect(cancelRun(ports, OTHER, id)).rejects.toMatchObject(FORBIDDEN);
    expect((await listRuns(ports, OTHER, 10, undefined)).runs).toEqual([]);
    expect((await listRuns(ports, ADDER, 10, undefined)).runs).toMatchObject([{ id }]);
    expect(await cancelRun(ports, ADDER, id)).toMatchObject({ cancelled: true, tasks: { cancelled: 1 } });
  });

  it('finds its run behind many of another agent, some at a time', async () => {
    const { ports } = fleet();
    const run = (agent: string) => submitRun(ports, EVERY, { tasks: [{ agent, input: {} }] }, undefined);
    for (let index = 0; index < 150; index += 1) await run('adder');
    const { id } = await run('other');
    const first = await listRuns(ports, OTHER, 10, undefined);
    expect(first).toMatchObject({ runs: [], next: expect.any(String) });
    expect((await listRuns(ports, OTHER, 10, first.next)).runs).toMatchObject([{ id }]);
  });

  it('lists whether the runs of workflows are under way, which the tasks of others tell', async () => {
    const { ports, kept } = fleet();
    const run = (id: string, change: object) =>
      kept.set(id, { id, tenant: 'acme', createdAt: 0, size: 1, digest: '', ...change });
    run('running', { execution: 'arn' });
    run('ended', { execution: 'arn', endedAt: 1 });
    run('redriven', { execution: 'arn', endedAt: 1, rejoinedAt: 2 });
    run('cancelled', { execution: 'arn', endedAt: 1, cancelledAt: 1 });
    run('own', {});
    const { runs } = await listRuns(ports, EVERY, 10, undefined);
    const states = runs.map(({ id, status, cancelled }) => [id, { status, cancelled }] as const);
    expect(Object.fromEntries(states)).toEqual({
      cancelled: { status: 'ended', cancelled: true },
      ended: { status: 'ended' },
      redriven: { status: 'running' },
      running: { status: 'running' },
      own: {},
    });
  });

  it('cancels no execution of which no task is known', async () => {
    const { ports, kept } = fleet();
    kept.set('e', { id: 'e', tenant: 'acme', createdAt: 0, size: 1, digest: '', execution: 'arn' });
    await expect(cancelRun(ports, ADDER, 'e')).rejects.toMatchObject(FORBIDDEN);
  });
});
