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
import { SAMPLE_RATE } from '#runtime/observability/tracing.ts';
import { median } from './percentile.ts';
import { threadTime } from './processor-time.ts';

/** The command-line options of `bench traces`. */
export const tracesBenchOptions = z.strictObject({
  tasks: wholeOption(1, 100_000),
  rounds: wholeOption(1, 100),
  json: z.boolean().default(false),
});

/** What tracing costs a worker. */
export interface TracesFigures {
  readonly tasks: number;
  readonly rounds: number;
  /** CPU milliseconds of the workers for each task, by round: every trace is kept. */
  readonly all: readonly number[];
  /** The share of traces is kept that is by default. */
  readonly sampled: readonly number[];
  readonly off: readonly number[];
  /** Their medians by that without tracing, less one, in percent. */
  readonly overheadPercent: { readonly all: number; readonly sampled: number };
}

/** The threads of the pool's workers. Linux cuts names after 15 characters. */
const WORKERS = /^fleet-dev-assis/;

const MODES = {
  all: { tracing: 'otel', rate: '1' },
  sampled: { tracing: 'otel', rate: String(SAMPLE_RATE) },
  off: { tracing: 'off', rate: '0' },
} as const;
type Mode = keyof typeof MODES;
const NAMES = Object.keys(MODES) as readonly Mode[];

/** Tasks before the measurement, so that workers have started and V8 has compiled the hot code. */
const WARM_UP = 300;

/** Runs the same tasks on fleets with and without tracing, in turns. Each round begins with another one. */
export async function benchTraces(
  systems: readonly CliSystem[],
  { tasks, rounds }: z.infer<typeof tracesBenchOptions>,
  output: Output,
): Promise<TracesFigures> {
  const figures: Record<Mode, number[]> = { all: [], sampled: [], off: [] };
  for (let round = 0; round < rounds; round += 1) {
    for (const at of NAMES.keys()) {
      const mode = NAMES[(at + round) % NAMES.length] ?? 'off';
      const ms = await measure(systems, mode, tasks, output);
      figures[mode].push(ms);
      output.progress(`round ${round + 1}, ${mode}: ${ms} CPU-ms`);
    }
  }
  const overhead = (mode: Mode): number => Math.round((median(figures[mode]) / median(figures.off) - 1) * 1_000) / 10;
  return { tasks, rounds, ...figures, overheadPercent: { all: overhead('all'), sampled: overhead('sampled') } };
}

async function measure(systems: readonly CliSystem[], mode: Mode, tasks: number, output: Output): Promise<number> {
  const dataDir = join(FLEET_HOME, 'bench', `traces-${mode}`);
  rmSync(dataDir, { recursive: true, force: true });
  const { tracing, rate } = MODES[mode];
  const settings = { systems: 'assistant', tracing };
  const environment = { TRACE_SAMPLE_RATE: rate };
  const own = systems.filter(({ name }) => name === 'assistant');
  const fleet = await bootFleet(own, { dataDir, port: 0, latencyMs: 0, apiKey: null, settings, environment }, output);
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
