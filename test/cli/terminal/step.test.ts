import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { terminalOutput } from '#cli/terminal/output.ts';
import { step } from '#cli/terminal/step.ts';

let written: { readonly at: number; readonly text: string }[];

beforeEach(() => {
  vi.useFakeTimers({ now: 0, toFake: ['performance', 'setInterval', 'clearInterval', 'setTimeout'] });
  written = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written.push({ at: performance.now(), text: String(text) });
    return true;
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const lasting = (ms: number) => () => new Promise<void>((resolve) => void setTimeout(resolve, ms));

test('a long step is never silent for more than 5 s, also where the output is a file', async () => {
  const startedAt = performance.now();
  const running = step(terminalOutput(false), 'Synthesizing', lasting(60_000));
  await vi.advanceTimersByTimeAsync(60_000);
  await running;
  const times = written.map(({ at }) => at - startedAt);
  const silences = [...times, 60_000].map((at, index) => at - (times[index - 1] ?? 0));
  expect(times.length).toBeGreaterThan(10);
  expect(Math.max(...silences)).toBeLessThanOrEqual(5_000);
  expect(written.at(-1)?.text).toBe('Synthesizing took 1m 00s.\n');
});

test('a step says what it does at the moment', async () => {
  const running = step(terminalOutput(false), 'Synthesizing', async (about) => {
    about('bundling intake');
    await lasting(8_000)();
  });
  await vi.advanceTimersByTimeAsync(8_000);
  await running;
  expect(written.map(({ text }) => text)).toContain('Synthesizing (5s): bundling intake\n');
});

test('a short step leaves no line, and a failed one only its error, in a file', async () => {
  const short = step(terminalOutput(false), 'Reading', lasting(100));
  await vi.advanceTimersByTimeAsync(100);
  await short;
  const failed = step(terminalOutput(false), 'Reading', () => Promise.reject(new Error('no')));
  await expect(failed).rejects.toThrow('no');
  expect(written).toEqual([]);
});
