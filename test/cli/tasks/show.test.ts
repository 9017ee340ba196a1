import { expect, it } from 'vitest';
import type { ApiContext } from '#cli/api/api-command.ts';
import { showCommand } from '#cli/tasks/show.ts';
import { taskOperations } from '#core/api/tasks/operations.ts';

const at = '2026-01-01T00:00:00.000Z';
const step = { startedAt: at, endedAt: at, kind: 'tool', tool: 'look-up', content: 'no such order' } as const;
const task = {
  id: 'task-1',
  agent: 'shop',
  agentVersion: '1',
  status: 'succeeded',
  priority: 'normal',
  createdAt: at,
  finishedAt: at,
  deadline: at,
  steps: 2,
  spent: { tokens: 3, usd: 0.01, savedUsd: 0 },
  budget: { tokens: 10, usd: 1 },
  links: {},
};
const stack = 'TypeError\n    at find (systems/shop/find.ts:3:9)\u001B[2J';

it('fleet task ID --steps shows where a tool threw, and nothing of the kind for one that did not', async () => {
  const steps = [
    { ...step, index: 0, isError: false },
    { ...step, index: 1, isError: true, stack },
  ];
  const said: string[] = [];
  const call = async (operation: unknown) => (operation === taskOperations.getSteps ? { steps } : task);
  const further: string[] = [];
  const line = (lines: string[]) => ({ line: (text = '') => void lines.push(text) });
  const context = { api: { call }, output: line(said), notes: line(further), json: false };
  await showCommand(context as unknown as ApiContext, 'task-1', true);
  const [, shown = ''] = said.join('\n').split('look-up threw ');
  expect(said.join('\n')).toContain('Step 1: look-up threw TypeError\n    at find (systems/shop/find.ts:3:9)');
  expect(said.join('\n').match(/ threw /g)).toHaveLength(1);
  expect(shown).not.toContain('\u001B');
  expect(further.join('')).toContain('npm run fleet -- logs task-1\n');
});

it.each([
  [{ input: { instruction: 'Find order 7.' } }, 'Find order 7.'],
  [{ input: { order: 7 } }, '"order": 7'],
  [{ inputKey: 'inputs/default/1' }, 'uploaded as inputs/default/1'],
  [{ input: { instruction: 'x'.repeat(2_000) } }, '(all of it: --json)'],
])('fleet task ID shows the input of a task that failed: %#', async (input, says) => {
  const failed = { ...task, ...input, status: 'failed', failure: { kind: 'permanent', reason: 'No.' } };
  const said: string[] = [];
  const output = { line: (text = '') => void said.push(text) };
  const context = { api: { call: async () => failed }, output, notes: { line: () => undefined }, json: false };
  await showCommand(context as unknown as ApiContext, 'task-1', false);
  expect(said.join('\n')).toMatch(/^input /m);
  expect(said.join('\n')).toContain(says);
});
