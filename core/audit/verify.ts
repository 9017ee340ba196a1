import { entryHash, genesis, placeOf, type AuditEntry, type AuditHead, type Digests } from './entry.ts';
import { readEntry } from './read-entry.ts';
import { walk, type Walked } from './walk.ts';
import type { KeptEntry } from '../ports/audit-reader.ts';
import type { AuditFinding, AuditVerdict } from './verdict.ts';

/** What the task itself says of its chain. */
export interface KnownTask {
  /** None: it has called no tool. */
  readonly head: AuditHead | undefined;
  /** Once it has ended, nothing may follow its head. While it runs, entries are ahead of what was read of it. */
  readonly ended: boolean;
}

export interface TrailToVerify {
  readonly taskId: string;
  readonly createdAt: number;
  /** All that is kept of this task, in any order. */
  readonly kept: readonly KeptEntry[];
  /** Read before the entries were; null where the task is no longer kept. */
  readonly task: KnownTask | null;
}

/**
 * Holds a task's entries against their chain.
 * 1. Any entry that counts and was changed, removed, exchanged or put in is found, the last ones only while the task
 *    is known.
 * 2. An outcome that never counted stands beside its entry before, and is no fault.
 * 3. A task that ended between the announcement of a call and its entry names that entry: it is told apart from
 *    an entry that was removed by the trail's bucket, which keeps what was written.
 */
export function verifyTrail(ids: Digests, { taskId, createdAt, kept, task }: TrailToVerify): AuditVerdict {
  const read = kept.map(readEntry);
  const entries = read.flatMap(({ entry }) => entry ?? []).sort(inOrder);
  const walked = walk(ids, genesis(ids, taskId, createdAt), entries);
  const end = task ? holdAgainst(ids, walked, task) : openEnd(walked);
  const findings = [...read.flatMap(({ findings }) => findings), ...walked.findings, ...end.findings];
  return {
    taskId,
    createdAt,
    whole: findings.length === 0,
    findings,
    chain: end.counted ? [...walked.chain, end.counted] : walked.chain,
    uncounted: end.uncounted ? [...walked.uncounted, end.uncounted] : walked.uncounted,
    announced: end.announced ?? null,
    headKnown: task !== null,
  };
}

const PHASES = ['before', 'after'];

const inOrder = (a: AuditEntry, b: AuditEntry): number =>
  a.step - b.step || a.epoch - b.epoch || PHASES.indexOf(a.phase) - PHASES.indexOf(b.phase);

interface End {
  readonly findings: readonly AuditFinding[];
  /** What became of an outcome at the very end. */
  readonly counted?: AuditEntry | undefined;
  readonly uncounted?: AuditEntry | undefined;
  readonly announced?: AuditEntry | undefined;
}

/** Nobody knows whether the last outcome counted: it is taken for counted. */
const openEnd = ({ outcome }: Walked): End => ({ findings: [], counted: outcome?.entry });

function holdAgainst(ids: Digests, walked: Walked, { head, ended }: KnownTask): End {
  const { outcome, tip, passed } = walked;
  const hash = head?.hash;
  if (hash === undefined ? passed.size === 0 : hash === outcome?.hash) return { findings: [], counted: outcome?.entry };
  if (hash === tip) return { findings: [], uncounted: outcome?.entry };
  if (head?.announced && entryHash(ids, head.announced) === hash) {
    const { previous } = head.announced;
    if (previous === outcome?.hash) return { findings: [], counted: outcome.entry, announced: head.announced };
    if (previous === tip) return { findings: [], uncounted: outcome?.entry, announced: head.announced };
  }
  const known = hash === undefined || passed.has(hash);
  if (known && !ended) return { findings: [], counted: outcome?.entry };
  const last = outcome?.entry ?? walked.chain.at(-1);
  const finding: AuditFinding =
    known && last ? { fault: 'beyond-end', place: placeOf(last) } : { fault: 'missing-end', place: null };
  return { findings: [finding], counted: outcome?.entry };
}
