import { randomUUID } from 'node:crypto';
import { availableParallelism, loadavg } from 'node:os';
import { resolve } from 'node:path';
import { bootFleet } from '#cli/fleet/boot.ts';
import { modelKey, warnOfRealModel } from '#cli/fleet/model-key.ts';
import { requireNoRegions } from '#cli/fleet/one-region.ts';
import { occasionData } from '#cli/fleet/paths.ts';
import { findRunningFleet } from '#cli/fleet/registry.ts';
import { watchInterruption } from '#cli/interruption.ts';
import { occasionKey, readLocalKey } from '#cli/keys/local-key.ts';
import { makeFolder } from '#cli/make-folder.ts';
import type { CliSystem } from '#cli/system.ts';
import { SUPPORT } from '../agents/identity.ts';
import { prepareLoadTest } from '../load/load-test.ts';
import { count } from '#cli/terminal/format.ts';
import type { Output } from '#cli/terminal/output.ts';
import { facts } from '#cli/terminal/table.ts';
import { UserError } from '#cli/user-error.ts';
import { driveDay } from './drive-day.ts';
import { figures, replies, results } from './figures.ts';
import type { SupportOptions } from './options.ts';
import { openClients, type SupportFleet } from './clients.ts';
import { supportOutputs } from './outputs.ts';
import { writeReport } from './report.ts';
import type { SupportSummary } from './summary.ts';
import { summaryFacts, violations } from './summary-facts.ts';

const DRAIN_MS = 10_000;
/** Long, since a slow fleet has lost nothing. */
const PATIENCE_MS = 600_000;
/** About what the real model takes: until the first token, and for each output token. */
const LATENCY = { kind: 'by-tokens', msFirstToken: 800, msPerOutputToken: 15, spread: 0.2 } as const;

/** `fleet support`: sends a day of customers' messages through the running fleet, or through a temporary one. */
export async function supportCommand(
  systems: readonly CliSystem[],
  options: SupportOptions,
  output: Output,
): Promise<void> {
  makeFolder(options.out ?? 'reports');
  const { signal } = watchInterruption();
  const id = `support-${randomUUID().slice(0, 8)}`;
  const summary = await withFleet({ systems, options, output, id }, (fleet) =>
    day({ systems, options, output, id, signal }, fleet),
  );
  if (options.json) output.json(summary);
  else output.line(facts(summaryFacts(summary)));
  output.line(`Report: ${summary.out}/support.html`);
  if (signal.aborted) throw new UserError('Interrupted before the end of the day.', 'Run the command again.');
  const wrong = violations(summary);
  if (wrong.length > 0)
    throw new UserError(
      `The day failed its checks: ${wrong.join(', ')}.`,
      `See ${summary.out}/support.json for the ids.`,
    );
}

interface Occasion {
  readonly systems: readonly CliSystem[];
  readonly options: SupportOptions;
  readonly output: Output;
  readonly id: string;
}

/** The fleet that the day runs on. */
interface FleetInUse extends SupportFleet {
  readonly model: string;
  /** Whether the fleet runs in this process. */
  readonly isOwn: boolean;
  /** 429 responses of its simulated model so far; null if they cannot be read. */
  modelThrottles(): Promise<number | null>;
}

async function withFleet<Done>(
  { systems, options, output, id }: Occasion,
  use: (fleet: FleetInUse) => Promise<Done>,
): Promise<Done> {
  const running = findRunningFleet();
  if (running !== null) {
    const key = readLocalKey();
    if (key === null)
      throw new UserError('The running fleet has no API key.', 'Stop it, then start it again with `npm start`.');
    const { endpoint, model } = running;
    const outputs = supportOutputs(running.outputs);
    const modelThrottles = (): Promise<null> => Promise.resolve(null);
    return use({ endpoint, model, outputs, key, url: running.api.url, isOwn: false, modelThrottles });
  }
  requireNoRegions();
  const apiKey = modelKey();
  if (apiKey !== null) warnOfRealModel(output);
  const latencyMs = { ...LATENCY, seed: options.seed };
  const boot = { dataDir: occasionData(id), port: 0, latencyMs, apiKey };
  const fleet = await bootFleet(systems, boot, output);
  try {
    const { endpoint, model, api } = fleet;
    const outputs = supportOutputs(fleet.outputs);
    const key = await occasionKey({ ...api, endpoint });
    const modelThrottles = async (): Promise<number | null> => (await fleet.claude?.stats())?.throttled ?? null;
    return await use({ endpoint, model, outputs, key, url: api.url, isOwn: true, modelThrottles });
  } finally {
    await fleet.close(DRAIN_MS);
  }
}

async function day(
  { options, output, id, signal }: Occasion & { readonly signal: AbortSignal },
  fleet: FleetInUse,
): Promise<SupportSummary> {
  const { minutes, volume, seed } = options;
  const seconds = minutes * 60;
  const loadTest = prepareLoadTest({ id, seed, now: Date.now(), volume, seconds, curve: 'day' });
  const clients = openClients(fleet);
  try {
    const before = loadavg()[0] ?? 0;
    output.progress('Filling the shop …');
    await loadTest.fill(clients.shop);
    const total = loadTest.arrivals.length;
    output.line(`${count(total, 'message')} in ${minutes} minutes, at ${volume} times the expected volume (${id}).`);
    const cpuBefore = process.cpuUsage();
    const driven = await driveDay(clients, loadTest, {
      id,
      agent: SUPPORT.name,
      patienceMs: PATIENCE_MS,
      signal,
      onSample: ({ atMs, waiting, busy }, sent) =>
        output.progress(
          `${clock(atMs, seconds)}  ${sent}/${total} sent, ${waiting} waiting, ${count(busy, 'busy worker')}`,
        ),
    });
    const { user, system: kernel } = process.cpuUsage(cpuBefore);
    const cpuMsAMessage = fleet.isOwn ? Math.round((user + kernel) / 1_000 / Math.max(1, driven.sent.size)) : null;
    output.progress('');
    const ended = results(loadTest, driven);
    const judged = await loadTest.judge(clients.shop, ended, new Set(driven.sent.keys()));
    const timed = replies(loadTest, ended);
    const summary: SupportSummary = {
      id,
      minutes,
      volume,
      seed,
      model: fleet.model,
      ...figures(loadTest, driven, judged, timed, seconds),
      modelThrottles: await fleet.modelThrottles(),
      machine: { cores: availableParallelism(), load: [before, loadavg()[0] ?? 0], cpuMsAMessage },
      out: resolve(options.out ?? `reports/${id}`),
    };
    await writeReport(summary, { seconds, samples: driven.samples, replies: timed });
    return summary;
  } finally {
    clients.close();
  }
}

/** The time of the simulated day, as hh:mm. */
function clock(atMs: number, seconds: number): string {
  const minutes = Math.floor((atMs / (seconds * 1_000)) * 1_440);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
