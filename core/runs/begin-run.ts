import type { Clock } from '../ports/clock.ts';
import type { RunStore } from '../ports/run-store.ts';
import type { TaskStore } from '../ports/task-store.ts';
import { regionInFront } from '../tasks/task-id.ts';
import { startOf } from '../text/text.ts';
import type { ChosenDocuments } from '../uploads/choose-documents.ts';
import { parseUploadManifest, type UploadManifest } from '../uploads/upload-manifest.ts';
import { freezeDocuments, type FreezePorts } from './freeze-documents.ts';
import { shareOfRetry, SPENT_REMEDY, spentBefore } from './retry-limit.ts';

export interface BeginRunPorts extends FreezePorts {
  readonly runs: RunStore;
  readonly store: Pick<TaskStore, 'finishedInRun'>;
  readonly clock: Clock;
}

/** An execution of the fan-out state machine that begins. */
export interface BeginningRun {
  readonly runId: string;
  readonly uploadId: string;
  /** Which retry of the failed documents it is. @default 0, the first run */
  readonly retry?: number | undefined;
  readonly tenant: string;
  /** The ARN of the execution. */
  readonly execution: string;
}

export interface RunBegun {
  /** Most US dollars that one document may cost. Null: only the agent's budget limits it. */
  readonly maxUsd: number | null;
  /** Why the run stops before it spends anything. Null when it goes on. */
  readonly problem: { readonly error: string; readonly cause: string } | null;
  /** Documents of the run. The map reads their list, see `freezeDocuments`. */
  readonly documents: number;
  /** Documents that came too late, see `chooseDocuments`. */
  readonly late: number;
}

/**
 * Registers a run, so that it can be listed and cancelled, reads the limits of its upload and lists its documents before
 * anything is spent.
 */
export async function beginRun(ports: BeginRunPorts, run: BeginningRun): Promise<RunBegun> {
  const stored = await ports.manifests.read(run.uploadId);
  const parsed = parseUploadManifest(stored?.text ?? '');
  const { runId: id, tenant, execution } = run;
  const size = Math.max(1, (parsed.ok ? parsed.manifest.documents : undefined) ?? 1);
  const wanted = {
    id,
    tenant,
    name: startOf(run.uploadId, 128),
    createdAt: ports.clock.now(),
    size,
    digest: execution,
    execution,
    ...(parsed.ok && parsed.manifest.maxUsd !== undefined && { budgetUsd: parsed.manifest.maxUsd }),
  };
  const registered = (await ports.runs.create(wanted)).run;
  // An upload may have the name of a run that a client submitted. Its tasks are not this run's to end or cancel.
  if (registered.execution !== execution) return stopped('Run.NameTaken', NAME_TAKEN);
  if (registered.cancelledAt !== undefined) return stopped('Run.Cancelled', 'The run was cancelled before it started.');
  if (!parsed.ok) return stopped('Manifest.Unreadable', parsed.problem);
  const chosen = parsed.manifest.state === 'complete' ? await freezeDocuments(ports, run) : null;
  if (chosen === null)
    return stopped('Upload.Incomplete', 'The upload was not completed. Complete it, then start another run.');
  const maxUsd = await limitOfOne(ports, run, parsed.manifest, chosen);
  if (maxUsd === 'spent') return stopped('Run.LimitSpent', `The limit of the upload is spent. ${SPENT_REMEDY}`);
  return { maxUsd, problem: null, documents: chosen.documents.length, late: chosen.late };
}

/** What one document may cost. The documents of a retry share what earlier runs have left of the limit of the upload. */
async function limitOfOne(
  { store }: BeginRunPorts,
  { runId, uploadId, retry = 0 }: BeginningRun,
  { maxUsd }: UploadManifest,
  { maxUsd: each, documents }: ChosenDocuments,
): Promise<number | null | 'spent'> {
  if (maxUsd === undefined || each === null || retry === 0) return each;
  return (
    shareOfRetry(maxUsd, each, documents.length, await spentBefore(store, { uploadId, retry }, regionInFront(runId))) ??
    'spent'
  );
}

const NAME_TAKEN = 'Another run has this name. Upload the documents under another one.';

const stopped = (error: string, cause: string): RunBegun => ({
  maxUsd: null,
  problem: { error, cause },
  documents: 0,
  late: 0,
});
