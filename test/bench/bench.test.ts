import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { percentile } from '../../bench/percentile.ts';
import { processorTime, since } from '../../bench/processor-time.ts';

const bench = (...args: string[]) => promisify(execFile)(process.execPath, ['bench/run.ts', ...args]);

test('the help has examples', async () => {
  expect((await bench('--help')).stdout).toContain('npm run bench -- dispatch');
});

test.each([
  [['dispatch', '--messages', '0'], '--messages'],
  [['sleep'], 'sleep'],
])('invalid usage is rejected and named: %j', async (args, named) => {
  await expect(bench(...args)).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining(named) as unknown });
});

test('a percentile is one of the measured values', () => {
  const values = [5, 1, 4, 2, 3];
  expect([0, 0.5, 0.99, 1].map((share) => percentile(values, share))).toEqual([1, 3, 5, 5]);
  expect(percentile([], 0.5)).toBeNaN();
});

test('the CPU times of the components add up to the total', () => {
  const before = processorTime();
  let sum = 0;
  for (let i = 0; i < 2e7; i += 1) sum += i % 7;
  expect(sum).toBeGreaterThan(0);
  const { total, ...components } = since(before, processorTime());
  expect(total).toBeGreaterThan(0);
  // Each thread is counted in ticks of 10 ms, so the sum can be off by that much per thread.
  const known = Object.values(components).reduce((all, ms) => all + ms, 0);
  expect(known).toBeLessThan((total ?? 0) + 200);
});
