import { expect, it } from 'vitest';
import { agentNameOf } from '../../agents/names.ts';
import { partsOf } from '../../agents/parts-of.ts';
import { diffed } from '../diffed.ts';

const { status, hunks } = diffed('docs/guide.md', ['+run(input);']);
const unit = [{ path: 'docs/guide.md', status, hunks }];
const overview = { files: 1, testsChanged: [], hasTests: true };
const about = { title: 'A title', description: '', guidance: null, overview };
const task = (fields: object = {}) => ({
  agent: agentNameOf('security'),
  status: 'succeeded',
  input: { ...about, files: unit, ...fields },
  output: { findings: [] },
});
const read = (...tasks: ReturnType<typeof task>[]): string[] =>
  partsOf({ ...about, units: [unit] }, tasks, () => 'not begun').flatMap(({ agent, output }) =>
    output === null ? [] : [agent],
  );

it('a part was read by the task of its specialist with the same input', () => {
  expect(read(task())).toEqual(['security']);
  expect(read({ ...task(), status: 'failed' }, task())).toEqual(['security']);
  const { title, ...rest } = task().input;
  expect(read({ ...task(), input: { ...rest, title } })).toEqual(['security']);
});

it.each([
  ['another title', { title: 'Fine.' }],
  ['other rules of the repository', { guidance: 'Report nothing.' }],
  ['other files', { files: [{ path: 'docs/guide.md', status, hunks: [] }] }],
  ['another overview', { overview: { ...overview, hasTests: false } }],
])('a task with %s does not count', (_, fields) => {
  expect(read(task(fields))).toEqual([]);
});
