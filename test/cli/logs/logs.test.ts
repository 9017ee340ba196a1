import { describe, expect, it } from 'vitest';
import type { ApiContext } from '#cli/api/api-command.ts';
import type { Request } from '#cli/api/client.ts';
import { logsCommand } from '#cli/logs/logs.ts';
import { UserError } from '#cli/user-error.ts';
import type { Line } from '#cli/logs/read-lines.ts';

const AT = '2026-11-30T00:00:00.000Z';
const error = { name: 'TypeError', message: 'x is undefined', at: ['at find (systems/shop/find.ts:3:9)'] };
const line = (id: string, more: Partial<Line> = {}): Line => ({
  id,
  at: AT,
  level: 'WARN',
  message: 'task.finished',
  function: 'fleet-dev-assistant',
  agent: 'assistant',
  taskId: 'task-1',
  ...more,
});

function run(lines: readonly Line[], task: string | undefined, options: object) {
  const said: string[] = [];
  const printed: unknown[] = [];
  const requests: Request[] = [];
  const call = async (_operation: unknown, _schema: unknown, request: Request = {}) => {
    requests.push(request);
    return { lines, agents: [], asOf: AT };
  };
  const output = {
    line: (text = '') => void said.push(text),
    progress() {},
    json: (value: unknown) => void printed.push(value),
  };
  const context = { api: { call }, output, notes: output, json: 'json' in options } as unknown as ApiContext;
  return logsCommand(context, task, options).then(() => ({ said, printed, requests }));
}

describe('fleet logs', () => {
  it('shows the lines of a task with what they say, one line each', async () => {
    const lines = [
      line('1', { status: 'failed', ms: 12_345, tenant: 'acme', requestId: 'r-1' }),
      line('2', { level: 'ERROR', message: 'message.failed', error }),
      line('3', { level: 'INFO', text: 'evil\u001B[2J\nsecond' }),
    ];
    const { said, requests } = await run(lines, 'task-1', {});
    expect(said[0]).toMatch(/^[\d:]{8}\.000 WARN assistant task\.finished status=failed took=12s$/);
    expect(said[1]).toContain(
      'message.failed error TypeError: x is undefined at find (systems/shop/find.ts:3:9)'.replace('error ', ''),
    );
    expect(said[2]).not.toContain('\u001B');
    expect(said[2]).not.toContain('\n');
    expect(requests[0]).toMatchObject({ params: { id: 'task-1' }, query: { errors: 'false' } });
  });

  it('groups errors by their cause, the most frequent first', async () => {
    const lines = [
      line('1', { fingerprint: 'aaaa' }),
      line('2', { fingerprint: 'bbbb' }),
      line('3', { fingerprint: 'bbbb' }),
    ];
    const { said, requests } = await run(lines, undefined, { errors: true, since: '2h' });
    expect(
      said[0]
        ?.split('\n')
        .slice(1)
        .map((row) => row.trim().split(/\s+/)[0]),
    ).toEqual(['2', '1']);
    expect(said[0]).toMatch(/bbbb +(WARN|ERROR) /);
    expect(requests[0]?.query).toMatchObject({ errors: 'true' });
    const { printed } = await run(lines, undefined, { errors: true, json: true });
    expect(printed).toMatchObject([
      { lines: [{}, {}, {}], groups: [{ fingerprint: 'bbbb', count: 2 }, { count: 1 }], complete: true },
    ]);
  });

  it('shows the newest lines up to the limit, and says so', async () => {
    const lines = ['1', '2', '3'].map((id) => line(id, { taskId: `task-${id}` }));
    const { said } = await run(lines, undefined, { limit: '1' });
    expect(said).toEqual([expect.stringContaining('task-3'), 'These are the newest 1 of 3 lines: use --limit.']);
  });

  it.each([
    [{ agent: 'assistant' }, 'task-1', 'Give a task or --agent, not both.'],
    [{ since: 'soon' }, undefined, '--since must be a time'],
    [{ limit: '0' }, undefined, '--limit must be'],
    [{ agent: 'No Agent' }, undefined, '--agent must be an agent name'],
  ])('rejects %j', async (options, task, words) => {
    const rejected = run([], task, options);
    await expect(rejected).rejects.toThrow(UserError);
    await expect(rejected).rejects.toThrow(words);
  });
});
