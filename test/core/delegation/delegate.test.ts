import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineAgent } from '#core/agents/define-agent.ts';
import { defineDelegatingTool } from '#core/agents/delegating-tool.ts';
import type { Task } from '#core/tasks/task.ts';
import {
  calling,
  counter,
  delegating,
  doubler,
  lead,
  leadOptions,
  isRejected,
  resultsRead,
  treeHarness,
} from '../../support/tree-harness.ts';

const TASKS = [
  { to: 'count', input: { numbers: [1, 2] } },
  { to: 'double', input: { numbers: [3] } },
];

/** A lead that delegates once and is done when it has read the results. */
function family(request: unknown = { tasks: TASKS }) {
  const read: unknown[] = [];
  const h = treeHarness([lead, counter, doubler], {
    'Lead.': (asked) => {
      if (asked.messages.length === 1) return delegating(request);
      if (!isRejected(asked)) read.push(...resultsRead(asked));
      return { json: { done: true } };
    },
    'Count.': () => ({ json: { sum: 3 } }),
    'Double.': () => ({ json: { sum: 6 } }),
  });
  return { ...h, read };
}

describe('an agent with delegates', () => {
  it('I14: parks while its children work in their own pools, and reads their results in the order of the request', async () => {
    const h = family();
    const id = await h.begin({ tenant: 'acme' });
    await h.workOne('lead');
    const parked = await h.task(id);
    expect(parked.state).toMatchObject({ status: 'parked', cause: 'yielded', detail: 'delegated' });
    expect(h.children(id).map(({ agent, tenant, parent }) => [agent, tenant, parent?.step, parent?.index])).toEqual([
      ['counter', 'acme', 1, 0],
      ['doubler', 'acme', 1, 1],
    ]);
    await h.workAll();
    const [first, second] = parked.children ?? [];
    expect(h.read).toEqual([
      { to: 'count', task: first, state: 'succeeded', output: { sum: 3 } },
      { to: 'double', task: second, state: 'succeeded', output: { sum: 6 } },
    ]);
    expect(await h.task(id)).toMatchObject({
      state: { status: 'succeeded', output: { done: true } },
      steps: [1, 1, 2],
    });
    expect(h.model.requests).toHaveLength(4);
  });

  it('I7: the call is in the audit trail before the children exist, and its outcome after', async () => {
    const h = family();
    const seen: number[] = [];
    const id = await h.begin();
    const store = { ...h.store, create: (task: never) => (seen.push(h.audit.entries().length), h.store.create(task)) };
    await h.workOne('lead', { store });
    expect(seen).toEqual([1, 1]);
    await h.workAll();
    const entries = h.audit.entries().filter(({ taskId }) => taskId === id);
    expect(entries.map(({ phase, tool, outcome }) => [phase, tool, outcome])).toEqual([
      ['before', 'delegate', undefined],
      ['after', 'delegate', 'ok'],
    ]);
  });

  it('a tool whose code plans the tasks reads the same results', async () => {
    const each = defineDelegatingTool({
      name: 'count-each',
      description: 'Counts each number by itself.',
      input: z.object({ numbers: z.array(z.number()) }),
      plan: ({ numbers }) => ({ tasks: numbers.map((number) => ({ to: 'count', input: { numbers: [number] } })) }),
    });
    const planner = defineAgent({ ...leadOptions, tools: [each], delegates: { count: counter } });
    const read: unknown[] = [];
    const h = treeHarness([planner, counter], {
      'Lead.': (asked) => {
        if (asked.messages.length === 1) return calling('count-each', { numbers: [4, 5] });
        read.push(...resultsRead(asked));
        return { json: { done: true } };
      },
      'Count.': ({ messages }) => ({ json: { sum: Number(/\d+/.exec(JSON.stringify(messages))?.[0]) } }),
    });
    const id = await h.begin();
    await h.workAll();
    expect((await h.task(id)).state.status).toBe('succeeded');
    expect(read).toMatchObject([
      { to: 'count', state: 'succeeded', output: { sum: 4 } },
      { to: 'count', state: 'succeeded', output: { sum: 5 } },
    ]);
  });

  it('a task that is to start later is there at once, and its worker gets it then', async () => {
    const each = defineDelegatingTool({
      name: 'count-later',
      description: 'Counts twice.',
      input: z.object({}),
      plan: () => ({
        tasks: [
          { to: 'count', input: { numbers: [1] } },
          { to: 'count', input: { numbers: [2] }, startAfter: 3 },
        ],
      }),
    });
    const planner = defineAgent({ ...leadOptions, tools: [each], delegates: { count: counter } });
    const h = treeHarness([planner, counter], {
      'Lead.': ({ messages }) => (messages.length === 1 ? calling('count-later', {}) : { json: { done: true } }),
      'Count.': () => ({ json: { sum: 3 } }),
    });
    const sent: (readonly [string, number])[] = [];
    const queue = {
      ...h.queue,
      send: async (task: Pick<Task, 'id' | 'agent' | 'tenant' | 'priority'>, delayMs = 0) => {
        if (task.agent === 'counter') sent.push([task.id, delayMs]);
        return h.queue.send(task, delayMs);
      },
    };
    const id = await h.begin();
    await h.workOne('lead', { queue });
    const [first = '', second = ''] = h.children(id).map((child) => child.id);
    expect(sent.toSorted(([, a], [, b]) => a - b)).toEqual([
      [first, 0],
      [second, 3_000],
    ]);
  });

  it.each([
    ['another agent', [{ to: 'double' }, { to: 'double' }]],
    ['one task less', [{ to: 'count' }]],
    ['one task more', [{ to: 'count' }, { to: 'double' }, { to: 'count' }]],
  ])('fails when its tool plans otherwise after a crash: %s', async (_, second) => {
    const planned = [[{ to: 'count' }, { to: 'double' }], second];
    const each = defineDelegatingTool({
      name: 'by-chance',
      description: 'Plans other tasks each time.',
      input: z.object({}),
      plan: () => ({ tasks: (planned.shift() ?? second).map(({ to }) => ({ to, input: { numbers: [1] } })) }),
    });
    const planner = defineAgent({ ...leadOptions, tools: [each], delegates: { count: counter, double: doubler } });
    const h = treeHarness([planner, counter, doubler], {
      'Lead.': () => calling('by-chance', {}),
      'Count.': () => ({ json: { sum: 3 } }),
      'Double.': () => ({ json: { sum: 6 } }),
    });
    const id = await h.begin();
    const create = () => Promise.reject(new Error('the worker dies'));
    await h.workOne('lead', { store: { ...h.store, create } }).catch(() => undefined);
    h.clock.advance(60_000);
    await h.sweep();
    await h.workAll();
    expect((await h.task(id)).state).toMatchObject({
      status: 'failed',
      failure: { kind: 'permanent', reason: expect.stringContaining('planned other tasks than before') },
    });
    expect(h.children(id)).toEqual([]);
  });

  it('reads what is wrong with its request, and no task is made', async () => {
    const h = family({
      tasks: [
        { to: 'judge', input: {} },
        { to: 'count', input: { numbers: 'all' } },
      ],
      enough: 3,
    });
    const id = await h.begin();
    await h.workAll();
    const step = (await h.store.steps(id)).find(({ kind }) => kind === 'tool');
    expect(step).toMatchObject({ isError: true });
    expect(step?.kind === 'tool' && step.content).toBe(
      'No task was delegated: tasks.0.to must be one of: count, double; ' +
        'tasks.1.input: numbers: Invalid input: expected array, received string; ' +
        'enough must be at most 2, the number of tasks.',
    );
    expect(h.children(id)).toEqual([]);
  });
});
