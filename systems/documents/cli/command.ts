import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { bootFleet } from '#cli/fleet/boot.ts';
import { connectDocuments, requireManifestFirst, type DocumentsConnection } from './connection.ts';
import { modelKey, warnOfRealModel } from '#cli/fleet/model-key.ts';
import { requireNoRegions } from '#cli/fleet/one-region.ts';
import { occasionData } from '#cli/fleet/paths.ts';
import { findRunningFleet, type RunningFleet } from '#cli/fleet/registry.ts';
import { watchInterruption } from '#cli/interruption.ts';
import { lostFleet } from '#cli/lost-fleet.ts';
import { makeFolder } from '#cli/make-folder.ts';
import type { CliSystem } from '#cli/system.ts';
import { contractAnalyst } from '../agents/contract-analyst.ts';
import type { Output } from '#cli/terminal/output.ts';
import type { UploadManifest } from '#core/uploads/upload-manifest.ts';
import { Interrupted, UserError, wrongUsage } from '#cli/user-error.ts';
import { agreeToRetry, costOfRetry } from './agree-to-retry.ts';
import { agreeToReplace, askFirst, MAX_DOCUMENTS_UNASKED, MAX_USD_UNASKED } from './consent.ts';
import { discardUpload } from './discard.ts';
import { estimateCost, type Estimate } from './estimate.ts';
import { findDocuments, type SkippedFile } from './find-documents.ts';
import type { DocumentsOptions } from './options.ts';
import { reportFolder, REPORTS } from './report.ts';
import { retryFailed } from './retry-failed.ts';
import { interruptedUpload, isDiscarded, replacedBy, wasDiscarded } from './interrupted-upload.ts';
import { readManifest } from './manifest.ts';
import { announce, followRun, runDocuments, sayOfIrregular, sayOfSkipped, type RunSummary } from './run-documents.ts';

const DEFAULT_AGENTS = 50;
const DEFAULT_LATENCY_MS = 2_400;
const DRAIN_MS = 10_000;

/**
 * `fleet documents`: analyses a folder, or reattaches to a run. Ctrl-C says at once what stops and what goes on.
 * @returns null when nothing was run
 */
export async function documentsCommand(
  systems: readonly CliSystem[],
  folder: string | undefined,
  options: DocumentsOptions,
  output: Output,
): Promise<RunSummary | null> {
  const interrupted = { says: ['Stopping: nothing was uploaded.'], remedy: 'Run the command again to start over.' };
  const { signal } = watchInterruption(() => {
    for (const line of interrupted.says) output.line(line);
  });
  const command = { systems, options, output, signal, interrupted };
  try {
    if (options.discard !== undefined) return await discarded(command, options.discard);
    return await (folder === undefined ? existingRun(command) : newRun(command, folder));
  } catch (error) {
    if (!signal.aborted) throw lostFleet(error, interrupted.remedy) ?? error;
    throw new Interrupted('Interrupted.', interrupted.remedy);
  }
}

interface Command {
  readonly systems: readonly CliSystem[];
  readonly options: DocumentsOptions;
  readonly output: Output;
  readonly signal: AbortSignal;
  /** What Ctrl-C means now, and what the user can do after it. */
  readonly interrupted: { says: string[]; remedy: string };
}

async function newRun(command: Command, folder: string): Promise<RunSummary> {
  const { options, output, signal } = command;
  const skipped: SkippedFile[] = [];
  output.progress('Looking for documents …');
  const onSkipped = (file: SkippedFile): void => {
    skipped.push(file);
    sayOfSkipped(file, output);
  };
  const onIrregular = (files: readonly SkippedFile[]): void => {
    skipped.push(...files);
    sayOfIrregular(files, output);
  };
  const documents = await findDocuments(folder, { signal, onSkipped, onIrregular });
  makeFolder(options.out ?? REPORTS);
  const consent = { yes: options.yes, output, signal };
  if (documents.length > MAX_DOCUMENTS_UNASKED)
    await askFirst(`"${folder}" has ${documents.length.toLocaleString('en-US')} documents.`, consent);
  const estimated = async (maxUsd: number | null): Promise<Estimate> => {
    const estimate = await estimateCost(contractAnalyst, documents, maxUsd, signal);
    announce(estimate, documents.length, output);
    requireWithin(estimate, maxUsd);
    return estimate;
  };
  const { resume: continued, maxUsd: limit = null } = options;
  const first = continued === undefined ? await estimated(limit) : null;
  return withFleet(command, continued ?? newRunId(), async (connection, { runId, real }) => {
    requireManifestFirst(connection);
    // Read also when another limit is given, since it throws for a run that has started.
    const kept = continued === undefined ? null : await interruptedUpload(connection, runId);
    const maxUsd = limit ?? kept?.manifest.maxUsd ?? null;
    const estimate = first ?? (await estimated(maxUsd));
    if (kept !== null) await agreeToReplace(await replacedBy(connection, runId, documents), consent);
    if (real && estimate.atMostUsd > MAX_USD_UNASKED)
      await askFirst(`The run may cost up to $${estimate.atMostUsd.toFixed(2)}.`, consent);
    signal.throwIfAborted();
    uploading(command, folder, runId);
    output.line(`Run ${runId}. If you press Ctrl-C, reattach with: npm run fleet -- documents --run ${runId}`);
    const out = reportFolder(options.out, runId);
    const run = { runId, documents, estimate, maxUsd, out, skipped, replaces: kept?.etag };
    return runDocuments({ connection, output, signal }, run, () => running(command, runId));
  });
}

