import { describe, expect, it } from 'vitest';
import { lines, placeholders, runPipeline, substituted, succeed } from './pipeline.support.ts';

const ITEMS = [{ id: 'x', site: 'x.test' }, { id: 'y' }, { id: 'z' }];

describe('the pipeline state machine', () => {
  it('has the placeholders that the construct substitutes', () => {
    expect(placeholders()).toEqual(substituted);
  });

  it('gives each item to its stages one after the other, by reference', async () => {
    const { execution, messages, rows, ended } = await runPipeline({ items: ITEMS });
    expect(execution.status).toBe('SUCCEEDED');
    const of = (id: string) => messages.filter(({ message }) => message.item.id === id);
    expect(of('x').map(({ queue, message }) => [queue, message.previous])).toEqual([
      ['http://sqs/a', null],
      ['http://sqs/b', 'a of x'],
    ]);
    expect(of('x')[0]?.message).toMatchObject({
      tenant: 'default',
      runId: 'night-1',
      item: ITEMS[0],
      workflow: 'companies',
      group: null,
      maxUsd: 1,
    });
    expect(rows(0)).toContainEqual({
      key: 'y',
      stage: 'b',
      status: 'succeeded',
      taskId: 'b of y',
      tasks: ['a of y', 'b of y'],
      reason: null,
    });
    expect(ended).toMatchObject({ run: { id: 'night-1' }, problem: null });
  });

  it('an item does not wait for the others', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    const { messages, execution } = await runPipeline({
      items: ITEMS,
      answer: async (message, queue) => {
        // The first stage of x ends only after y has reached its second.
        if (message.item.id === 'x' && queue.endsWith('a')) await held;
        if (message.item.id === 'y' && queue.endsWith('b')) release();
        return succeed(message, queue);
      },
    });
    expect(execution.status).toBe('SUCCEEDED');
    expect(messages.filter(({ queue }) => queue.endsWith('b'))).toHaveLength(3);
  });

  it('a failed item is a row, and the rest goes on', async () => {
    const { rows, messages, ended } = await runPipeline({
      items: ITEMS,
      answer: (message, queue) =>
        message.item.id === 'y'
          ? { id: 'e', taskId: 'a of y', status: 'failed', reason: 'The site is down.' }
          : succeed(message, queue),
    });
    expect(rows(0)).toContainEqual({
      key: 'y',
      stage: 'a',
      status: 'failed',
      taskId: 'a of y',
      tasks: [],
      reason: 'The site is down.',
    });
    expect(rows(0)).toHaveLength(3);
    expect(messages.filter(({ message }) => message.item.id === 'y')).toHaveLength(1);
    expect(ended?.problem).toBeNull();
  });

  it('the barrier waits for all items, and its own items pass the stages after it', async () => {
    const { rows, messages, ended } = await runPipeline({ items: ITEMS, joined: [{ id: 'x-y' }] });
    expect(messages.at(-1)).toMatchObject({ queue: 'http://sqs/c', message: { item: { id: 'x-y' }, previous: null } });
    expect(rows(0)).toHaveLength(3);
    expect(rows(1)).toMatchObject([{ key: 'x-y', stage: 'c', status: 'succeeded', taskId: 'c of x-y' }]);
    expect(ended?.maps.map(({ items }) => items)).toEqual([
      { bucket: 'bucket', key: 'runs/night-1/items.jsonl' },
      { bucket: 'bucket', key: 'runs/night-1/items-1.jsonl' },
    ]);
  });

  it('I4: items that are put into the list after the run has begun are not in the run', async () => {
    const replacedBy = [...ITEMS, { id: 'late' }, { id: 'later' }];
    const { rows, messages, ended, objects } = await runPipeline({ items: ITEMS, replacedBy }, { budgetUsd: 9 });
    expect(new Set(messages.map(({ message }) => message.item.id))).toEqual(new Set(['x', 'y', 'z']));
    expect(rows(0)).toHaveLength(3);
    expect(ended?.maps[0]?.items).toMatchObject({ key: 'runs/night-1/items.jsonl' });
    expect(objects.get('runs/night-1/items.jsonl')).toBe(lines(ITEMS));
  });

  it('a stage that is over takes no more items, and their rows say so', async () => {
    const deadline = new Date(Date.now() - 1_000).toISOString();
    const { rows, messages } = await runPipeline({ items: ITEMS }, { deadline });
    expect(messages).toEqual([]);
    expect(rows(0)).toHaveLength(3);
    expect(rows(0)).toContainEqual({
      key: 'x',
      stage: 'a',
      status: 'not-reached',
      taskId: null,
      tasks: [],
      reason: 'The deadline passed before the item reached the stage.',
    });
  });

  it('a task ends by the deadline of its stage', async () => {
    const deadline = new Date(Date.now() + 60_000).toISOString();
    const { messages, execution } = await runPipeline({ items: ITEMS }, { deadline });
    const start = execution.startDate?.getTime() ?? 0;
    const end = Date.parse(deadline);
    const ends = new Set(messages.map(({ queue, message }) => `${queue.at(-1)} ${message.deadline}`));
    expect(ends).toEqual(new Set([`a ${end}`, `b ${Math.floor(start + 0.5 * (end - start))}`]));
  });

  it('I4: the budget of a run is shared out over its items and stages', async () => {
    const registered: object[] = [];
    const due = '2026-11-03T07:00:00.000Z';
    const world = { items: ITEMS, onRegistered: (run: object) => void registered.push(run) };
    const { messages, ended } = await runPipeline(world, { budgetUsd: 6, due });
    // People and the aggregator get to know what it was started with.
    expect(registered).toMatchObject([{ budgetUsd: 6 }]);
    expect(ended).toMatchObject({ input: { budgetUsd: 6, due } });
    const spendable = messages.map(({ queue, message }) => `${queue.at(-1)} ${message.maxUsd}`);
    expect(new Set(spendable)).toEqual(new Set(['a 0.5', 'b 1']));
  });

  it.each([
    ['Items.None', { items: [] }, 'no items'],
    ['Items.Invalid', { items: [], text: '{"id":"x"}\nnonsense' }, 'Line 2 is not valid JSON'],
    ['Items.Invalid', { items: [{ id: 'x' }, { id: 'x' }] }, 'Line 2 has the `id` of an earlier line'],
    ['Run.Cancelled', { items: ITEMS, cancelled: true }, 'cancelled before'],
  ])('%s: a run stops before it spends anything', async (error, world, cause) => {
    const { messages, ended, execution } = await runPipeline(world);
    expect(messages).toEqual([]);
    expect(ended?.problem).toMatchObject({ error, cause: expect.stringContaining(cause) as string });
    // Somebody asked for the cancellation: no alarm.
    const failed = { status: 'FAILED', error, cause: expect.stringContaining(cause) as string };
    expect(execution).toMatchObject(error === 'Run.Cancelled' ? { status: 'SUCCEEDED' } : failed);
  });

  it('an input that is not valid stops the run, which fails', async () => {
    const { ended, execution } = await runPipeline({ items: ITEMS }, { budgetUsd: -1 });
    expect(ended).toMatchObject({ run: { id: 'night-1' }, problem: { error: 'Input.Invalid' } });
    expect(execution).toMatchObject({ status: 'FAILED', error: 'Input.Invalid' });
  });

  it('a run whose name is taken fails, and leaves the report of the other run alone', async () => {
    const { ended, execution, messages } = await runPipeline({ items: ITEMS, taken: true });
    expect(execution).toMatchObject({ status: 'FAILED', error: 'Run.NameTaken' });
    expect([ended, messages]).toEqual([undefined, []]);
  });

  it('a run whose map aborted has its report, then fails with the cause', async () => {
    const { ended, execution } = await runPipeline({ items: ITEMS, joined: [{ id: 'x-y' }], lost: 'items-1.jsonl' });
    expect(execution).toMatchObject({ status: 'FAILED', error: 'States.ItemReaderFailed' });
    expect(ended).toMatchObject({
      maps: [{ agents: ['a', 'b'] }, { results: null, agents: ['c'] }],
      problem: { error: 'States.ItemReaderFailed' },
    });
  });

  it('45 items travel in batches', async () => {
    const items = Array.from({ length: 45 }, (_, index) => ({ id: `item-${index}` }));
    const { rows } = await runPipeline({ items });
    expect(new Set(rows(0).map((row) => (row as { key: string }).key)).size).toBe(45);
  });
});
