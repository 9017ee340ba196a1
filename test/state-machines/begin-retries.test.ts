import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { runPipeline } from './pipeline.support.ts';

const retrier = z.object({
  ErrorEquals: z.tuple([z.literal('States.ALL')]),
  IntervalSeconds: z.number(),
  BackoffRate: z.number(),
  MaxAttempts: z.number(),
  MaxDelaySeconds: z.number(),
  JitterStrategy: z.literal('FULL'),
});
const machine = z.object({ States: z.object({ Begin: z.object({ Retry: z.array(z.unknown()) }) }) });

/** The longest delay before each retry, in seconds. Full jitter makes each of them a random part of it. */
function delaysOf(file: string): readonly number[] {
  const { Begin } = machine.parse(JSON.parse(readFileSync(`state-machines/${file}`, 'utf8'))).States;
  const { MaxAttempts, IntervalSeconds, BackoffRate, MaxDelaySeconds } = retrier.parse(Begin.Retry.at(-1));
  return Array.from({ length: MaxAttempts }, (_, n) => Math.min(MaxDelaySeconds, IntervalSeconds * BackoffRate ** n));
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);

describe('the first state of a run', () => {
  it.each(['pipeline.asl.json', 'fan-out.asl.json'])('of %s outlasts a fault of 15 minutes', (file) => {
    const delays = delaysOf(file);
    const mean = sum(delays) / 2;
    const deviation = Math.sqrt(sum(delays.map((delay) => delay ** 2)) / 12);
    // One run in a thousand has less.
    expect(mean - 3 * deviation).toBeGreaterThan(15 * 60);
    expect(sum(delays)).toBeLessThan(3_600);
  });

  it('begins late, when its function failed for a while', async () => {
    const run = await runPipeline({
      items: [{ id: 'x' }],
      beginFails: { times: 30, errorType: 'InternalServerError' },
    });
    expect(run.execution.status).toBe('SUCCEEDED');
    expect(run.begins).toBeGreaterThan(30);
  });

  it.each(['ZodError', 'States.QueryEvaluationError'])('is not repeated after %s', async (errorType) => {
    const { execution, begins } = await runPipeline({ items: [{ id: 'x' }], beginFails: { times: 1, errorType } });
    expect(execution).toMatchObject({ status: 'FAILED', error: 'Run.NotBegun' });
    expect(begins).toBe(1);
  });
});
