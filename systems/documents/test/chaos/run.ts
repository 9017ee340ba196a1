import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DescribeExecutionCommand, ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { z } from 'zod';
import { findDocuments, type FoundDocument } from '../../cli/find-documents.ts';
import { upload } from '../../cli/upload.ts';
import { executionArn } from '../../cli/watch.ts';
import type { DocumentsConnection } from '../../cli/connection.ts';
import { dice } from '#core/chance/dice.ts';
import { writeSamples } from '../../samples/samples.ts';
import { judge, readLedger, type Verdict } from './verdict.ts';
import { Victim } from './victim.ts';

export interface ChaosOptions {
  readonly kills: number;
  readonly documents: number;
  readonly seed: number;
  readonly agents: number;
  readonly latency: number;
  /** Kills all workers and leaves the rest of the fleet alive. @default false */
  readonly workersOnly?: boolean;
  /** Emptied before the run, kept after it. */
  readonly folder: string;
}

export interface ChaosResult extends Verdict {
  readonly kills: number;
  /** Kills before the fleet was ready. */
  readonly killsDuringBoot: number;
  /** Kills before the run had ended. */
  readonly killsDuringRun: number;
  readonly documents: number;
  readonly modelCalls: number;
  readonly seed: number;
  /** From the first start to the report, including all restarts. */
  readonly seconds: number;
}

const RUN = 'chaos';
/** Share of the kills that happen while the fleet boots. */
const BOOT_KILLS = 0.2;
const BOOT_MS = 4_000;
/** Time limit of a run: a base for restarts and leases, plus an amount per document for a busy machine. */
const PATIENCE_MS = 180_000;
const PATIENCE_PER_DOCUMENT_MS = 250;

const reportSchema = z.object({
  documents: z.array(z.object({ file: z.string(), status: z.string(), taskId: z.string().nullable() })),
});

/** Runs documents through a fleet, kills the fleet at times drawn from the seed, and judges the evidence. */
export async function chaos(options: ChaosOptions, say: (line: string) => void): Promise<ChaosResult> {
  const { folder, documents, seed, agents, latency } = options;
  rmSync(folder, { recursive: true, force: true });
  const contracts = join(folder, 'contracts');
  mkdirSync(contracts, { recursive: true });
  await writeSamples(contracts, { count: documents, broken: 0, seed });
  const files = await findDocuments(contracts);
  const dataDir = join(folder, 'data');
  const victim = new Victim({ dataDir, agents, latencyMs: latency });
  const startedAt = performance.now();
  try {
    const moments: Moments = { all: [], boot: 0, during: 0 };
    const crashes = options.workersOnly === true;
    if (!crashes) await killAndKill(options, victim, files, { moments, say });
    const last = live(victim, files, true);
    if (crashes) await crashWorkers(options, victim, last, { moments, say });
    const { connection, done } = await last;
    if (connection === null || !done) throw new Error(ENDED);
    const evidence = {
      files: files.map(({ file }) => file),
      kills: moments.all,
      ...(await collectEvidence(connection, dataDir)),
    };
    connection.close();
    await victim.end('SIGTERM');
    const { during, boot } = moments;
    const counts = { kills: moments.all.length, killsDuringBoot: boot, killsDuringRun: during };
    const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
    return { ...judge(evidence), ...counts, documents, modelCalls: evidence.calls.length, seed, seconds };
  } finally {
    await victim.end('SIGKILL');
  }
}

interface Moments {
  readonly all: number[];
  boot: number;
  during: number;
}

interface Log {
  readonly moments: Moments;
  readonly say: (line: string) => void;
}

/** Mean time between kills in ms. All lives together last about as long as the run, so that each kill interrupts work. */
function meanLifeMs({ kills, documents, agents, latency }: ChaosOptions): number {
  return Math.max(750, ((documents / agents) * latency + documents * 40) / Math.max(1, kills));
}

/** Kills all workers repeatedly during the run. */
async function crashWorkers(
  options: ChaosOptions,
  victim: Victim,
  life: ReturnType<typeof live>,
  { moments, say }: Log,
): Promise<void> {
  const draw = dice(options.seed, 'kills');
  let done = false;
  const ended = (): void => void (done = true);
  life.then(ended, ended);
  if ((await life.up) === null) throw new Error(ENDED);
  for (let number = 1; number <= options.kills; number++) {
    await delay(draw.next() * 2 * meanLifeMs(options));
    moments.all.push(Date.now());
    victim.crashWorkers();
    if (!done) moments.during += 1;
    say(`kill ${number} of ${options.kills}: all workers`);
  }
}

