import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { assistantSystem } from '#systems/assistant/system.ts';
import { bootFleet, type BootedFleet } from '#cli/fleet/boot.ts';
import { FLEET_HOME } from '#cli/fleet/paths.ts';
import { occasionKey } from '#cli/keys/local-key.ts';
import type { Output } from '#cli/terminal/output.ts';
import { FleetClient } from '#client/fleet-client.ts';
import { benchCalls } from '../calls/calls.ts';
import { fleetSettings } from '../peers/fleet/settings.ts';
import { CALLS } from './calls.ts';
import { secondsUnder } from './drain.ts';
import type { Limit } from './limits.ts';
import { assumed, counted } from './sourced.ts';

/** A prediction of the model with this machine's constants, and what was measured. */
export interface Residual {
  readonly tasks: number;
  readonly atOnce: number;
  readonly latencyMs: number;
  readonly firstLimit: string;
  readonly predictedSeconds: number;
  readonly measuredSeconds: number;
  /** Measured ÷ predicted, less one. */
  readonly residualPercent: number;
}

interface Machine {
  readonly cpuMsPerCall: number;
  /** Of one call of the simulated model, which shares the processor. */
  readonly modelCpuMs: number;
}

const AT_ONCE = 50;
const WARM_UP = 300;
/** The first is bound by the model, the others by the processor. */
const RUNS = [
  { tasks: 500, latencyMs: 2_400 },
  { tasks: 500, latencyMs: 0 },
  { tasks: 1_000, latencyMs: 200 },
] as const;

/** Runs tasks with a session each on the local cloud, and compares their time with the model's rules. */
export async function checkLocally(output: Output): Promise<Residual[]> {
  output.progress('The processor time of one call');
  const { cpuMsPerCall } = await benchCalls({ rounds: 1_000, atOnce: 5, json: true }, output);
  const residuals: Residual[] = [];
  for (const { tasks, latencyMs } of RUNS) {
    const { measuredSeconds, modelCpuMs } = await run(tasks, latencyMs, output);
    residuals.push(residual({ tasks, latencyMs }, { cpuMsPerCall, modelCpuMs }, measuredSeconds));
  }
  return residuals;
}

/** The rules of drain.ts with the limits of one machine: its processors, and the tasks that wait for the model at once. */
export function localLimits(latencyMs: number, { cpuMsPerCall, modelCpuMs }: Machine): readonly Limit[] {
  const { calls } = CALLS.session;
  return [
    {
      name: 'processor',
      perSecond: availableParallelism(),
      burst: 0,
      perTask: (calls.value * cpuMsPerCall + modelCpuMs) / 1_000,
      quota: counted(availableParallelism(), 'this machine'),
      lift: 'a larger machine',
    },
    {
      name: 'tasks at once',
      perSecond: AT_ONCE,
      burst: 0,
      perTask: latencyMs / 1_000,
      quota: assumed(AT_ONCE, 'the configuration'),
      lift: '`workers`',
    },
  ];
}

/** Compares a measured time with the prediction. */
export function residual(
  { tasks, latencyMs }: { readonly tasks: number; readonly latencyMs: number },
  machine: Machine,
  measuredSeconds: number,
): Residual {
  const times = localLimits(latencyMs, machine).map((limit) => ({ limit, seconds: secondsUnder(limit, tasks) }));
  const [first] = times.toSorted((one, other) => other.seconds - one.seconds);
  const predictedSeconds = first?.seconds ?? Number.NaN;
  return {
    tasks,
    atOnce: AT_ONCE,
    latencyMs,
    firstLimit: first?.limit.name ?? '',
    predictedSeconds: round(predictedSeconds),
    measuredSeconds: round(measuredSeconds),
    residualPercent: Math.round((measuredSeconds / predictedSeconds - 1) * 100),
  };
}

async function run(tasks: number, latencyMs: number, output: Output) {
  const dataDir = join(FLEET_HOME, 'bench', 'scale');
  rmSync(dataDir, { recursive: true, force: true });
  const settings = fleetSettings(AT_ONCE);
  const fleet = await bootFleet([assistantSystem], { dataDir, port: 0, latencyMs, apiKey: null, settings }, output);
  try {
    const key = await occasionKey({ ...fleet.api, endpoint: fleet.endpoint });
    const client = new FleetClient({ url: fleet.api.url, key });
    await dispatch(client, WARM_UP, 'warm-up');
    const before = await modelCpu(fleet);
    const startedAt = performance.now();
    await dispatch(client, tasks, 'measured');
    const measuredSeconds = (performance.now() - startedAt) / 1_000;
    return { measuredSeconds, modelCpuMs: ((await modelCpu(fleet)) - before) / tasks };
  } finally {
    await fleet.close(0);
    rmSync(dataDir, { recursive: true, force: true });
  }
}

const modelCpu = async ({ claude }: BootedFleet): Promise<number> => (await claude?.stats())?.cpuMs ?? 0;

async function dispatch(client: FleetClient, count: number, name: string): Promise<void> {
  const tasks = Array.from({ length: count }, (_, index) => ({
    agent: 'assistant',
    instruction: `Say ${index}.`,
    sessionId: `${name}-${index}`,
  }));
  const outcomes = await client.dispatch(tasks, { timeoutMs: 600_000 });
  const failed = outcomes.filter((outcome) => !outcome.ended || outcome.task.status !== 'succeeded').length;
  if (failed > 0) throw new Error(`${failed} of ${count} tasks did not succeed.`);
}

const round = (value: number): number => Math.round(value * 100) / 100;
