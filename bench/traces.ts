import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { bootFleet } from '#cli/fleet/boot.ts';
import { FLEET_HOME } from '#cli/fleet/paths.ts';
import { occasionKey } from '#cli/keys/local-key.ts';
import type { CliSystem } from '#cli/system.ts';
import type { Output } from '#cli/terminal/output.ts';
import { wholeOption } from '#cli/whole-option.ts';
import { FleetClient } from '#client/fleet-client.ts';
import { median } from './percentile.ts';
import { threadTime } from './processor-time.ts';

/** The command-line options of `bench traces`. */
export const tracesBenchOptions = z.strictObject({
  tasks: wholeOption(1, 100_000),
  rounds: wholeOption(1, 100),
  json: z.boolean().default(false),
});

/** What tracing every task costs a worker. */
export interface TracesFigures {
  readonly tasks: number;
  readonly rounds: number;
  /** CPU milliseconds of the workers for each task, by round. */
  readonly traced: readonly number[];
  readonly untraced: readonly number[];
  /** The median of traced by that of untraced, less one, in percent. */
  readonly overheadPercent: number;
}

/** The threads of the pool's workers. Linux cuts names after 15 characters. */
const WORKERS = /^fleet-dev-assis/;

const MODES = ['otel', 'off'] as const;
type Mode = (typeof MODES)[number];

/** Tasks before the measurement, so that workers have started and V8 has compiled the hot code. */
const WARM_UP = 300;

/** Runs the same tasks on fleets with and without tracing, in turns: each round begins with the mode that ended the last. */
export async function benchTraces(
  systems: readonly CliSystem[],
  { tasks, rounds }: z.infer<typeof tracesBenchOptions>,
  output: Output,
): Promise<TracesFigures> {
  const figures: Record<Mode, number[]> = { otel: [], off: [] };
  for (let round = 0; round < rounds; round += 1) {
    for (const mode of round % 2 === 0 ? MODES : MODES.toReversed()) {
      const ms = await measure(systems, mode, tasks, output);
      figures[mode].push(ms);
      output.progress(`round ${round + 1}, ${mode}: ${ms} CPU-ms`);
    }
  }
  const overhead = (median(figures.otel) / median(figures.off) - 1) * 100;
  return {
    tasks,
    rounds,
    traced: figures.otel,
    untraced: figures.off,
    overheadPercent: Math.round(overhead * 10) / 10,
  };
}

async function measure(systems: readonly CliSystem[], mode: Mode, tasks: number, output: Output): Promise<number> {
  const dataDir = join(FLEET_HOME, 'bench', `traces-${mode}`);
  rmSync(dataDir, { recursive: true, force: true });
  const settings = { systems: 'assistant', tracing: mode };
  const own = systems.filter(({ name }) => name === 'assistant');
  const fleet = await bootFleet(own, { dataDir, port: 0, latencyMs: 0, apiKey: null, settings }, output);
  try {
    const key = await occasionKey({ ...fleet.api, endpoint: fleet.endpoint });
    const client = new FleetClient({ url: fleet.api.url, key });
    await run(client, WARM_UP);
    const before = threadTime(WORKERS);
    await run(client, tasks);
    return Math.round(((threadTime(WORKERS) - before) / tasks) * 100) / 100;
  } finally {
    await fleet.close(0);
  }
}

/** Tasks of one model call, without latency: the shortest there are, on which tracing weighs most. */
async function run(client: FleetClient, count: number): Promise<void> {
  const tasks = Array.from({ length: count }, (_, index) => ({ agent: 'assistant', instruction: `Say ${index}.` }));
  const outcomes = await client.dispatch(tasks, { timeoutMs: 600_000 });
  const failed = outcomes.filter((outcome) => !outcome.ended || outcome.task.status !== 'succeeded');
  if (failed.length > 0) throw new Error(`${failed.length} of ${count} tasks did not succeed.`);
}
