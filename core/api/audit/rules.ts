import type { AuditEntry } from '../../audit/entry.ts';
import type { AuditFinding, AuditVerdict } from '../../audit/verdict.ts';
import { verifyTrail } from '../../audit/verify.ts';
import type { AuditReader } from '../../ports/audit-reader.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Ids } from '../../ports/ids.ts';
import type { TaskStore } from '../../ports/task-store.ts';
import { isTerminal } from '../../tasks/task.ts';
import type { Caller } from '../http/caller.ts';
import { ApiProblem } from '../http/problem.ts';
import { timeOf } from '../http/time-of.ts';
import { readTask } from '../tasks/get-task.ts';
import type { AuditView } from './messages.ts';

export interface AuditPorts {
  readonly store: TaskStore;
  readonly trail: Pick<AuditReader, 'readAtMost'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly ids: Pick<Ids, 'digest'>;
}

/** Two for each tool call. A task has a few dozen steps, so more are somebody's who fills the trail. */
const MAX_ENTRIES = 1_000;

/**
 * Returns the audit entries of a task, verified. Entries of an expired task with the same id are left out. Throws
 * `ApiProblem`: not found for any other tenant's task (I8).
 */
export async function getTaskAudit(ports: AuditPorts, caller: Caller, id: string): Promise<AuditView> {
  // The task comes first. Entries recorded since are then ahead of its head, and none appears to be missing.
  const { id: taskId, createdAt, audit: head, state } = await readTask(ports.store, caller, id);
  const kept = await ports.trail.readAtMost(taskId, MAX_ENTRIES);
  if (kept === null) throw tooMany(taskId);
  const verdict = verifyTrail(ports.ids, {
    taskId,
    createdAt,
    kept: kept.filter(({ place }) => place.createdAt === createdAt),
    task: { head, ended: isTerminal(state) },
  });
  return viewOf(verdict, ports.clock.now());
}

function viewOf({ whole, findings, chain, uncounted, announced }: AuditVerdict, now: number): AuditView {
  const entries = [
    ...chain.map((entry) => ({ ...entryOf(entry), counted: true })),
    ...uncounted.map((entry) => ({ ...entryOf(entry), counted: false })),
  ];
  return {
    whole,
    findings: findings.map(findingOf),
    entries: entries.toSorted(inOrder),
    ...(announced && { announced: entryOf(announced) }),
    asOf: timeOf(now),
  };
}

type View = AuditView['entries'][number];

const PHASES = ['before', 'after'];
const inOrder = (a: View, b: View): number =>
  a.step - b.step || a.epoch - b.epoch || PHASES.indexOf(a.phase) - PHASES.indexOf(b.phase);

function entryOf({ at, step, epoch, phase, tool, model, outcome, contentDigest }: AuditEntry) {
  return {
    at: timeOf(at),
    step,
    epoch,
    phase,
    tool,
    ...(model !== undefined && { model }),
    ...(outcome !== undefined && { outcome }),
    contentDigest,
  };
}

function findingOf({ fault, place }: AuditFinding): AuditView['findings'][number] {
  if (place === null) return { fault };
  const { step, epoch, phase } = place;
  return { fault, entry: { step, epoch, phase } };
}

const tooMany = (id: string): ApiProblem =>
  new ApiProblem(
    'cannot-accept',
    `The audit trail has more than ${MAX_ENTRIES} entries of this task, too many for one response. Verify them with npm run fleet -- audit verify ${id}.`,
  );
