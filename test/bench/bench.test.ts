import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { percentile } from '../../bench/percentile.ts';
import { processorTime, since } from '../../bench/processor-time.ts';

const bench = (...args: string[]) => promisify(execFile)(process.execPath, ['bench/run.ts', ...args]);

test('dispatch is measured, and --json prints one object', async () => {
  const { stdout } = await bench('dispatch', '--messages', '5', '--json');
  const figures = JSON.parse(stdout) as Record<string, number>;
  expect(figures['messages']).toBe(5);
  expect(figures['p50Ms']).toBeGreaterThan(0);
  expect(figures['p99Ms']).toBeGreaterThanOrEqual(figures['p50Ms'] ?? Infinity);
});

test('documents are measured: makespan, ideal and processor time', async () => {
  const { stdout } = await bench(
    'documents',
    '--documents',
    '6',
    '--agents',
    '4',
    '--latency',
    '50',
    '--cold',
    '--json',
  );
  const figures = JSON.parse(stdout) as Record<string, number>;
  expect(figures).toMatchObject({ failed: 0, modelCalls: 6 });
  expect(figures['makespanMs']).toBeGreaterThan(figures['idealMs'] ?? Infinity);
}, 120_000);

test('a burst is measured by both ways to scale', async () => {
  const { stdout } = await bench('burst', '--messages', '40', '--latency', '10', '--workers', '20', '--json');
  expect((JSON.parse(stdout) as { bursts: unknown[] }).bursts).toHaveLength(2);
}, 120_000);

test('its help gives examples', async () => {
  expect((await bench('--help')).stdout).toContain('npm run bench -- documents');
});

test.each([
  [['documents', '--documents', 'many'], '--documents'],
  [['documents', '--agents', '1'], '--agents'],
  [['dispatch', '--messages', '0'], '--messages'],
  [['sleep'], 'sleep'],
])('wrong usage is refused by name: %j', async (args, named) => {
  await expect(bench(...args)).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining(named) as unknown });
});

test('a percentile is a value that was measured', () => {
  const values = [5, 1, 4, 2, 3];
  expect([0, 0.5, 0.99, 1].map((share) => percentile(values, share))).toEqual([1, 3, 5, 5]);
  expect(percentile([], 0.5)).toBeNaN();
});

test('processor time is told by component and adds up', () => {
  const before = processorTime();
  let sum = 0;
  for (let i = 0; i < 2e7; i += 1) sum += i % 7;
  expect(sum).toBeGreaterThan(0);
  const { total, ...components } = since(before, processorTime());
  expect(total).toBeGreaterThan(0);
  // Ticks of 10 ms per thread, so the parts may miss the sum by as much.
  const known = Object.values(components).reduce((all, ms) => all + ms, 0);
  expect(known).toBeLessThan((total ?? 0) + 200);
});
