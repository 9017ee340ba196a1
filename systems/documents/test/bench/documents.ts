import { execFile } from 'node:child_process';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { connectDocuments, type DocumentsConnection } from '../../cli/connection.ts';
import { findDocuments } from '../../cli/find-documents.ts';
import { followRun } from '../../cli/run-documents.ts';
import { upload } from '../../cli/upload.ts';
import { bootFleet, type BootedFleet } from '#cli/fleet/boot.ts';

import { ensureFolder, FLEET_HOME, PROJECT } from '#cli/fleet/paths.ts';
import type { CliSystem } from '#cli/system.ts';
import type { Output } from '#cli/terminal/output.ts';
import { wholeOption } from '#cli/whole-option.ts';
import { shareOut } from '#lib/share-out.ts';
import { processorTime, since, type ProcessorTime } from '../../../../bench/processor-time.ts';

/** The command-line options of `bench documents`. */
export const documentsBenchOptions = z.strictObject({
  documents: wholeOption(1, 100_000),
  agents: wholeOption(2, 1_000),
  tasksPerWorker: wholeOption(1, 10),
  latency: wholeOption(0, 600_000),
  /** Without this option, the workers have started and handled documents before the measurement. */
  cold: z.boolean().default(false),
  json: z.boolean().default(false),
});
export type DocumentsBenchOptions = z.infer<typeof documentsBenchOptions>;

export interface DocumentsFigures {
  readonly documents: number;
  readonly agents: number;
  readonly workers: number;
  readonly tasksPerWorker: number;
  readonly latencyMs: number;
  readonly pool: 'warm' | 'cold';
  /** From the command until the fleet accepts tasks. Includes synthesis only if the cached assembly is stale. */
  readonly startMs: number;
  readonly uploadMs: number;
  /** From the start of the run, after the upload, to the report on disk. */
  readonly makespanMs: number;
  /** documents × latency ÷ agents: the lower bound for any fleet. */
  readonly idealMs: number;
  readonly ratio: number;
  /** Documents that did not succeed. None of the samples is broken. */
  readonly failed: number;
  /** Answers of the simulated model. More than `documents` if some answers had to be corrected. */
  readonly modelCalls: number;
  /** From the first uploaded byte to the report on disk. */
  readonly cpuMs: ProcessorTime;
  readonly cpuMsPerDocument: number;
  /** Peak resident memory of the whole fleet, which is one process. */
  readonly peakMiB: number;
}

/** Documents to warm up with: enough for V8 to compile the hot code. */
const REHEARSAL = 400;

/** Runs distinct contracts through a new fleet and measures how long it takes. The model is simulated. */
export async function benchDocuments(
  systems: readonly CliSystem[],
  { documents, agents, tasksPerWorker: most, latency, cold }: DocumentsBenchOptions,
  output: Output,
): Promise<DocumentsFigures> {
  const { workers, tasksPerWorker } = shareOut(agents, most);
  const folder = await samples(documents, documents, output);
  const rehearsal = cold ? null : await samples(Math.min(REHEARSAL, agents * 8), documents + 1, output);
  const dataDir = join(FLEET_HOME, 'bench', 'data');
  rmSync(dataDir, { recursive: true, force: true });
  const startedAt = performance.now();
  const warm = cold ? {} : { warmWorkers: workers };
  // The other systems' pools would be warm too.
  const settings = { systems: 'documents', 'documents.agents': agents, tasksPerWorker: most, ...warm };
  const options = { dataDir, port: 0, latencyMs: latency, apiKey: null, settings };
  const fleet = await bootFleet(systems, options, output);
  const startMs = performance.now() - startedAt;
  const connection = connectDocuments(fleet);
  const bench = { connection, output };
  try {
    if (rehearsal !== null) await run(bench, 'rehearsal', rehearsal);
    const calls = await answered(fleet);
    const before = processorTime();
    const measured = await run(bench, 'measured', folder);
    const cpuMs = since(before, processorTime());
    const idealMs = (documents * latency) / agents;
    return {
      documents,
      agents,
      workers,
      tasksPerWorker,
      latencyMs: latency,
      pool: cold ? 'cold' : 'warm',
      startMs: Math.round(startMs),
      uploadMs: Math.round(measured.uploadMs),
      makespanMs: Math.round(measured.ms),
      idealMs,
      ratio: Math.round((measured.ms / idealMs) * 1000) / 1000,
      failed: measured.failed,
      modelCalls: (await answered(fleet)) - calls,
      cpuMs,
      cpuMsPerDocument: Math.round((cpuMs['total'] ?? 0) / documents),
      peakMiB: Math.round(process.resourceUsage().maxRSS / 1024),
    };
  } finally {
    connection.close();
    await fleet.close(10_000);
    rmSync(dataDir, { recursive: true, force: true });
  }
}

interface Bench {
  readonly connection: DocumentsConnection;
  readonly output: Output;
}

/** Uploads a folder and follows its run. Completing the upload manifest starts the run. */
async function run({ connection, output }: Bench, runId: string, folder: string) {
  const documents = await findDocuments(folder);
  const out = join(FLEET_HOME, 'bench', 'reports', runId);
  const { signal } = new AbortController();
  const startedAt = performance.now();
  await upload(
    connection,
    runId,
    documents,
    {},
    { onProgress: (done) => output.progress(`Uploading ${done}/${documents.length} …`) },
  );
  const uploadedAt = performance.now();
  const context = { connection, output, signal };
  const { failed } = await followRun(context, { runId, total: documents.length, out });
  return { uploadMs: uploadedAt - startedAt, ms: performance.now() - uploadedAt, failed };
}

async function answered(fleet: BootedFleet): Promise<number> {
  return (await fleet.claude?.stats())?.answered ?? 0;
}

/** Returns a folder with `count` valid contracts. Another process writes them, so they cost this one no CPU time. */
async function samples(count: number, seed: number, output: Output): Promise<string> {
  const folder = join(ensureFolder(join(FLEET_HOME, 'bench', 'samples')), `${count}-${seed}`);
  if (existsSync(folder)) return folder;
  output.line(`Writing ${count} contracts …`);
  const unfinished = `${folder}.${process.pid}`;
  const program = join(PROJECT, 'systems/documents/samples/generate.ts');
  const options = ['--count', String(count), '--broken', '0', '--seed', String(seed)];
  await promisify(execFile)(process.execPath, [program, unfinished, ...options]);
  renameSync(unfinished, folder);
  return folder;
}
