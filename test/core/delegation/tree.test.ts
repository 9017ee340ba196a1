import { describe, expect, it } from 'vitest';
import { cancelTask } from '#core/api/tasks/cancel-task.ts';
import { defineAgent } from '#core/agents/define-agent.ts';
import { LEASE_MS } from '#core/tasks/claim.ts';
import {
  both,
  counter,
  delegating,
  doublerOptions,
  family,
  lead,
  leadOptions,
  resultsRead,
  treeHarness,
} from '../../support/tree-harness.ts';

const states = (read: readonly Record<string, unknown>[]): unknown[] => read.map(({ state }) => state);

describe('the end of a parent', () => {
  it('cancels its children', async () => {
    const h = family();
    const id = await h.begin();
    await h.workOne('lead');
    await cancelTask(h.ports, await h.task(id));
    await h.workAll();
    expect((await h.task(id)).state.status).toBe('cancelled');
    expect(h.statuses(id)).toEqual(['cancelled', 'cancelled']);
    expect(h.model.requests).toHaveLength(1);
  });

  it('passes its deadline down: it concludes before, and what has not ended is cancelled', async () => {
    const h = family();
    const id = await h.begin({ deadline: h.clock.now() + 400_000 });
    await h.workOne('lead');
    await h.workOne('counter');
    const { delegation, deadline } = await h.task(id);
    expect(delegation?.until).toBe(deadline - 100_000);
    expect(h.children(id).map((child) => child.deadline)).toEqual([deadline - 100_000, deadline - 100_000]);
    h.clock.advance(300_000);
    await h.workAll(['lead']);
    expect(states(h.read)).toEqual(['succeeded', 'cancelled']);
    expect((await h.task(id)).state.status).toBe('succeeded');
  });

  it('cancels a child that was created by a worker that did not know', async () => {
    const h = family();
    const id = await h.begin();
    const born = Promise.withResolvers<void>();
    const mayGoOn = Promise.withResolvers<void>();
    const create: typeof h.store.create = async (task) => {
      born.resolve();
      await mayGoOn.promise;
      return h.store.create(task);
    };
    // It stalls until its lease has run out.
    const replace: typeof h.store.replace = async (next) => {
      if (stalled) throw new Error('stalled');
      return h.store.replace(next);
    };
    let stalled = false;
    const slow = h.workOne('lead', { store: { ...h.store, create, replace } });
    await born.promise;
    stalled = true;
    h.clock.advance(LEASE_MS + 1);
    await cancelTask(h.ports, await h.task(id));
    await h.workAll();
    mayGoOn.resolve();
    await slow.catch(() => undefined);
    expect(h.statuses(id)).toEqual(['queued', 'queued']);
    await h.workAll();
    expect(h.statuses(id)).toEqual(['cancelled', 'cancelled']);
    expect(h.model.requests).toHaveLength(1);
  });
});

describe('a failed child', () => {
  it('is seen by its parent with the reason', async () => {
    const failure = { kind: 'permanent', reason: 'The numbers are too odd.' };
    const h = family(both, lead, () => ({ failure }));
    const id = await h.begin();
    await h.workAll();
    expect(h.read[1]).toMatchObject({ to: 'double', state: 'failed', reason: failure.reason });
    expect((await h.task(id)).state.status).toBe('succeeded');
  });

  it('an escalated one is seen with its reason and its output', async () => {
    const unsure = defineAgent({ ...doublerOptions, escalate: () => ({ reason: 'not sure' }) });
    const agent = defineAgent({ ...leadOptions, delegates: { count: counter, double: unsure } });
    const read: Record<string, unknown>[] = [];
    const h = treeHarness([agent, counter, unsure], {
      'Lead.': (asked) => {
        if (asked.messages.length === 1) return delegating(both);
        read.push(...resultsRead(asked));
        return { json: { done: true } };
      },
      'Count.': () => ({ json: { sum: 3 } }),
      'Double.': () => ({ json: { sum: 6 } }),
    });
    const id = await h.begin();
    await h.workAll();
    expect(read[1]).toMatchObject({
      state: 'escalated',
      reason: 'not sure',
      output: { sum: 6 },
    });
    expect((await h.task(id)).state).toMatchObject({ output: { done: true } });
  });
});

describe('enough', () => {
  it('lets the parent go on after so many successes, and cancels the rest', async () => {
    const h = family({ ...both, enough: 1 });
    const id = await h.begin();
    await h.workOne('lead');
    await h.workOne('counter');
    await h.workAll(['lead']);
    expect(states(h.read)).toEqual(['succeeded', 'cancelled']);
    expect((await h.task(id)).state.status).toBe('succeeded');
    await h.workAll();
    expect(h.statuses(id)).toEqual(['succeeded', 'cancelled']);
  });

  it('is not reached when all have failed', async () => {
    const h = family({ ...both, enough: 2 }, lead, () => ({ failure: { kind: 'permanent', reason: 'odd' } }));
    await h.begin();
    await h.workAll();
    expect(states(h.read)).toEqual(['succeeded', 'failed']);
  });
});

describe('I15: a parent is woken', () => {
  it('when its children end before it is parked', async () => {
    const h = family();
    const id = await h.begin();
    let parked = 0;
    const replace: typeof h.store.replace = async (next) => {
      if (next.id === id && next.state.status === 'parked' && (parked += 1) === 1)
        await h.workAll(['counter', 'doubler']);
      return h.store.replace(next);
    };
    await h.workOne('lead', { store: { ...h.store, replace } });
    expect(h.statuses(id)).toEqual(['succeeded', 'succeeded']);
    await h.workAll(['lead']);
    expect((await h.task(id)).state.status).toBe('succeeded');
  });

  it('by the sweeper, when its children end before it is parked and its worker dies then', async () => {
    const h = family();
    const id = await h.begin();
    let parked = false;
    const replace: typeof h.store.replace = async (next) => {
      if (parked) throw new Error('the worker dies');
      parked = next.id === id && next.state.status === 'parked';
      if (parked) await h.workAll(['counter', 'doubler']);
      return h.store.replace(next);
    };
    const get: typeof h.store.get = async (wanted) => {
      if (parked) throw new Error('the worker dies');
      return h.store.get(wanted);
    };
    await expect(h.workOne('lead', { store: { ...h.store, get, replace } })).rejects.toThrow('dies');
    expect((await h.task(id)).state.status).toBe('parked');
    h.clock.advance(61_000);
    await h.sweep();
    await h.workAll(['lead']);
    expect((await h.task(id)).state.status).toBe('succeeded');
  });

  it('by the sweeper, when the worker of the last child dies before it tells', async () => {
    const h = family();
    const id = await h.begin();
    await h.workOne('lead');
    await h.workOne('counter');
    const get: typeof h.store.get = async (wanted) => {
      const ended = h.children(id).every(({ state }) => state.status === 'succeeded');
      if (wanted === id && ended) throw new Error('the worker dies');
      return h.store.get(wanted);
    };
    await expect(h.workOne('doubler', { store: { ...h.store, get } })).rejects.toThrow('dies');
    expect(h.statuses(id)).toEqual(['succeeded', 'succeeded']);
    expect((await h.task(id)).state.status).toBe('parked');
    h.clock.advance(61_000);
    await h.sweep();
    await h.workAll(['lead']);
    expect((await h.task(id)).state.status).toBe('succeeded');
  });
});