const ENDED = 'The fleet stopped without a kill. See its log.';

async function killAndKill(
  options: ChaosOptions,
  victim: Victim,
  files: readonly FoundDocument[],
  { moments, say }: Log,
): Promise<void> {
  const { kills, seed } = options;
  const draw = dice(seed, 'kills');
  for (let number = 1; number <= kills; number++) {
    const inBoot = draw.chance(BOOT_KILLS);
    const waitMs = draw.next() * (inBoot ? BOOT_MS : 2 * meanLifeMs(options));
    const life = live(victim, files, false);
    if (!inBoot && (await life.up) === null) throw new Error(ENDED);
    await delay(waitMs);
    moments.all.push(Date.now());
    await victim.end('SIGKILL');
    const { connection, done } = await life;
    connection?.close();
    if (connection === null) moments.boot += 1;
    else if (!done) moments.during += 1;
    const when = connection === null ? 'during boot' : done ? 'after the report' : 'during the run';
    say(`kill ${number} of ${kills}: ${Math.round(waitMs)} ms after ${inBoot ? 'its start' : 'it was ready'}, ${when}`);
  }
}

interface Life {
  /** Null if the fleet was killed before it was ready. */
  readonly connection: DocumentsConnection | null;
  /** Whether the run has ended. */
  readonly done: boolean;
}

/** One life of the fleet: starts it, uploads the documents, and watches it until the run ends or the fleet dies. */
function live(
  victim: Victim,
  files: readonly FoundDocument[],
  patient: boolean,
): Promise<Life> & { up: Promise<unknown> } {
  const { ready } = victim.start();
  const life = ready.then(async (connection) => {
    if (connection === null) return { connection, done: false };
    const patienceMs = PATIENCE_MS + files.length * PATIENCE_PER_DOCUMENT_MS;
    const deadline = patient ? Date.now() + patienceMs : Infinity;
    while (victim.running && Date.now() < deadline) {
      const status = await statusOf(connection, files).catch(() => undefined);
      if (status === 'SUCCEEDED') return { connection, done: true };
      if (status !== undefined && status !== 'RUNNING') throw new Error(`The run ended with status ${status}.`);
      await delay(100);
    }
    if (patient) throw new Error(`The run did not end within ${patienceMs / 1_000} s.`);
    return { connection, done: false };
  });
  // Awaited only after the kill. Without this, an earlier failure would be an unhandled rejection.
  life.catch(() => undefined);
  return Object.assign(life, { up: ready });
}

/** Returns the run's status. Repeats the upload if a kill interrupted it. */
async function statusOf(connection: DocumentsConnection, files: readonly FoundDocument[]): Promise<string | undefined> {
  const arn = executionArn(connection, RUN);
  try {
    const { status } = await connection.sfn.send(new DescribeExecutionCommand({ executionArn: arn }));
    return status;
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ExecutionDoesNotExist') throw error;
    if (uploaded.has(files)) return undefined;
    await upload(connection, RUN, files, {});
    uploaded.add(files);
    return undefined;
  }
}

/** Uploads that completed. No kill may lose them. */
const uploaded = new WeakSet<readonly FoundDocument[]>();

async function collectEvidence(connection: DocumentsConnection, dataDir: string) {
  const Key = `runs/${RUN}/report.json`;
  const report = await connection.s3.send(new GetObjectCommand({ Bucket: connection.outputs.UploadBucket, Key }));
  const { documents: rows } = reportSchema.parse(JSON.parse((await report.Body?.transformToString()) ?? ''));
  const list = new ListExecutionsCommand({ stateMachineArn: connection.outputs.StateMachineArn });
  const { executions = [] } = await connection.sfn.send(list);
  const mailDir = join(dataDir, 'cloud', 'mail');
  const mails = readdirSync(mailDir)
    .filter((name) => name.endsWith('.eml'))
    .map((name) => statSync(join(mailDir, name)).mtimeMs);
  const calls = readLedger(readFileSync(join(dataDir, 'claude-ledger.jsonl'), 'utf8'));
  return { rows, calls, mails, executions: executions.length };
}
