import { entryHash, genesis, type AuditEntry } from '../audit/entry.ts';
import type { AuditTrail } from '../ports/audit-trail.ts';
import type { Ids } from '../ports/ids.ts';
import type { TaskStore } from '../ports/task-store.ts';
import type { TaskId } from '../tasks/task-id.ts';
import { isTerminal, type Task } from '../tasks/task.ts';
import { advance } from '../tasks/transition.ts';

export interface AuditAfterEndPorts {
  readonly store: Pick<TaskStore, 'get' | 'replace'>;
  readonly audit: AuditTrail;
  readonly ids: Pick<Ids, 'digest'>;
  readonly clock: { now(): number };
}

/** What is done after a task has ended, on its behalf. */
export interface LateCall {
  /** A name as tools have. */
  readonly tool: string;
  /** Kept as a digest only. */
  readonly input: string;
}

/** The outcome of a call: its content is kept as a digest only. */
export interface LateOutcome<Result> {
  readonly result: Result;
  readonly content: string;
}

/**
 * Makes a call on behalf of a task that has ended, as a further call of its audit trail (I7): the entry `before` is
 * announced on the task and recorded, then the call is made, then its outcome is recorded and the chain reaches it.
 * The task stays ended. It can be repeated after a crash at any point: the chain goes on from what was announced, in a
 * later epoch of the same step, as it does after the crash of a worker.
 * @returns null, without making the call, when there is no such task or it has not ended
 * @throws what the call throws, after its outcome is recorded as an error
 */
export async function auditAfterEnd<Result>(
  ports: AuditAfterEndPorts,
  taskId: TaskId,
  call: LateCall,
  act: () => Promise<LateOutcome<Result>>,
): Promise<{ readonly result: Result } | null> {
  const before = await announce(ports, taskId, call);
  if (before === null) return null;
  await ports.audit.record(before);
  let outcome: LateOutcome<Result>;
  try {
    outcome = await act();
  } catch (error) {
    await conclude(ports, taskId, before, 'error', error instanceof Error ? error.message : String(error));
    throw error;
  }
  await conclude(ports, taskId, before, 'ok', outcome.content);
  return { result: outcome.result };
}

/** Announces the entry on the task. An entry that was announced before it is recorded first, so that no gap remains. */
async function announce(
  { store, audit, ids, clock }: AuditAfterEndPorts,
  taskId: TaskId,
  { tool, input }: LateCall,
): Promise<AuditEntry | null> {
  for (;;) {
    const task = await store.get(taskId);
    if (task === null || !isTerminal(task.state)) return null;
    if (task.audit?.announced) await audit.record(task.audit.announced);
    const entry: AuditEntry = {
      taskId: task.id,
      createdAt: task.createdAt,
      ...nextPlace(task),
      agent: task.agent,
      tool,
      phase: 'before',
      at: clock.now(),
      contentDigest: ids.digest(input),
      previous: task.audit?.hash ?? genesis(ids, task.id, task.createdAt),
    };
    const { step, epoch } = entry;
    const head = { ...task.audit, hash: entryHash(ids, entry), announced: entry, last: { step, epoch } };
    if (await isWritten(store, task, head)) return entry;
  }
}

/**
 * The step after the last late call; the same one in a later epoch when its outcome never counted. A worker may have
 * given up a call at the next step, so the first late call is a later epoch of that step.
 */
function nextPlace({ audit, steps, epoch }: Task): Pick<AuditEntry, 'step' | 'epoch'> {
  if (audit?.announced) return { step: audit.announced.step, epoch: audit.announced.epoch + 1 };
  if (audit?.last) return { step: audit.last.step + 1, epoch: audit.last.epoch };
  return { step: steps.length, epoch: epoch + 1 };
}

/** Records the outcome. It counts unless somebody else has gone on from the call meanwhile. */
async function conclude(
  { store, audit, ids, clock }: AuditAfterEndPorts,
  taskId: TaskId,
  before: AuditEntry,
  outcome: 'ok' | 'error',
  content: string,
): Promise<void> {
  const previous = entryHash(ids, before);
  const after: AuditEntry = {
    ...before,
    phase: 'after',
    at: clock.now(),
    contentDigest: ids.digest(content),
    outcome,
    previous,
  };
  await audit.record(after);
  for (;;) {
    const task = await store.get(taskId);
    if (task?.audit?.hash !== previous) return;
    const { announced: _, ...head } = task.audit;
    if (await isWritten(store, task, { ...head, hash: entryHash(ids, after) })) return;
  }
}

async function isWritten(
  store: AuditAfterEndPorts['store'],
  task: Task,
  head: NonNullable<Task['audit']>,
): Promise<boolean> {
  const decision = advance(task, { audit: head });
  return (await store.replace(decision.task)) === 'replaced';
}
