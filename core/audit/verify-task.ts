import type { AuditReader } from '../ports/audit-reader.ts';
import type { TaskStore } from '../ports/task-store.ts';
import { isTerminal, type TaskId } from '../tasks/task.ts';
import type { Digests } from './entry.ts';
import type { AuditVerdict } from './verdict.ts';
import { verifyTrail } from './verify.ts';

/** What it takes to verify a trail. */
export interface VerifierPorts {
  readonly reader: AuditReader;
  /** Null where the state table is out of reach: then an end that was cut off is not seen. */
  readonly store: Pick<TaskStore, 'get'> | null;
  readonly ids: Digests;
}

/**
 * The verdicts on a task, and on earlier ones that bore its id and have expired, oldest first. None where there is
 * neither a task nor an entry.
 */
export async function verifyTask({ reader, store, ids }: VerifierPorts, taskId: TaskId): Promise<AuditVerdict[]> {
  // The task first: entries recorded since are then ahead of its head, and none seems to be missing.
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
