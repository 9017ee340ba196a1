import type { Clock } from '../ports/clock.ts';
import type { RunStore } from '../ports/run-store.ts';
import type { UploadManifests } from '../ports/upload-manifests.ts';
import { startOf } from '../text/text.ts';
import { parseUploadManifest } from '../uploads/upload-manifest.ts';

export interface BeginRunPorts {
  readonly runs: RunStore;
  readonly manifests: UploadManifests;
  readonly clock: Clock;
}

/** An execution of the fan-out state machine that begins. */
export interface BeginningRun {
  readonly runId: string;
  readonly uploadId: string;
  readonly tenant: string;
  /** The ARN of the execution. */
  readonly execution: string;
}

export interface RunBegun {
  /** Most US dollars that one document may cost. Null: only the agent's budget limits it. */
  readonly maxUsd: number | null;
  /** Why the run stops before it spends anything. Null when it goes on. */
  readonly problem: { readonly error: string; readonly cause: string } | null;
}

/** Registers a run, so that it can be listed and cancelled, and reads the limits of its upload before anything is spent. */
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
  };
  const registered = (await ports.runs.create(wanted)).run;
  // An upload may have the name of a run that a client submitted. Its tasks are not this run's to end or cancel.
  if (registered.execution !== execution) return stopped('Run.NameTaken', NAME_TAKEN);
  if (registered.cancelledAt !== undefined) return stopped('Run.Cancelled', 'The run was cancelled before it started.');
  if (!parsed.ok) return stopped('Manifest.Unreadable', parsed.problem);
  if (parsed.manifest.state !== 'complete')
    return stopped('Upload.Incomplete', 'The upload was not completed. Complete it, then start another run.');
  return { maxUsd: parsed.manifest.maxUsdPerDocument ?? null, problem: null };
}

const NAME_TAKEN = 'Another run has this name. Upload the documents under another one.';

const stopped = (error: string, cause: string): RunBegun => ({ maxUsd: null, problem: { error, cause } });
