import { describe, expect, it } from 'vitest';
import type { ApiContext } from '#cli/api/api-command.ts';
import type { Request } from '#cli/api/client.ts';
import { watchAction } from '#cli/bulk/follow.ts';
import { listActions } from '#cli/bulk/show.ts';
import { bulkCommand } from '#cli/bulk/start.ts';
import { retryCommand } from '#cli/tasks/retry.ts';
import type { BulkAnswer, BulkDetail, BulkSubmission } from '#core/api/bulk/messages.ts';
import { bulkOperations } from '#core/api/bulk/operations.ts';
import type { Operation } from '#core/api/http/operation.ts';

const LINKS = { self: '/bulk-actions/bulk-1', cancel: '/bulk-actions/bulk-1/cancel' };
const found = (change: Partial<BulkAnswer> = {}): BulkAnswer => ({
  dryRun: true,
  action: 'retry',
  count: 3,
  spentUsd: 0.5,
  usd: 0.75,
  maxUsd: 6,
  agents: { adder: 3 },
  complete: true,
  sample: [{ id: 'task-1', agent: 'adder', status: 'failed', createdAt: new Date(0).toISOString(), usd: 0.1 }],
  ...change,
});
const detail = (change: Partial<BulkDetail> = {}): BulkDetail => ({
  id: 'bulk-1',
  action: 'retry',
  filter: {},
  status: 'ended',
  by: 'key-1',
  createdAt: new Date(0).toISOString(),
  count: 3,
  spentUsd: 0.5,
  usd: 0.75,
  maxUsd: 6,
  done: 3,
  skipped: 0,
  failed: 0,
  waiting: 0,
  asOf: new Date(0).toISOString(),
  links: LINKS,
  items: [],
  ...change,
});

/** A fleet that answers with these, and what was asked and said. */
function fleet(answer: BulkAnswer, states: readonly BulkDetail[] = [detail()]) {
  const lines: string[] = [];
  const sent: BulkSubmission[] = [];
  const keys: (string | undefined)[] = [];
  let reads = 0;
  const call = async (operation: Operation, _: unknown, request: Request = {}) => {
    if (operation === bulkOperations.getBulkAction) return states[Math.min(reads++, states.length - 1)];
    if (operation !== bulkOperations.submitBulkAction) return { tasks: [{}], agents: [{ name: 'adder' }] };
    const body = request.body as BulkSubmission;
    sent.push(body);
    keys.push(request.idempotencyKey);
    return body.dryRun ? answer : { ...answer, dryRun: false, id: 'bulk-1', links: LINKS };
  };
  const printed: unknown[] = [];
  const output = {
    line: (text = '') => void lines.push(text),
    progress: (text: string) => void (text !== '' && lines.push(text)),
    json: (value: unknown) => void printed.push(value),
  };
  const context = { api: { call }, output, notes: output, json: false } as unknown as ApiContext;
  return { lines, sent, keys, printed, context };
}

describe('fleet bulk', () => {
  it('--dry-run shows how many tasks match and what they cost, and changes nothing', async () => {
    const { lines, sent, context } = fleet(found({ count: 12, complete: false }));
    await bulkCommand(context, 'retry', { agent: 'adder', since: '2h', dryRun: true });
    expect(sent).toMatchObject([
      { action: 'retry', dryRun: true, filter: { agent: 'adder', since: expect.any(String) } },
    ]);
    expect(lines.join('\n')).toContain('At least 12 tasks, about $0.7500, at most $6.00 by their budgets.');
    expect(lines.join('\n')).toContain('Narrow it with --agent');
    expect(lines.join('\n')).toContain('… and 11 more');
  });

  it('starts the action once, under a key, and follows it', async () => {
    const running = detail({ status: 'running', done: 1, waiting: 2 });
    const { lines, sent, keys, context } = fleet(found(), [running, detail()]);
    await bulkCommand(context, 'retry', { cause: 'transient' });
    expect(sent.map(({ dryRun }) => dryRun ?? false)).toEqual([true, false]);
    expect(keys[1]).toMatch(/^[\da-f-]{36}$/);
    expect(lines.join('\n')).toContain('1 of 3 tasks, 0 failed, 0 skipped');
    expect(lines.at(-1)).toBe('Retried 3 of 3 tasks: 0 skipped, 0 failed.');
  });

  it.each([
    [{ count: 101 }, /That would cancel 101 tasks, which have cost/],
    [{ count: 2, maxUsd: 51 }, /That would cancel 2 tasks/],
  ])('needs --yes for many tasks or much money: %j', async (change, words) => {
    const { sent, context } = fleet(found({ action: 'cancel', ...change }));
    await expect(bulkCommand(context, 'cancel', { agent: 'adder' })).rejects.toThrow(words);
    expect(sent).toHaveLength(1);
    await bulkCommand(context, 'cancel', { agent: 'adder', yes: true });
    expect(sent).toHaveLength(3);
  });

  it('needs a filter, and says where nothing matches', async () => {
    const { lines, sent, context } = fleet(found({ count: 0, sample: [] }));
    await expect(bulkCommand(context, 'cancel', {})).rejects.toThrow('Say which tasks');
    await bulkCommand(context, 'cancel', { status: 'queued' });
    expect([lines, sent.length]).toEqual([['No task matches.'], 1]);
  });

  it('ends with an error that says how to see what failed', async () => {
    const { context } = fleet(found(), [detail({ done: 1, failed: 2 })]);
    await expect(watchAction(context, 'bulk-1')).rejects.toMatchObject({
      message: '2 tasks failed.',
      remedy: expect.stringContaining('bulk show bulk-1 --outcome failed'),
    });
  });
});

describe('fleet retry of an agent', () => {
  it('is one bulk action, whose outcomes it prints for each task', async () => {
    const items: BulkDetail['items'] = [
      { task: 'task-1', outcome: 'done', retriedAs: 'task-2' },
      { task: 'task-3', outcome: 'failed', reason: 'The agent was removed.' },
    ];
    const { lines, printed, context } = fleet(found(), [detail({ items })]);
    const retry = retryCommand({ ...context, json: true }, [], { agent: 'adder', from: '2h' });
    await expect(retry).rejects.toThrow('1 of 2 tasks was not retried.');
    expect(lines).toContain('task-1 → task-2');
    expect(lines).toContain('task-3 was not retried: The agent was removed.');
    expect(printed).toEqual([
      {
        retried: [{ task: 'task-1', retriedAs: 'task-2' }],
        rejected: [{ task: 'task-3', reason: 'The agent was removed.' }],
      },
    ]);
  });
});

it('fleet bulk list says when there are more actions', async () => {
  const { context, lines } = fleet(found());
  const { items: _, ...action } = detail();
  const listed = async (next?: string) => {
    const call = async () => ({ actions: [action], ...(next !== undefined && { next }) });
    await listActions({ ...context, api: { call } as unknown as ApiContext['api'] });
    return lines.splice(0).at(-1);
  };
  expect(await listed()).toContain('bulk-1');
  expect(await listed('cursor')).toBe('These are the newest 1. There are more.');
});
