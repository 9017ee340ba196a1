import { expect, it } from 'vitest';
import type { ApiContext } from '#cli/api/api-command.ts';
import { treeCommand } from '#cli/tasks/tree.ts';
import { taskView } from '#core/api/tasks/task-view.ts';
import { taskIdSchema } from '#core/tasks/task-id.ts';
import type { Task } from '#core/tasks/task.ts';
import { sampleTask } from '../../contract/samples.ts';

const NOW = Date.UTC(2026, 10, 28);
const idOf = (name: string) => taskIdSchema.parse(name);

const task = (id: string, usd: number, change: Partial<Task> = {}): Task => {
  const base = sampleTask({ id: idOf(id), createdAt: NOW });
  const state: Task['state'] = {
    status: 'succeeded',
    output: {},
    warnings: [],
    finishedAt: NOW + 3_000,
    notified: true,
  };
  return {
    ...base,
    state,
    agent: 'editor',
    budget: { tokens: 1_000, usd: 2 },
    spend: { ...base.spend, usd },
    ...change,
  };
};

const tasks = [
  task('root', 0.5, { children: [idOf('a'), idOf('b')] }),
  task('a', 0.25, { agent: 'writer', children: [idOf('a1')] }),
  task('a1', 0.125, { agent: 'speller' }),
  task('b', 0.0625, {
    agent: 'checker',
    state: { status: 'failed', failure: { kind: 'permanent', reason: 'odd' }, finishedAt: NOW + 9_000, notified: true },
  }),
];

async function shown(json: boolean): Promise<{ readonly lines: string[]; readonly values: unknown[] }> {
  const [lines, values]: [string[], unknown[]] = [[], []];
  const context = {
    json,
    api: {
      call: async (_: unknown, __: unknown, { params }: { params: { id: string } }) => {
        const found = tasks.find(({ id }) => id === params.id);
        return found && { ...taskView(found), children: found.children };
      },
    },
    output: { line: (text = '') => void lines.push(text), json: (value: unknown) => void values.push(value) },
  } as unknown as ApiContext;
  await treeCommand(context, 'root');
  return { lines, values };
}

it('a tree shows each task below the one that delegated it, with its own cost, and what all of it cost', async () => {
  const { lines } = await shown(false);
  const rows = lines
    .join('\n')
    .split('\n')
    .map((line) => line.trimEnd().replace(/ {2,}/g, '  '));
  expect(rows.slice(1)).toEqual([
    'root  editor  succeeded  $0.5000  3000 ms',
    '└── a  writer  succeeded  $0.2500  3000 ms',
    '└──── a1  speller  succeeded  $0.1250  3000 ms',
    '└── b  checker  failed: odd (permanent)  $0.0625  9000 ms',
    'all together: $0.9375 of $2.00',
  ]);
});

it('as JSON, each task contains those below it', async () => {
  const { values } = await shown(true);
  expect(values).toMatchObject([{ id: 'root', below: [{ id: 'a', below: [{ id: 'a1', below: [] }] }, { id: 'b' }] }]);
});
