import type { AuditReader } from '../ports/audit-reader.ts';
import type { TaskStore } from '../ports/task-store.ts';
import type { TaskId } from '../tasks/task-id.ts';
import { isTerminal } from '../tasks/task.ts';
import type { Digests } from './entry.ts';
import type { AuditVerdict } from './verdict.ts';
import { verifyTrail } from './verify.ts';

/** The ports that verifying a trail needs. */
export interface VerifierPorts {
  readonly reader: AuditReader;
  /** Null when the state table cannot be read. A cut-off end is then not detected. */
  readonly store: Pick<TaskStore, 'get'> | null;
  readonly ids: Digests;
}

/**
 * Verdicts on a task and on expired tasks with the same id, oldest first. Empty when there is neither a task nor an
 * entry.
 */
export async function verifyTask({ reader, store, ids }: VerifierPorts, taskId: TaskId): Promise<AuditVerdict[]> {
  // Read the task first. Entries recorded since are then ahead of its head, and none appears to be missing.
  const task = (await store?.get(taskId)) ?? null;
  const kept = await reader.read(taskId);
  const lives = new Set(kept.map(({ place }) => place.createdAt));
  if (task) lives.add(task.createdAt);
  return [...lives]
    .sort((a, b) => a - b)
    .map((createdAt) =>
      verifyTrail(ids, {
        taskId,
        createdAt,
        kept: kept.filter(({ place }) => place.createdAt === createdAt),
        task: task?.createdAt === createdAt ? { head: task.audit, ended: isTerminal(task.state) } : null,
      }),
    );
}
