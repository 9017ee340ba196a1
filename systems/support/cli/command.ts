import { randomUUID } from 'node:crypto';
import { availableParallelism, loadavg } from 'node:os';
import { resolve } from 'node:path';
import { bootFleet } from '#cli/fleet/boot.ts';
import { modelKey, warnOfRealModel } from '#cli/fleet/model-key.ts';
import { occasionData } from '#cli/fleet/paths.ts';
import { findRunningFleet } from '#cli/fleet/registry.ts';
import { watchInterruption } from '#cli/interruption.ts';
import { occasionKey, readLocalKey } from '#cli/keys/local-key.ts';
import type { CliSystem } from '#cli/system.ts';
import { SUPPORT } from '../agents/identity.ts';
import { rehearse } from '../load/rehearse.ts';
import { count } from '#cli/terminal/format.ts';
import type { Output } from '#cli/terminal/output.ts';
import { facts } from '#cli/terminal/table.ts';
import { UserError } from '#cli/user-error.ts';
import { driveDay } from './day.ts';
import { figures, replies, results, type Figures } from './figures.ts';
import type { SupportOptions } from './options.ts';
import { openSupport, type SupportFleet } from './place.ts';
import { supportOutputs } from './outputs.ts';
import { writeReport } from './report.ts';
import { words, wrongs } from './words.ts';

/** A day that ended, as `--json` prints it. */
export interface SupportSummary extends Figures, Pick<SupportOptions, 'minutes' | 'volume' | 'seed'> {
  readonly id: string;
  /** The model, in words. */
  readonly model: string;
  /** Answers 429 of the simulated model; null where another fleet was used. */
  readonly modelThrottles: number | null;
  readonly machine: {
    readonly cores: number;
    /** One-minute load average before and after. */
    readonly load: readonly [before: number, after: number];
    /**
     * Milliseconds of processor time a message, of the whole fleet with its simulated model and this command; null where
     * another fleet was used.
     */
    readonly cpuMsAMessage: number | null;
  };
  /** The folder with support.html and support.json. */
  readonly out: string;
}

const DRAIN_MS = 10_000;
/** A fleet that is late has lost nothing. */
const PATIENCE_MS = 600_000;
/** What the real model takes, about: until the first token, and for each. */
const LATENCY = { kind: 'by-tokens', msFirstToken: 800, msPerOutputToken: 15, spread: 0.2 } as const;

/** `fleet support`: a day of customers' messages through the fleet that runs here, or one booted for the occasion. */
export async function supportCommand(
  systems: readonly CliSystem[],
  options: SupportOptions,
  output: Output,
): Promise<void> {
  const { signal } = watchInterruption();
  const id = `support-${randomUUID().slice(0, 8)}`;
  const summary = await withFleet({ systems, options, output, id }, (fleet) =>
    day({ systems, options, output, id, signal }, fleet),
  );
  if (options.json) output.json(summary);
  else output.line(facts(words(summary)));
  output.line(`Report: ${summary.out}/support.html`);
  if (signal.aborted) throw new UserError('Interrupted: the day did not come to its end.', 'Run it again to the end.');
  const wrong = wrongs(summary);
  if (wrong.length > 0)
    throw new UserError(`Not as it must be: ${wrong.join(', ')}.`, `Look at ${summary.out}/support.json for which.`);
}

interface Occasion {
  readonly systems: readonly CliSystem[];
  readonly options: SupportOptions;
  readonly output: Output;
  readonly id: string;
}

/** A fleet, and what is known of it beside. */
interface FleetInUse extends SupportFleet {
  readonly model: string;
  /** Whether it runs in this process. */
  readonly isOwn: boolean;
  /** Answers 429 of its simulated model so far; null when that is not to be known. */
  modelThrottles(): Promise<number | null>;
}

async function withFleet<Done>(
  { systems, options, output, id }: Occasion,
  use: (fleet: FleetInUse) => Promise<Done>,
): Promise<Done> {
  const running = findRunningFleet();
  if (running !== null) {
    const key = readLocalKey();
    if (key === null) throw new UserError('The running fleet has no key.', 'Stop it and start it again: npm start.');
    const { endpoint, model } = running;
    const outputs = supportOutputs(running.outputs);
    const modelThrottles = (): Promise<null> => Promise.resolve(null);
    return use({ endpoint, model, outputs, key, url: running.api.url, isOwn: false, modelThrottles });
  }
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
  const rehearsal = rehearse({ id, seed, now: Date.now(), volume, seconds, curve: 'day' });
  const place = openSupport(fleet);
  try {
    const before = loadavg()[0] ?? 0;
    output.progress('Filling the shop …');
    await rehearsal.fill(place.shop);
    const total = rehearsal.arrivals.length;
    output.line(`${count(total, 'message')} in ${minutes} minutes, ${volume} times the expected rate (${id}).`);
    const cpuBefore = process.cpuUsage();
    const driven = await driveDay(place, rehearsal, {
      id,
      agent: SUPPORT.name,
      patienceMs: PATIENCE_MS,
      signal,
      onSample: ({ atMs, waiting, busy }, sent) =>
        output.progress(`${clock(atMs, seconds)}  ${sent}/${total} sent, ${waiting} waiting, ${busy} workers`),
    });
    const { user, system: kernel } = process.cpuUsage(cpuBefore);
    const cpuMsAMessage = fleet.isOwn ? Math.round((user + kernel) / 1_000 / Math.max(1, driven.sent.size)) : null;
    output.progress('');
    const ended = results(rehearsal, driven);
    const judged = await rehearsal.judge(place.shop, ended, new Set(driven.sent.keys()));
    const timed = replies(rehearsal, ended);
    const summary: SupportSummary = {
      id,
      minutes,
      volume,
      seed,
      model: fleet.model,
      ...figures(rehearsal, driven, judged, timed, seconds),
      modelThrottles: await fleet.modelThrottles(),
      machine: { cores: availableParallelism(), load: [before, loadavg()[0] ?? 0], cpuMsAMessage },
      out: resolve(options.out ?? `reports/${id}`),
    };
    await writeReport(summary, { seconds, samples: driven.samples, replies: timed });
    return summary;
  } finally {
    place.close();
  }
}

/** The hour of the day that it is. */
function clock(atMs: number, seconds: number): string {
  const minutes = Math.floor((atMs / (seconds * 1_000)) * 1_440);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
