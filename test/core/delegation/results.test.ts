import { describe, expect, it } from 'vitest';
import { toBody } from '#adapters/dynamodb/item-body.ts';
import { resultsOf } from '#core/delegation/results.ts';
import type { Task, TaskState } from '#core/tasks/task.ts';

/** Text that compresses badly: its characters take three bytes each, and none follows from another. */
function dense(length: number, seed: number): string {
  let state = seed + 1;
  const next = (): number => (state = (state * 48_271) % 2_147_483_647);
  return String.fromCodePoint(...Array.from({ length }, () => 0x4e_00 + (next() % 20_000)));
}

function results(count: number, stateOf: (index: number) => Partial<TaskState>) {
  const children = Array.from({ length: count }, (_, index) => ({
    id: `worker-${dense(1, index)}-${index}`,
    to: 'count',
    index,
    budget: { usd: 1, tokens: 1 },
  }));
  const tasks = new Map(children.map(({ id }, index) => [id, { id, state: stateOf(index) } as unknown as Task]));
  return resultsOf({ children }, tasks);
}

/** What the step of a delegation stores. Throws when it does not fit. */
const stored = (all: unknown) => toBody({ content: JSON.stringify({ results: all }) }, 'A step');

describe('the results of children', () => {
  it('fit the item of a step, however badly their outputs compress', () => {
    const read = results(10, (index) => ({ status: 'succeeded', output: { text: dense(40_000, index) } }));
    expect(() => stored(read)).not.toThrow();
    expect(read.map(({ output }) => output !== undefined)).toEqual([true, true, ...Array(8).fill(false)]);
    expect(read[2]?.reason).toMatch(/^The output of 1200\d\d bytes is left out/);
  });

  it('fit it with 500 long reasons', () => {
    const read = results(500, (index) => ({
      status: 'failed',
      failure: { kind: 'permanent', reason: dense(2_000, index) },
    }));
    expect(() => stored(read)).not.toThrow();
    expect(read[0]?.reason).toHaveLength(1_001);
    expect(read.at(-1)).toMatchObject({ state: 'failed', reason: expect.stringContaining('is left out') });
  });
});
