import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { bootFleet } from '#cli/fleet/boot.ts';
import { connectDocuments, type DocumentsConnection } from './connection.ts';
import { modelKey, warnOfRealModel } from '#cli/fleet/model-key.ts';
import { occasionData } from '#cli/fleet/paths.ts';
import { findRunningFleet, type RunningFleet } from '#cli/fleet/registry.ts';
import { watchInterruption } from '#cli/interruption.ts';
import type { CliSystem } from '#cli/system.ts';
import { contractAnalyst } from '../agents/contract-analyst.ts';
import type { Output } from '#cli/terminal/output.ts';
import { UserError, wrongUsage } from '#cli/user-error.ts';
import { estimateCost } from './estimate.ts';
import { findDocuments } from './find-documents.ts';
import type { DocumentsOptions } from './options.ts';
import { reportFolder } from './report.ts';
import { retryFailed } from './retry-failed.ts';
import { uploadedDocuments } from './upload.ts';
import { announce, followRun, runDocuments, type RunSummary } from './run-documents.ts';

const DEFAULT_AGENTS = 50;
const DEFAULT_LATENCY_MS = 2_400;
const DRAIN_MS = 10_000;

/** `fleet documents`: analyses a folder, or reattaches to a run. */
export async function documentsCommand(
  systems: readonly CliSystem[],
  folder: string | undefined,
  options: DocumentsOptions,
  output: Output,
): Promise<RunSummary> {
  const { signal } = watchInterruption();
  const command = { systems, options, output, signal };
  try {
    return await (folder === undefined ? existingRun(command) : newRun(command, folder));
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new UserError('Interrupted.', 'Reattach to the run with --run and its id.');
  }
}

interface Command {
  readonly systems: readonly CliSystem[];
  readonly options: DocumentsOptions;
  readonly output: Output;
  readonly signal: AbortSignal;
}

async function newRun(command: Command, folder: string): Promise<RunSummary> {
  const { options, output, signal } = command;
  const documents = await findDocuments(folder);
  const estimate = await estimateCost(contractAnalyst, documents, options.maxUsd ?? null);
  announce(estimate, documents.length, output);
  if (options.maxUsd !== undefined && estimate.usd > options.maxUsd)
    throw new UserError(
      `The run would cost about $${estimate.usd.toFixed(2)}, more than --max-usd ${options.maxUsd}. Nothing was sent to the model.`,
      'Raise --max-usd, or choose a folder with fewer documents.',
    );
  const runId = newRunId();
  return withFleet(command, runId, async (connection) => {
    output.line(`Run ${runId}. If you press Ctrl-C, reattach with: npm run fleet -- documents --run ${runId}`);
    const run = { runId, documents, estimate, maxUsd: options.maxUsd ?? null, out: reportFolder(options.out, runId) };
    return runDocuments({ connection, output, signal }, run);
  });
}

async function existingRun(command: Command): Promise<RunSummary> {
  const { options, output, signal } = command;
  const id = options.run ?? options.retryFailed ?? '';
  return withFleet(command, id, async (connection) => {
    const runId = options.retryFailed === undefined ? id : await retryFailed(connection, id, output);
    const total = await uploadedDocuments(connection, baseRunId(id));
    return followRun({ connection, output, signal }, { runId, total, out: reportFolder(options.out, runId) });
  });
}

/** Uses the running fleet, or boots one with the run's own data folder. */
async function withFleet(
  { systems, options, output, signal }: Command,
  runId: string,
  use: (connection: DocumentsConnection) => Promise<RunSummary>,
): Promise<RunSummary> {
  const dataDir = occasionData(baseRunId(runId));
  const running = existsSync(dataDir) ? null : findRunningFleet();
  if (running) return useRunning(running, options, use);
  const runExists = options.run !== undefined || options.retryFailed !== undefined;
  if (runExists && !existsSync(dataDir))
    throw new UserError(
      `No fleet is running, and run "${runId}" has no stored data.`,
      'Check the id, or start the fleet with npm start.',
    );
  const apiKey = modelKey();
  if (apiKey !== null) warnOfRealModel(output);
  const settings = { 'documents.agents': options.agents ?? DEFAULT_AGENTS };
  const latencyMs = options.latency ?? DEFAULT_LATENCY_MS;
  const fleet = await bootFleet(systems, { dataDir, port: 0, settings, latencyMs, apiKey }, output);
  const connection = connectDocuments(fleet);
  try {
    return await use(connection);
  } finally {
    if (signal.aborted) output.line('Stopping the fleet. The run continues when you reattach.');
    connection.close();
    await fleet.close(signal.aborted ? 0 : DRAIN_MS);
  }
}

async function useRunning(
  running: RunningFleet,
  options: DocumentsOptions,
  use: (connection: DocumentsConnection) => Promise<RunSummary>,
): Promise<RunSummary> {
  if (options.agents !== undefined || options.latency !== undefined)
    throw wrongUsage(
      '--agents and --latency cannot change a running fleet.',
      'Leave them out, or first stop the fleet (Ctrl-C where npm start runs).',
    );
  const connection = connectDocuments(running);
  try {
    return await use(connection);
  } finally {
    connection.close();
  }
}

/** Retries and follow-up runs (`<run>--…`) share the data folder of the run they follow. */
const baseRunId = (runId: string): string => runId.split('--')[0] ?? runId;

/** `20261123-231500-3fa9`: sorts by time, and is a valid name for a folder and an execution. */
function newRunId(): string {
  const time = new Date().toISOString().replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15);
  return `${time}-${randomUUID().slice(0, 4)}`;
}
