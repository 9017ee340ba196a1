import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const bench = (...args: string[]) => promisify(execFile)(process.execPath, ['bench/run.ts', ...args]);

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
});
