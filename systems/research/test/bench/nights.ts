import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { startSimulatedWeb, type SimulatedWeb } from '@agent-fleet/simulated-web';
import { z } from 'zod';
import { ApiClient } from '#cli/api/client.ts';
import { bootFleet, type BootedFleet } from '#cli/fleet/boot.ts';
import { connect } from '#cli/fleet/connection.ts';
import { outputsOf } from '#cli/fleet/outputs.ts';
import { FLEET_HOME } from '#cli/fleet/paths.ts';
import { occasionKey } from '#cli/keys/local-key.ts';
import type { CliSystem } from '#cli/system.ts';
import { everyTask } from '#cli/tasks/every-task.ts';
import type { Output } from '#cli/terminal/output.ts';
import { wholeOption } from '#cli/whole-option.ts';
import { simulatedNight } from '../../cli/calendar.ts';
import { simulatedCompanies } from '../../cli/companies.ts';
import { simulatedSpace } from '../../cli/items.ts';
import { researchNight, type NightPlace } from '../../cli/night.ts';
import { announceStandIn } from '../../cli/stand-in.ts';
import { idealSeconds, LATENCY, waitsOf } from './ideal.ts';

export const researchBenchOptions = z.object({
  companies: wholeOption(1, 500),
  nights: wholeOption(1, 30),
  faults: z.boolean().default(false),
  json: z.boolean().default(false),
});
type Options = z.infer<typeof researchBenchOptions>;

const SEED = 1;
const FIRST_NIGHT = '2026-11-02';
/** Shares of a night's companies after whose scouts all workers are killed. */
const KILLS = [0.3, 0.6];
const MIB = 1024 ** 2;
/** Share of the sites that have been asked when the model begins to refuse every call, as when somebody else uses its limit. */
const THROTTLED_AFTER = 0.2;
/** More than an hour is of a night that lasts from 22:00 to 07:00, when that takes seven minutes. */
const THROTTLED_MS = 60_000;
/** How often the bench looks how far the night is. */
const LOOK_MS = 500;

/** What each night took, beside the least that its waits for sites and for the model allow. */
export async function benchResearch(systems: readonly CliSystem[], options: Options, output: Output): Promise<object> {
  const dataDir = join(FLEET_HOME, 'bench', 'research');
  rmSync(dataDir, { recursive: true, force: true });
  const own = systems.filter(({ name }) => name === 'research');
  const { companies, faults } = options;
  const boot = { dataDir, port: 0, latencyMs: LATENCY, apiKey: null, settings: { systems: 'research' } };
  const fleet = await bootFleet(own, boot, output);
  const web = await startSimulatedWeb({
    companies,
    seed: SEED,
    firstNight: FIRST_NIGHT,
    prose: 'second',
    ...(faults && { faults: { dead: 0.05 } }),
  });
  try {
    const nights: object[] = [];
    for (let index = 0; index < options.nights; index += 1)
      nights.push(await measureNight({ fleet, web, faults, folder: join(dataDir, 'brief'), output }, index));
    return { ...options, nights };
  } finally {
    await web.close();
    await fleet.close(0);
  }
}

interface Bench {
  readonly fleet: BootedFleet;
  readonly web: SimulatedWeb;
  readonly faults: boolean;
  readonly folder: string;
  readonly output: Output;
}

async function measureNight({ fleet, web, faults, folder, output }: Bench, index: number): Promise<object> {
  const { endpoint } = fleet;
  const connection = connect(endpoint);
  const key = await occasionKey({ ...fleet.api, endpoint });
  const api = new ApiClient({ url: fleet.api.url, key });
  const { SnapshotBucket: bucket } = outputsOf(fleet.outputs, 'research', z.object({ SnapshotBucket: z.string() }));
  let run = '';
  const place: NightPlace = {
    api,
    s3: connection.s3,
    bucket,
    output,
    signal: new AbortController().signal,
    onRun: (id) => (run = id),
  };
  await announceStandIn(place, { port: web.port });
  web.setNight(index);
  web.forgetRequests();
  const companies = simulatedCompanies(web);
  const stop = faults ? breakNight(fleet, web, companies.length, index === 0) : () => 0;
  const memory = watchMemory();
  const started = performance.now();
  const cpu = process.cpuUsage();
  try {
    const order = { companies, space: simulatedSpace(SEED, companies.length), budgetUsd: undefined, folder };
    const night = simulatedNight(FIRST_NIGHT, index, '07:00');
    const { brief, usd } = await researchNight(place, { ...order, night, label: `Night ${index + 1}` });
    const seconds = (performance.now() - started) / 1_000;
    const waits = waitsOf(await everyTask(api, { runId: run }), web.requests());
    const ideal = idealSeconds(waits);
    const { user, system } = process.cpuUsage(cpu);
    const { totals, late } = brief;
    return {
      seconds: round(seconds),
      idealSeconds: round(ideal),
      ratio: round(seconds / ideal),
      processorSeconds: round((user + system) / 1e6),
      ...memory(),
      waits,
      rows: brief.companies.length,
      ...totals,
      late,
      usdPerCompany: Math.round((usd / companies.length) * 1e6) / 1e6,
      fetchedTwice: fetchedTwice(web),
      kills: stop(),
      throttled: (await fleet.claude?.stats())?.throttled ?? 0,
    };
  } finally {
    connection.close();
  }
}

const round = (value: number): number => Math.round(value * 100) / 100;

/**
 * Kills all workers twice: when that share of the sites has been asked. In a throttled night the model refuses every call
 * for a minute.
 * @returns a function that ends it, and says how many kills there were
 */
function breakNight(fleet: BootedFleet, web: SimulatedWeb, companies: number, isThrottled: boolean): () => number {
  let kills = 0;
  let throttling: NodeJS.Timeout | undefined;
  const timer = setInterval(() => {
    const asked = new Set(web.requests().map(({ host }) => host)).size / companies;
    if (isThrottled && asked >= THROTTLED_AFTER) throttling ??= throttle(fleet);
    if (asked < (KILLS[kills] ?? Infinity)) return;
    kills += 1;
    void fleet.crashWorkers();
  }, LOOK_MS);
  return () => {
    clearInterval(timer);
    clearTimeout(throttling);
    return kills;
  };
}

function throttle({ claude }: BootedFleet): NodeJS.Timeout {
  claude?.setFaults({ rates: { '429': 1 }, retryAfterSeconds: 5 });
  return setTimeout(() => claude?.setFaults({}), THROTTLED_MS);
}

/** The memory of the whole fleet, which is this process, once a second. */
function watchMemory(): () => object {
  const samples = [process.memoryUsage.rss()];
  const timer = setInterval(() => samples.push(process.memoryUsage.rss()), 1_000);
  return () => {
    clearInterval(timer);
    const tenth = samples.slice(0, Math.max(1, Math.ceil(samples.length / 10)));
    return { mibInFirstTenth: round(Math.max(...tenth) / MIB), mibAtMost: round(Math.max(...samples) / MIB) };
  };
}

/** Pages that were asked for more than once. A page that answered 429 may be asked again. */
function fetchedTwice(web: SimulatedWeb): number {
  const asked = web.requests().filter(({ status }) => status === 200 || status === 304);
  return asked.length - new Set(asked.map(({ host, path }) => `${host}${path}`)).size;
}