function requireWithin(estimate: Estimate, maxUsd: number | null): void {
  if (maxUsd === null || estimate.usd <= maxUsd) return;
  throw new UserError(
    `The run would cost about $${estimate.usd.toFixed(2)}, more than --max-usd ${maxUsd}. Nothing was sent to the model.`,
    'Raise --max-usd, or choose a folder with fewer documents.',
  );
}

function uploading({ interrupted }: Command, folder: string, runId: string): void {
  interrupted.says = ['Stopping the upload. Its run does not start, and nothing is spent.'];
  interrupted.remedy =
    `Continue the upload: npm run fleet -- documents ${JSON.stringify(folder)} --resume ${runId}\n` +
    `Delete what was uploaded: npm run fleet -- documents --discard ${runId}`;
}

function running({ interrupted }: Command, runId: string): void {
  const ownFleet = existsSync(occasionData(baseRunId(runId)));
  interrupted.says = ownFleet
    ? [`The fleet of run ${runId} stops with this command. Nothing is spent until you reattach.`]
    : [`Run ${runId} goes on in the fleet and may spend money. Stop it: npm run fleet -- cancel --run ${runId}`];
  interrupted.remedy = `Reattach to the run: npm run fleet -- documents --run ${runId}`;
}

async function existingRun(command: Command): Promise<RunSummary> {
  const { options, output, signal } = command;
  const id = options.run ?? options.retryFailed ?? '';
  makeFolder(options.out ?? REPORTS);
  return withFleet(command, id, async (connection, { real }) => {
    const manifest = await readManifest(connection, baseRunId(id));
    const runId = options.retryFailed === undefined ? id : await retried(command, connection, manifest, real);
    running(command, runId);
    if (manifest !== null && isDiscarded(manifest)) throw wasDiscarded(id);
    if (manifest !== null && manifest.state !== 'complete')
      throw new UserError(
        `The upload of run "${id}" was interrupted, so its run has not started.`,
        `Continue it: npm run fleet -- documents FOLDER --resume ${id}. Delete it: npm run fleet -- documents --discard ${id}.`,
      );
    const total = manifest?.documents ?? null;
    return followRun({ connection, output, signal }, { runId, total, out: reportFolder(options.out, runId) });
  });
}

/** Starts a retry, within what is left of the limit of its upload. */
async function retried(
  { options: { retryFailed: id = '', yes }, output, signal }: Command,
  connection: DocumentsConnection,
  manifest: UploadManifest | null,
  real: boolean,
): Promise<string> {
  let agreed = false;
  return retryFailed(connection, id, output, async (retry) => {
    const cost = await costOfRetry(connection, id, retry, manifest ?? { state: 'complete' });
    if (!agreed) await agreeToRetry(cost, real, { yes, output, signal, refused: NO_RETRY });
    agreed = true;
  });
}

const NO_RETRY = {
  nothing: 'Nothing was started.',
  check: 'Confirm with --yes.',
  smaller: 'Run the command again and answer yes, or start a run over some of the documents.',
};

async function discarded(command: Command, id: string): Promise<null> {
  return withFleet(command, id, async (connection) => {
    requireManifestFirst(connection);
    command.output.line(await discardUpload(connection, id));
    return null;
  });
}

interface UsedFleet {
  readonly runId: string;
  /** Whether the real model answers, which costs money. */
  readonly real: boolean;
}

/** Uses the running fleet, or boots one with the run's own data folder. */
async function withFleet<Result>(
  { systems, options, output, signal }: Command,
  runId: string,
  use: (connection: DocumentsConnection, fleet: UsedFleet) => Promise<Result>,
): Promise<Result> {
  const dataDir = occasionData(baseRunId(runId));
  const running = existsSync(dataDir) ? null : findRunningFleet();
  if (running) return useRunning(running, options, (connection, real) => use(connection, { runId, real }));
  requireNoRegions();
  const runExists = (options.run ?? options.retryFailed ?? options.resume ?? options.discard) !== undefined;
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
    signal.throwIfAborted();
    return await use(connection, { runId, real: apiKey !== null });
  } finally {
    if (signal.aborted) output.line('Stopping the fleet.');
    connection.close();
    await fleet.close(signal.aborted ? 0 : DRAIN_MS);
  }
}

async function useRunning<Result>(
  running: RunningFleet,
  options: DocumentsOptions,
  use: (connection: DocumentsConnection, real: boolean) => Promise<Result>,
): Promise<Result> {
  if (options.agents !== undefined || options.latency !== undefined)
    throw wrongUsage(
      '--agents and --latency cannot change a running fleet.',
      'Leave them out, or first stop the fleet (Ctrl-C where npm start runs).',
    );
  const connection = connectDocuments(running);
  try {
    return await use(connection, !running.model.startsWith('simulated'));
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
