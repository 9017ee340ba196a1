import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const bench = (...args: string[]) => promisify(execFile)(process.execPath, ['bench/run.ts', ...args]);

test('dispatch is measured, and --json prints one object', async () => {
  const { stdout } = await bench('dispatch', '--messages', '5', '--json');
  const figures = JSON.parse(stdout) as Record<string, number>;
  expect(figures['messages']).toBe(5);
  expect(figures['p50Ms']).toBeGreaterThan(0);
  expect(figures['p99Ms']).toBeGreaterThanOrEqual(figures['p50Ms'] ?? Infinity);
});

test('a burst is measured by both ways to scale', async () => {
  const { stdout } = await bench('burst', '--messages', '40', '--latency', '10', '--workers', '20', '--json');
  expect((JSON.parse(stdout) as { bursts: unknown[] }).bursts).toHaveLength(2);
});

test('the calls of a function are measured in both halves', async () => {
  const { stdout } = await bench('calls', '--rounds', '20', '--json');
  const figures = JSON.parse(stdout) as { calls: number; cpuMsPerCall: number };
  expect(figures.calls).toBe(80);
  expect(figures.cpuMsPerCall).toBeGreaterThan(0);
});

test('tracing is measured: the same tasks with and without it', async () => {
  const { stdout } = await bench('traces', '--tasks', '20', '--rounds', '1', '--json');
  const { traced, untraced } = JSON.parse(stdout) as Record<string, readonly number[]>;
  expect([traced, untraced]).toEqual([[expect.any(Number)], [expect.any(Number)]]);
});

test('the model of AWS is compared with runs on this machine', async () => {
  const { stdout } = await bench('scale', '--check', '--json');
  const { residuals } = JSON.parse(stdout) as { residuals: readonly Record<string, number>[] };
  expect(residuals).toHaveLength(3);
  for (const { predictedSeconds, measuredSeconds } of residuals)
    expect(Math.min(predictedSeconds ?? 0, measuredSeconds ?? 0)).toBeGreaterThan(0);
});

test('the fleet does the job of its peers, and survives kill -9 in its middle', async () => {
  const { stdout } = await bench('peers', '--peers', 'agent-fleet', '--rounds', '1', '--tasks', '60', '--json');
  const number: unknown = expect.any(Number);
  expect(JSON.parse(stdout)).toEqual({
    peers: [
      {
        peer: 'agent-fleet',
        ratio: number,
        tasksPerSecond: number,
        cpuMsPerTask: number,
        memoryMiB: number,
        dispatchP50Ms: number,
        dispatchP99Ms: number,
        crash: { lost: 0, doubled: 0, extraCalls: number, makespanS: number },
      },
    ],
  });
});
